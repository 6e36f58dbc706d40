"""The outcome: written once, by the attempt that owns the row, and over nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from pharmasync.decisions.outcome import Outcome, delivered, refused
from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.row import BegunRow
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.outcome import Answered, WriteOutcomes
from pharmasync.words import Words
from tests.claiming import claim_due
from tests.pharmacy import Pharmacy, Worker

pytestmark = pytest.mark.integration


def begun(sql: SqlServer, pharmacy: Pharmacy, kind: DocumentType = SALES_INVOICE) -> BegunRow:
    row = Worker.alone(sql).begin(kind, pharmacy.add(kind, "A1", status="SYNC_QUEUED"))
    assert row is not None
    return row


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_delivered_document_has_its_national_id(sql: SqlServer, pharmacy: Pharmacy, kind: DocumentType) -> None:
    row = begun(sql, pharmacy, kind)
    assert Worker.alone(sql).write(row, delivered("QG_1"))
    written = pharmacy.row(kind, row.id)
    assert (written["status"], written[kind.national_id], written["sync_due_at"]) == ("SYNC_SUCCESS", "QG_1", None)
    assert written["sync_response_message"] is None


def test_a_refusal_says_why_and_keeps_a_national_id_that_was_there(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.set(SALES_INVOICE, row.id, national_invoice_id="QG_OLD")
    assert Worker.alone(sql).write(row, refused("dòng 1: thiếu số lô / line 1: lot number is missing"))
    written = pharmacy.row(SALES_INVOICE, row.id)
    assert written["status"] == "SYNC_FAILED"
    assert written["sync_response_message"] == "dòng 1: thiếu số lô / line 1: lot number is missing"
    assert written["national_invoice_id"] == "QG_OLD"


def test_a_wait_is_counted_by_the_database_clock(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    assert Worker.alone(sql).write(row, Outcome(name="later", status=Status.PENDING, message="503", due_in=90.5))
    due = pharmacy.row(SALES_INVOICE, row.id)["sync_due_at"]
    assert isinstance(due, datetime)
    wait = due - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(seconds=80) < wait < timedelta(seconds=91)


def test_an_attempt_that_does_not_count_leaves_the_count_as_it_was(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    assert pharmacy.row(SALES_INVOICE, row.id)["sync_attempts"] == 1
    assert Worker.alone(sql).write(row, Outcome(name="held_back", status=Status.PENDING, counted=False))
    assert pharmacy.row(SALES_INVOICE, row.id)["sync_attempts"] == 0


def test_an_answer_that_comes_after_the_lease_ended_is_still_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.make_due(SALES_INVOICE, row.id)
    claim_due(sql, SALES_INVOICE, "S1")
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_UNCERTAIN"
    assert Worker.alone(sql).write(row, delivered("QG_1"))
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_SUCCESS"


def test_an_answer_that_comes_after_another_worker_began_is_not_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row = begun(sql, pharmacy)
    pharmacy.make_due(SALES_INVOICE, row.id)
    claim_due(sql, SALES_INVOICE, "S1")
    other = Worker.alone(sql).begin(SALES_INVOICE, row.id, 1)
    assert other is not None
    assert not Worker.alone(sql).write(row, refused("too late"))
    assert Worker.alone(sql).write(other, delivered("QG_1"))
    assert pharmacy.status(SALES_INVOICE, row.id) == "SYNC_SUCCESS"


@pytest.mark.parametrize("final", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_a_final_row_is_never_written_over(sql: SqlServer, pharmacy: Pharmacy, final: str) -> None:
    row = begun(sql, pharmacy)
    pharmacy.set(SALES_INVOICE, row.id, status=final)
    assert not Worker.alone(sql).write(row, refused("too late"))
    assert pharmacy.status(SALES_INVOICE, row.id) == final


def test_outcomes_of_many_rows_are_written_together_each_with_its_own_words(sql: SqlServer, pharmacy: Pharmacy) -> None:
    worker = Worker.alone(sql)
    outcomes = [
        delivered("QG_1"),
        delivered("QG_2"),
        delivered("QG_3", Words("ghi chú", "a note")),
        refused("thiếu số lô"),
        refused("thiếu liều dùng"),
        Outcome(name="later", status=Status.PENDING, message="503", due_in=10),
        Outcome(name="later", status=Status.PENDING, message="503", due_in=1000),
        Outcome(name="held_back", status=Status.PENDING, counted=False),
    ]
    rows = [
        worker.begin(kind, pharmacy.add(kind, f"A{number}", status="SYNC_QUEUED"))
        for kind in DOCUMENT_TYPES
        for number, _ in enumerate(outcomes)
    ]
    wanted = [Answered(row, outcome) for row, outcome in zip(rows, outcomes * len(DOCUMENT_TYPES), strict=True) if row]
    pharmacy.set(wanted[0].row.kind, wanted[0].row.id, sync_attempts=7)
    errand = WriteOutcomes()
    question = errand.ask(wanted)
    assert len(question.statements) < len(wanted)
    written = errand.deal(wanted, sql.run(question.text, question.parameters))
    assert written == [False] + [True] * (len(wanted) - 1)
    assert pharmacy.status(wanted[0].row.kind, wanted[0].row.id) == "SYNC_SENDING"
    for one in wanted[1:]:
        row = pharmacy.row(one.row.kind, one.row.id)
        assert row["status"] == one.outcome.status.value
        assert row[one.row.kind.national_id] == one.outcome.national_id
        assert row["sync_response_message"] == one.outcome.message
        assert row["sync_attempts"] == (1 if one.outcome.counted else 0)
        assert (row["sync_due_at"] is None) is (one.outcome.due_in is None)
    short, long = (pharmacy.row(one.row.kind, one.row.id)["sync_due_at"] for one in wanted[-3:-1])
    assert isinstance(short, datetime)
    assert isinstance(long, datetime)
    assert long - short > timedelta(seconds=900)


def test_outcomes_that_differ_in_one_thing_alone_are_each_written_as_they_are(
    sql: SqlServer, pharmacy: Pharmacy
) -> None:
    later = Outcome(name="later", status=Status.PENDING, message="503", due_in=10.0)
    outcomes = [
        (1, delivered(None)),
        (1, delivered("QG_1")),
        (1, Outcome(name="refused", status=Status.FAILED)),
        (1, Outcome(name="given_up", status=Status.FAILED, due_in=10.0)),
        (1, later),
        (4, later),
        (1, evolve(later, counted=False)),
        (1, evolve(later, status=Status.UNCERTAIN)),
    ]
    worker, wanted = Worker.alone(sql), []
    for number, (attempt, outcome) in enumerate(outcomes):
        row_id = pharmacy.add(SALES_INVOICE, f"A{number}", status="SYNC_QUEUED", sync_attempts=attempt - 1)
        row = worker.begin(SALES_INVOICE, row_id, attempt - 1)
        assert row is not None
        wanted.append(Answered(row, outcome))
    errand = WriteOutcomes()
    question = errand.ask(wanted)
    assert errand.deal(wanted, sql.run(question.text, question.parameters)) == [True] * len(wanted)
    for one, (attempt, outcome) in zip(wanted, outcomes, strict=True):
        written = pharmacy.row(SALES_INVOICE, one.row.id)
        assert written["status"] == outcome.status.value
        assert written["national_invoice_id"] == outcome.national_id
        assert written["sync_attempts"] == (attempt if outcome.counted else attempt - 1)
        assert (written["sync_due_at"] is None) is (outcome.due_in is None)


@pytest.mark.parametrize(
    ("counted", "repeatable"), [([True, True], True), ([False], False), ([True, False], False), ([False, True], False)]
)
def test_an_outcome_that_takes_its_attempt_back_is_never_asked_for_again(
    sql: SqlServer, pharmacy: Pharmacy, counted: list[bool], *, repeatable: bool
) -> None:
    row = begun(sql, pharmacy)
    wanted = [Answered(row, Outcome(name="held_back", status=Status.PENDING, counted=each)) for each in counted]
    assert WriteOutcomes().ask(wanted).repeatable is repeatable
