"""What a failed attempt does to its row. ``Rows`` stands in for SQL Server: it records what is written."""

import logging
from collections.abc import Callable

import pytest
from attrs import define, field
from dramatiq import Middleware

from pharmasync.decisions.outcome import Outcome, delivered
from pharmasync.decisions.pauses import Pauses
from pharmasync.decisions.status import Status
from pharmasync.errors import (
    LostAnswerError,
    RefusedError,
    ServerAwayError,
    ShopPausedError,
    StatementError,
    UnavailableError,
)
from pharmasync.in_hand import InHand
from pharmasync.middleware import Retries
from pharmasync.row import BegunRow
from pharmasync.words import Words

Processed = Callable[[Middleware, BaseException | None], None]
RowBegun = Callable[[int, Status], BegunRow]

WORDS = Words("lý do", "the reason")
PAUSES = Pauses(first=30.0, uncertain=60.0, attempts=3)


@define
class Rows:
    """Records outcomes; ``takes`` says whether the row is still this attempt's."""

    takes: bool = True
    written: list[tuple[BegunRow, Outcome]] = field(factory=list)

    def write(self, row: BegunRow, outcome: Outcome) -> bool:
        self.written.append((row, outcome))
        return self.takes


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def retries(rows: Rows) -> Retries:
    return Retries(rows.write, PAUSES)


@pytest.mark.parametrize(
    ("error", "attempt", "previous", "name", "status"),
    [
        (RefusedError(WORDS), 1, Status.QUEUED, "refused", Status.FAILED),
        (LostAnswerError(WORDS), 1, Status.QUEUED, "uncertain", Status.UNCERTAIN),
        (UnavailableError(WORDS), 1, Status.QUEUED, "later", Status.PENDING),
        (UnavailableError(WORDS), 2, Status.UNCERTAIN, "later", Status.UNCERTAIN),
        (UnavailableError(WORDS), 3, Status.QUEUED, "given_up", Status.FAILED),
        (ShopPausedError(WORDS), 1, Status.QUEUED, "held_back", Status.PENDING),
        (ShopPausedError(WORDS), 1, Status.UNCERTAIN, "held_back", Status.UNCERTAIN),
        (ValueError("x"), 1, Status.QUEUED, "bug", Status.FAILED),
    ],
)
def test_the_outcome_of_a_failed_attempt_is_written_to_its_row(  # noqa: PLR0913, PLR0917 - the table's columns
    held: InHand,
    rows: Rows,
    retries: Retries,
    processed: Processed,
    row_begun: RowBegun,
    error: Exception,
    attempt: int,
    previous: Status,
    name: str,
    status: Status,
) -> None:
    held.row = row_begun(attempt, previous)

    processed(retries, error)

    [(row, outcome)] = rows.written
    assert row is held.row
    assert (outcome.name, outcome.status) == (name, status)
    assert held.outcome is outcome
    assert held.written


def test_the_pause_is_jittered(
    held: InHand, rows: Rows, retries: Retries, processed: Processed, row_begun: RowBegun
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    for _ in range(50):
        processed(retries, UnavailableError(WORDS))
    pauses = [outcome.due_in for _, outcome in rows.written]
    assert all(pause is not None and 15.0 <= pause < 30.0 for pause in pauses)
    assert len(set(pauses)) > 1


@pytest.mark.parametrize(("sent", "due_in"), [(False, None), (True, 0.0)])
def test_a_bug_after_a_call_was_made_leaves_the_row_in_doubt(  # noqa: PLR0913 - two of them are the table's columns
    held: InHand,
    rows: Rows,
    retries: Retries,
    processed: Processed,
    row_begun: RowBegun,
    *,
    sent: bool,
    due_in: float | None,
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    held.sent = sent
    processed(retries, ValueError("x"))
    assert rows.written[0][1].due_in == due_in


def test_a_lease_that_ended_before_is_seen(
    held: InHand, rows: Rows, retries: Retries, processed: Processed, row_begun: RowBegun
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    rows.takes = False
    processed(retries, RefusedError(WORDS))
    assert held.outcome is not None
    assert not held.written


@pytest.mark.parametrize("error", [ServerAwayError("SQL Server", "gone"), StatementError("no such column")])
def test_a_row_is_left_to_its_lease_where_a_server_of_ours_is_away(  # noqa: PLR0913, PLR0917 - fixtures
    held: InHand,
    rows: Rows,
    retries: Retries,
    processed: Processed,
    row_begun: RowBegun,
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    with caplog.at_level(logging.WARNING):
        processed(retries, error)
    assert rows.written == []
    assert held.outcome is None
    assert caplog.messages == [f"sales_invoice HD-001 is left to its lease: {error}"]


def test_an_attempt_that_did_not_fail_is_let_alone(
    held: InHand, rows: Rows, retries: Retries, processed: Processed, row_begun: RowBegun
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    held.outcome = delivered("HD_QG_1")
    processed(retries, None)
    assert rows.written == []
    assert held.outcome == delivered("HD_QG_1")


def test_a_message_that_began_no_row_touches_none(
    held: InHand, rows: Rows, retries: Retries, processed: Processed
) -> None:
    processed(retries, ValueError("x"))
    assert rows.written == []
    assert held.outcome is None


def test_a_national_id_that_could_not_be_written_is_told_in_the_log(
    held: InHand, retries: Retries, processed: Processed, row_begun: RowBegun, caplog: pytest.LogCaptureFixture
) -> None:
    held.row = row_begun(1, Status.QUEUED)
    held.outcome = delivered("HD_QG_1")
    with caplog.at_level(logging.WARNING):
        processed(retries, ServerAwayError("SQL Server", "gone"))
    assert "HD_QG_1" in caplog.text
    assert held.outcome == delivered("HD_QG_1")
