"""What the journal is told. ``Journal`` stands in for its writer: it records the entries and whether it was closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import pytest
from attrs import define, evolve, field
from dramatiq import Broker, Middleware, Worker

from pharmasync.decisions.outcome import Outcome, delivered, refused
from pharmasync.decisions.status import Status
from pharmasync.errors import (
    KNOWN_OUTAGE,
    AccountMissingError,
    DeliveryError,
    LostAnswerError,
    RefusedError,
    ServerAwayError,
)
from pharmasync.in_hand import InHand
from pharmasync.journal import Attempt, Entry, Failure, JournalWriter, Resolution
from pharmasync.middleware import Journalling
from pharmasync.row import BegunRow

Processed = Callable[[Middleware, BaseException | None], None]
RowBegun = Callable[[int, Status], BegunRow]

NOW = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
STARTED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = Outcome(name="later", status=Status.PENDING, message="503", due_in=30.0)
GIVEN_UP = Outcome(name="given_up", status=Status.FAILED, message="given up: lost", due_in=0.0)
HELD_BACK = Outcome(name="held_back", status=Status.PENDING, message="no account", counted=False)
REFUSAL = RefusedError("Mã phiếu trống", http_status=400)


@define
class Journal:
    """Records entries."""

    entries: list[Entry] = field(factory=list)
    closed: list[float] = field(factory=list)

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)

    def close(self, timeout: float) -> None:
        self.closed.append(timeout)

    @property
    def attempt(self) -> Attempt:
        entry = self.entries[0]
        assert isinstance(entry, Attempt)
        return entry


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def journalling(journal: Journal) -> Journalling:
    personal = frozenset({"ho_ten_khach_hang"})
    return Journalling(cast(JournalWriter, journal), personal, clock=lambda: NOW)


@pytest.fixture
def begun(held: InHand, row_begun: RowBegun) -> InHand:
    """A message in hand whose row was begun for the third time."""
    held.row = row_begun(3, Status.QUEUED)
    return held


def test_a_message_that_began_no_row_is_no_attempt(
    held: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    assert held.row is None
    processed(journalling, None)
    processed(journalling, ValueError("x"))
    assert journal.entries == []


def test_a_delivered_document_is_an_attempt_and_resolves_its_failures(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    begun.outcome, begun.written, begun.http_status = delivered("HD_QG_1"), True, 200

    processed(journalling, None)

    assert evolve(journal.attempt, duration_ms=0.0) == Attempt(
        message_id="m-1",
        document_type="sales_invoice",
        business_id="HD-001",
        shop_id="S1",
        queue="sale_queue",
        attempt=3,
        outcome="delivered",
        national_id="HD_QG_1",
        error_class=None,
        http_status=200,
        duration_ms=0.0,
        started_at=STARTED_AT,
        completed_at=NOW,
    )
    assert journal.entries[1:] == [
        Resolution(document_type="sales_invoice", business_id="HD-001", shop_id="S1", resolved_at=NOW)
    ]


def test_a_refused_document_is_an_attempt_and_a_failure_with_the_masked_document(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    payload: dict[str, object] = {"ma_hoa_don": "HD-001", "ho_ten_khach_hang": "Nguyễn Văn Mua"}
    begun.payload = lambda: payload
    begun.outcome, begun.written = refused(REFUSAL), True

    processed(journalling, REFUSAL)

    assert journal.attempt.outcome == "refused"
    assert journal.attempt.error_class == "RefusedError"
    assert journal.attempt.http_status == 400
    assert journal.entries[1:] == [
        Failure(
            document_type="sales_invoice",
            business_id="HD-001",
            shop_id="S1",
            queue="sale_queue",
            error_class="RefusedError",
            error_message="Mã phiếu trống",
            payload={"ma_hoa_don": "HD-001", "ho_ten_khach_hang": "***"},
            attempts=3,
            failed_at=NOW,
        )
    ]
    assert payload["ho_ten_khach_hang"] == "Nguyễn Văn Mua"


@pytest.mark.parametrize("named", [None, 400])
def test_the_status_is_that_of_the_answer_that_the_error_names_or_the_last_ones(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed, named: int | None
) -> None:
    begun.http_status = 409
    processed(journalling, RefusedError("no", http_status=named))
    assert journal.attempt.http_status == (named or 409)


@pytest.mark.parametrize("error", KNOWN_OUTAGE)
def test_of_an_outage_that_is_known_nothing_is_told(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed, error: type[DeliveryError]
) -> None:
    begun.outcome, begun.written = LATER, True
    processed(journalling, error("down"))
    assert journal.entries == []


@pytest.mark.parametrize("before", [None, "another reason", "no account"])
def test_a_row_that_is_held_back_is_told_of_once_for_each_reason(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed, before: str | None
) -> None:
    assert begun.row is not None
    begun.row = evolve(begun.row, message=before)
    begun.outcome, begun.written = HELD_BACK, True
    processed(journalling, AccountMissingError("no account"))
    assert [type(entry) for entry in journal.entries] == ([] if before == "no account" else [Attempt])


def test_an_attempt_that_counts_is_told_of_however_often_it_ends_in_the_same_way(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    assert begun.row is not None
    begun.row = evolve(begun.row, message=LATER.message)
    begun.outcome, begun.written = LATER, True
    processed(journalling, LostAnswerError("lost"))
    assert len(journal.entries) == 1


def test_a_row_that_failed_before_it_was_built_has_no_document(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    begun.outcome, begun.written = refused(REFUSAL), True
    processed(journalling, REFUSAL)
    [failure] = journal.entries[1:]
    assert isinstance(failure, Failure)
    assert failure.payload is None


def test_a_row_that_was_given_up_is_a_failure(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    begun.outcome, begun.written = GIVEN_UP, True
    processed(journalling, LostAnswerError("lost"))
    [failure] = journal.entries[1:]
    assert isinstance(failure, Failure)
    assert (failure.error_class, failure.error_message) == ("LostAnswerError", "given up: lost")


def test_a_row_that_is_sent_later_is_an_attempt_and_nothing_else(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    begun.outcome, begun.written = LATER, True
    processed(journalling, LostAnswerError("lost"))
    assert [type(entry) for entry in journal.entries] == [Attempt]
    assert journal.attempt.outcome == "later"


@pytest.mark.parametrize("outcome", [delivered("HD_QG_1"), refused("no"), GIVEN_UP, LATER], ids=lambda o: o.name)
def test_an_outcome_that_came_too_late_is_told_as_that_and_says_nothing_about_the_row(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed, outcome: Outcome
) -> None:
    begun.outcome, begun.written = outcome, False
    processed(journalling, None)
    assert [type(entry) for entry in journal.entries] == [Attempt]
    assert journal.attempt.outcome == "too_late"
    assert journal.attempt.national_id == outcome.national_id


def test_a_row_that_is_left_to_its_lease_is_an_attempt(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    assert begun.outcome is None
    processed(journalling, ServerAwayError("SQL Server", "gone"))
    assert [type(entry) for entry in journal.entries] == [Attempt]
    assert journal.attempt.outcome == "left_to_lease"
    assert journal.attempt.error_class == "ServerAwayError"
    assert journal.attempt.http_status is None


def test_the_duration_is_counted_in_milliseconds_from_the_start(
    begun: InHand, journal: Journal, journalling: Journalling, processed: Processed
) -> None:
    begun.started -= 2.5
    processed(journalling, None)
    assert 2500.0 <= journal.attempt.duration_ms < 12_500.0


def test_what_is_waiting_is_written_when_the_worker_stops(
    broker: Broker, journal: Journal, journalling: Journalling
) -> None:
    journalling.after_worker_shutdown(broker, Worker(broker))
    assert journal.closed == [10.0]
