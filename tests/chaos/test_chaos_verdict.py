"""The verdict cannot be talked into four zeros."""

from datetime import datetime

import pytest
from attrs import evolve

from pharmasync.decisions.status import OPEN, Status
from pharmasync.sandbox.demo.verdict import ExpectedDocument, FoundRow, HeldDocument
from tests.chaos.journal import JournalledAttempt
from tests.chaos.verdict import Evidence, Finding, judge

LINES = (("DQGM000001", 10), ("DQGM000002", 3))

DOCUMENT = ExpectedDocument(kind="sales_invoice", id=1, shop="NT01", facility="01-1037", code="HD000001", drugs=LINES)
ROW = FoundRow(kind="sales_invoice", id=1, status=Status.SUCCESS, national_id="HD_QG_00000001")
HELD = HeldDocument(
    kind="sales_invoice", facility="01-1037", code="HD000001", national_ids=("HD_QG_00000001",), drugs=LINES
)
ATTEMPT = JournalledAttempt(
    kind="sales_invoice",
    shop="NT01",
    code="HD000001",
    outcome="delivered",
    national_id="HD_QG_00000001",
    completed_at=datetime(2026, 11, 20, 18, 30),  # noqa: DTZ001 - as the journal's reader gives it
)
FINE = Evidence(expected=[DOCUMENT], rows=[ROW], held=[HELD], journal=[ATTEMPT])
FAILED_ROW = evolve(ROW, status=Status.FAILED, national_id=None, message="thiếu số lô / lot number is missing")


def sorts(evidence: Evidence) -> list[str]:
    return [finding.sort for finding in judge(evidence)]


def test_a_document_that_is_stored_once_and_known_to_be_is_fine() -> None:
    assert judge(FINE) == []


def test_a_journal_that_lost_an_attempt_is_fine_where_somebody_was_killed() -> None:
    assert judge(evolve(FINE, journal=[])) == []
    assert judge(evolve(FINE, journal_is_whole=True)) == []
    assert sorts(evolve(FINE, journal=[], journal_is_whole=True)) == ["wrong"]


def test_an_attempt_whose_outcome_could_not_be_written_at_once_is_no_gap_in_the_journal() -> None:
    too_late = evolve(ATTEMPT, outcome="too_late")
    assert judge(evolve(FINE, journal=[too_late], journal_is_whole=True)) == []


def test_a_row_that_is_gone_is_lost() -> None:
    assert sorts(evolve(FINE, rows=[], journal=[])) == ["lost"]


def test_a_row_that_counts_as_stored_and_is_not_is_lost() -> None:
    assert sorts(evolve(FINE, held=[])) == ["lost"]


def test_a_sound_document_that_counts_as_failed_is_lost() -> None:
    assert judge(Evidence(expected=[DOCUMENT], rows=[FAILED_ROW], held=[])) == [
        Finding("lost", f"{DOCUMENT}: it is sound and counts as failed: {FAILED_ROW.message}")
    ]


def test_a_faulty_document_that_is_refused_is_fine() -> None:
    assert judge(Evidence(expected=[evolve(DOCUMENT, sound=False)], rows=[FAILED_ROW], held=[])) == []


def test_a_faulty_document_that_counts_as_stored_is_wrong() -> None:
    assert sorts(evolve(FINE, expected=[evolve(DOCUMENT, sound=False)])) == ["wrong"]


@pytest.mark.parametrize("sound", [True, False])
def test_a_document_that_is_stored_and_counts_as_failed_is_wrong(sound: bool) -> None:  # noqa: FBT001 - parametrized
    document = evolve(DOCUMENT, sound=sound)
    assert sorts(Evidence(expected=[document], rows=[FAILED_ROW], held=[HELD])) == ["wrong"]


def test_a_document_that_is_stored_twice_is_doubled() -> None:
    twice = evolve(HELD, national_ids=(*HELD.national_ids, "HD_QG_00000002"))
    assert sorts(evolve(FINE, held=[twice])) == ["doubled"]


def test_another_documents_id_is_wrong() -> None:
    row = evolve(ROW, national_id="HD_QG_99999999")
    assert sorts(evolve(FINE, rows=[row], journal=[])) == ["wrong"]


def test_other_lines_under_the_code_are_wrong() -> None:
    assert sorts(evolve(FINE, held=[evolve(HELD, drugs=LINES[:1])])) == ["wrong"]


def test_a_document_that_nobody_loaded_is_wrong() -> None:
    stranger = evolve(HELD, code="HD000009", national_ids=("HD_QG_00000009",))
    assert sorts(evolve(FINE, held=[HELD, stranger])) == ["wrong"]


def test_two_rows_with_one_national_id_are_wrong() -> None:
    other = evolve(DOCUMENT, id=2, code="HD000002")
    evidence = evolve(
        FINE, expected=[DOCUMENT, other], rows=[ROW, evolve(ROW, id=2)], held=[HELD, evolve(HELD, code="HD000002")]
    )
    assert sorts(evidence) == ["wrong"]


@pytest.mark.parametrize("status", OPEN)
def test_a_row_that_is_still_open_is_stuck(status: Status) -> None:
    row = evolve(ROW, status=status, national_id=None)
    assert sorts(Evidence(expected=[DOCUMENT], rows=[row], held=[])) == ["stuck"]
    assert sorts(Evidence(expected=[DOCUMENT], rows=[row], held=[], paused=["NT01"])) == ["stuck"]


@pytest.mark.parametrize("status", OPEN)
def test_a_row_of_a_shop_that_is_paused_for_its_wrong_password_waits(status: Status) -> None:
    row = evolve(ROW, status=status, national_id=None)
    locked_out = evolve(DOCUMENT, shop_can_log_in=False)
    assert sorts(Evidence(expected=[locked_out], rows=[row], held=[], paused=["NT01"])) == []
    assert sorts(Evidence(expected=[locked_out], rows=[row], held=[])) == ["stuck"]


@pytest.mark.parametrize("row", [FAILED_ROW, evolve(ROW, national_id="HD_QG_00000007")])
def test_a_delivery_in_the_journal_that_its_row_does_not_know_is_wrong(row: FoundRow) -> None:
    evidence = evolve(FINE, rows=[row], held=[], expected=[evolve(DOCUMENT, sound=False)])
    assert "wrong" in sorts(evidence)
    assert any("the journal has" in finding.words for finding in judge(evidence))


def test_two_deliveries_of_one_document_in_the_journal_are_wrong() -> None:
    assert sorts(evolve(FINE, journal=[ATTEMPT, ATTEMPT])) == ["wrong"]


def test_other_attempts_in_the_journal_say_nothing() -> None:
    assert judge(evolve(FINE, journal=[evolve(ATTEMPT, outcome="uncertain", national_id=None), ATTEMPT])) == []


def test_a_locked_account_is_wrong() -> None:
    assert sorts(evolve(FINE, locked=["nhathuoc01"])) == ["wrong"]
