"""What must be true of every change of a row, whoever makes it. Source: contract, "The state of a row"."""

from collections import Counter
from collections.abc import Collection, Iterable
from enum import Enum

from pharmasync.decisions.status import Status
from pharmasync.sandbox.national.store import StoredDocument
from tests.properties.rows import Document, Key, Rows, RowState

PENDING, QUEUED, SENDING, UNCERTAIN, SUCCESS, FAILED = Status


class Who(Enum):
    """Who makes a move."""

    PHARMACY = "a pharmacy inserts a row"
    PRODUCER = "a producer claims rows or hands them back"
    BEGIN = "a worker begins a row"
    OUTCOME = "a worker writes an outcome"
    PAUSE = "an operator, or a worker whose login was refused, pauses a shop"
    RESUME = "an operator resumes a shop"
    RETRY = "an operator lets failed rows be sent again"
    LEASES = "a lease is renewed"
    TIME = "time passes"


MOVES: dict[Who, set[tuple[Status, Status]]] = {
    Who.PHARMACY: set(),
    Who.PRODUCER: {
        (PENDING, QUEUED),
        (QUEUED, QUEUED),
        (SENDING, UNCERTAIN),
        (UNCERTAIN, UNCERTAIN),
        (QUEUED, PENDING),
    },
    Who.BEGIN: {(QUEUED, SENDING), (UNCERTAIN, SENDING)},
    Who.OUTCOME: {(old, new) for old in (SENDING, UNCERTAIN) for new in (PENDING, UNCERTAIN, SUCCESS, FAILED)},
    Who.PAUSE: {(QUEUED, PENDING)},
    Who.RESUME: set(),
    Who.RETRY: {(FAILED, PENDING), (FAILED, UNCERTAIN)},
    Who.LEASES: {(SENDING, SENDING)},
    Who.TIME: {(status, status) for status in (PENDING, QUEUED, SENDING, UNCERTAIN)},
}
"""Who may change what; a final state is left by an operator's retry alone, and a doubt is ended by an outcome alone."""

LONGEST_WAIT_SECONDS = 3700.0
"""The longest pause and the longest lease of the settings that examples have, and a little."""


def named(who: Who, before: Status, after: Status) -> str:
    """A change in words."""
    return f"{who.value}: {before} became {after}"


def no_row_vanishes(before: Rows, after: Rows) -> None:
    """A row that was there is there."""
    assert set(before) <= set(after), "a row vanished"


def the_move_is_allowed(who: Who, before: RowState, after: RowState) -> None:
    """Every change is one that the table above knows."""
    assert (before.status, after.status) in MOVES[who], named(who, before.status, after.status)


def attempts_are_counted(who: Who, before: RowState, after: RowState, *, handed_back: bool) -> None:
    """Attempts grow by one with a begin and never fall.

    But an attempt whose outcome says that it does not count takes itself back, and nothing else.
    """
    expected = before.attempts
    if who is Who.BEGIN:
        expected += 1
    elif who is Who.OUTCOME and handed_back:
        expected -= 1
    assert after.attempts == expected, f"{who.value}: {before.attempts} attempts became {after.attempts}"


def an_open_row_has_a_time(row: RowState) -> None:
    """Nothing waits for somebody who may never come: who is waited for has a lease, and no wait is without end."""
    if row.status in {QUEUED, SENDING}:
        assert row.due is not None, f"{row.status} without a lease"
    if row.is_open:
        assert row.due_in < LONGEST_WAIT_SECONDS, f"{row.status} waits for {row.due_in:.0f} s"


def what_is_delivered_is_stored(row: RowState, document: Document, stored: StoredDocument | None) -> None:
    """A delivered row has a national id, and the API holds this row's document under it, not a twin's."""
    if row.status is SUCCESS:
        assert stored is not None, f"{document} is delivered, and nothing is stored"
        assert row.national_id in stored.national_ids, f"{document} is delivered, with the id {row.national_id}"
        assert document.mark in stored.raw_body.decode(), f"{document} is delivered, and its twin is stored"


def nothing_is_stored_twice(doubled: Collection[object]) -> None:
    """The promise, but for the one named exception."""
    assert not doubled, f"stored twice: {doubled}"


def one_worker_may_send(rows: Iterable[Key]) -> None:
    """Of all the workers that may still send and have a sound lease, each has a row of its own."""
    shared = [row for row, workers in Counter(rows).items() if workers > 1]
    assert not shared, f"two workers may send: {shared}"


def it_came_to_rest(row: RowState, *, paused: bool) -> None:
    """In a kind world every row ends, unless its shop is paused; one that failed says why."""
    assert paused or not row.is_open, f"{row} did not come to rest"
    if row.status is FAILED:
        assert row.message, f"{row} failed without a word"


def what_failed_is_not_stored(row: RowState, document: Document, stored: StoredDocument | None) -> None:
    """A failed row is stored only where it says that it may be: nobody may think that it is not."""
    if row.status is FAILED and row.due is None and stored is not None:
        assert document.mark not in stored.raw_body.decode(), f"{document} failed without a doubt, and is stored"
