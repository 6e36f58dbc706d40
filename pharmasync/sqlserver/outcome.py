"""The outcomes of attempts, written to their rows, many in one round trip."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.status import ANSWERED_FROM, SET_BACK, Status
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import Row
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.statements import IN_SECONDS, NOW, listed, milliseconds, padded, places


@frozen
class Answered:
    """A row and what came of its attempt."""

    row: BegunRow
    outcome: Outcome


@frozen
class WriteOutcomes:
    """Writes outcomes: an errand that gives False where the lease ended and the row was begun anew.

    Such a row is no longer this attempt's. Where the errand fails nothing was written: the lease runs out and the row
    is found out about.

    An outcome that takes its attempt back is written at most once, and never asked for again where its answer was lost:
    the row may have been begun anew by then, with the same number of attempts.
    """

    def ask(self, wanted: Sequence[Answered]) -> Question:
        """An UPDATE for all rows of a type that get the same status after the same number of attempts."""
        statements: list[str] = []
        parameters: list[Any] = []
        for group in _alike(wanted):
            statement, values = _update(padded(group))
            statements.append(statement)
            parameters += values
        return Question(statements, parameters, repeatable=all(one.outcome.counted for one in wanted))

    def deal(self, wanted: Sequence[Answered], results: Sequence[Sequence[Row]]) -> list[bool]:
        """Whether each outcome was written."""
        written = {
            (group[0].row.kind.name, int(str(row["id"])), group[0].row.attempt)
            for group, rows in zip(_alike(wanted), results, strict=True)
            for row in rows
        }
        return [(one.row.kind.name, one.row.id, one.row.attempt) in written for one in wanted]


@frozen
class NoteStored:
    """Notes that a document is stored, or may be, where its owner set the row back while it was being sent.

    Such a row waits to be sent as it is now, and nothing in it tells that it was sent before: it would be posted again.
    With its national id, what is stored is corrected; without one it is found out about. It is an errand that gives
    False where the row is another attempt's, or nobody's.
    """

    def ask(self, wanted: Sequence[Answered]) -> Question:
        """An UPDATE for each."""
        notes = [_note(one) for one in wanted]
        return Question([statement for statement, _ in notes], [value for _, values in notes for value in values])

    def deal(self, wanted: Sequence[Answered], results: Sequence[Sequence[Row]]) -> list[bool]:
        """Whether each was noted."""
        return [bool(rows) for _, rows in zip(wanted, results, strict=True)]


def _note(one: Answered) -> tuple[str, tuple[object, ...]]:
    row, outcome = one.row, one.outcome
    values: tuple[object, ...]
    if outcome.status is Status.SUCCESS and outcome.national_id is not None:
        note, values = f"{row.kind.national_id} = %s", (outcome.national_id,)
    else:
        note = f"status = %s, sync_due_at = {IN_SECONDS}"
        values = (Status.UNCERTAIN.value, milliseconds(outcome.due_in or 0))
    statement = (
        f"UPDATE {row.kind.table} SET {note}, updated_at = {NOW} OUTPUT inserted.id"
        f" WHERE id = %d AND sync_attempts = %d AND status IN ({places(SET_BACK)})"
    )
    return statement, (*values, row.id, row.attempt, *listed(SET_BACK))


def _alike(wanted: Iterable[Answered]) -> list[list[Answered]]:
    groups: dict[tuple[object, ...], list[Answered]] = {}
    for one in wanted:
        row, outcome = one.row, one.outcome
        empty = (outcome.national_id is None, outcome.due_in is None)
        groups.setdefault((row.kind.name, row.attempt, outcome.status, outcome.counted, *empty), []).append(one)
    return list(groups.values())


def _update(group: Sequence[Answered]) -> tuple[str, tuple[object, ...]]:
    """The UPDATE for outcomes that are alike; its OUTPUT names the rows that were still their attempts'."""
    row, outcome = group[0].row, group[0].outcome
    message, message_values = _each(group, "%s", [one.outcome.message for one in group])
    assignments = ["status = %s", f"sync_response_message = {message}"]
    values: list[object] = [outcome.status.value, *message_values]
    if outcome.national_id is not None:
        national_id, national_values = _each(group, "%s", [one.outcome.national_id for one in group])
        assignments.append(f"{row.kind.national_id} = {national_id}")
        values += national_values
    if outcome.due_in is not None:
        wait, wait_values = _each(group, "%d", [milliseconds(one.outcome.due_in or 0) for one in group])
        assignments.append(f"sync_due_at = DATEADD(MILLISECOND, {wait}, {NOW})")
        values += wait_values
    else:
        assignments.append("sync_due_at = NULL")
    ids = [one.row.id for one in group]
    statement = (
        f"UPDATE {row.kind.table} SET {', '.join(assignments)}, sync_attempts = %d, updated_at = {NOW}"
        f" OUTPUT inserted.id WHERE id IN ({places(ids)})"
        f" AND sync_attempts = %d AND status IN ({places(ANSWERED_FROM)})"
    )
    attempts = row.attempt if outcome.counted else row.attempt - 1
    return statement, (*values, attempts, *ids, row.attempt, *listed(ANSWERED_FROM))


def _each(group: Sequence[Answered], place: str, values: Sequence[object]) -> tuple[str, list[object]]:
    """An expression that gives each row its own value, and its parameters."""
    if len(set(values)) == 1:
        return place, [values[0]]
    branches = " ".join(f"WHEN id = %d THEN {place}" for _ in group)
    pairs = [part for one, value in zip(group, values, strict=True) for part in (one.row.id, value)]
    return f"CASE {branches} END", pairs
