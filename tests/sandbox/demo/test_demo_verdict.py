"""The verdict of the demo cannot be talked into "lost 0, doubled 0"."""

from collections.abc import Sequence

import pytest
from attrs import evolve

from pharmasync.decisions.status import OPEN, Status
from pharmasync.sandbox.demo.verdict import (
    DELIVERED,
    REFUSED,
    UNFINISHED,
    WAITING,
    ExpectedDocument,
    FoundRow,
    HeldDocument,
    Verdict,
    judge,
)

LINES = (("DQGM000001", 10), ("DQGM000002", 3))

DOCUMENT = ExpectedDocument(kind="sales_invoice", id=1, shop="NT01", facility="01-1037", code="HD000001", drugs=LINES)
STORED_ROW = FoundRow(kind="sales_invoice", id=1, status=Status.SUCCESS, national_id="HD_QG_00000001")
HELD = HeldDocument(
    kind="sales_invoice", facility="01-1037", code="HD000001", national_ids=("HD_QG_00000001",), drugs=LINES
)
FLAWED = evolve(DOCUMENT, id=2, code="HD000002", sound=False)
REFUSED_ROW = FoundRow(kind="sales_invoice", id=2, status=Status.FAILED, message="thiếu số lô / lot number is missing")
LOCKED_OUT = evolve(DOCUMENT, id=3, shop="NT07", code="HD000003", shop_can_log_in=False)
WAITING_ROW = FoundRow(kind="sales_invoice", id=3, status=Status.PENDING)


def verdict(
    expected: Sequence[ExpectedDocument] = (DOCUMENT,),
    rows: Sequence[FoundRow] = (STORED_ROW,),
    held: Sequence[HeldDocument] = (HELD,),
    paused: Sequence[str] = (),
) -> Verdict:
    return judge(expected, rows, held, paused)


def test_delivered_refused_and_waiting_documents_are_all_accounted_for() -> None:
    found = verdict((DOCUMENT, FLAWED, LOCKED_OUT), (STORED_ROW, REFUSED_ROW, WAITING_ROW), (HELD,), ["NT07"])

    assert found.outcomes["sales_invoice"] == {DELIVERED: 1, REFUSED: 1, WAITING: 1}
    assert found.held == {"sales_invoice": 1}
    assert found.refused == 1
    assert found.reasons == [("thiếu số lô / lot number is missing", 1)]
    assert found.fine
    assert found.line == "lost 0, doubled 0"


def test_a_row_that_counts_as_stored_and_is_not_there_is_lost() -> None:
    found = verdict(held=())

    assert found.line == "lost 1, doubled 0"
    assert "does not have it" in found.lost[0]
    assert not found.fine


@pytest.mark.parametrize("national_id", ["HD_QG_00000002", "HD000001", None])
def test_a_row_with_another_national_id_is_lost(national_id: str | None) -> None:
    assert verdict(rows=(evolve(STORED_ROW, national_id=national_id),)).line == "lost 1, doubled 0"


def test_a_row_whose_code_holds_other_lines_at_the_national_server_is_lost() -> None:
    assert verdict(held=(evolve(HELD, drugs=(("DQGM000009", 1),)),)).line == "lost 1, doubled 0"


def test_a_row_that_is_gone_is_lost_though_nothing_else_is_wrong() -> None:
    found = verdict(rows=(), held=())

    assert found.line == "lost 1, doubled 0"
    assert found.outcomes["sales_invoice"] == {UNFINISHED: 1}


@pytest.mark.parametrize("status", OPEN)
def test_a_row_that_is_not_final_is_lost(status: Status) -> None:
    found = verdict(rows=(FoundRow(kind="sales_invoice", id=1, status=status),), held=())

    assert found.line == "lost 1, doubled 0"
    assert found.outcomes["sales_invoice"] == {UNFINISHED: 1}


def test_pausing_every_shop_does_not_make_waiting_documents_fine() -> None:
    row = FoundRow(kind="sales_invoice", id=1, status=Status.PENDING)

    assert verdict(rows=(row,), held=(), paused=["NT01"]).line == "lost 1, doubled 0"


def test_a_shop_with_a_wrong_password_that_is_not_paused_loses_its_documents() -> None:
    assert verdict((LOCKED_OUT,), (WAITING_ROW,), ()).line == "lost 1, doubled 0"


def test_a_row_of_a_paused_shop_that_is_not_simply_waiting_is_lost() -> None:
    row = evolve(WAITING_ROW, status=Status.UNCERTAIN)

    assert verdict((LOCKED_OUT,), (row,), (), ["NT07"]).line == "lost 1, doubled 0"


def test_a_sound_document_that_was_refused_is_lost() -> None:
    row = FoundRow(kind="sales_invoice", id=1, status=Status.FAILED, message="HTTP 500")

    assert verdict(rows=(row,), held=()).line == "lost 1, doubled 0"


def test_a_document_that_was_stored_twice_is_doubled() -> None:
    found = verdict(held=(evolve(HELD, national_ids=("HD_QG_00000001", "HD_QG_00000002")),))

    assert found.line == "lost 0, doubled 1"
    assert found.held == {"sales_invoice": 2}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SUCCESS])
def test_a_document_that_is_there_though_its_row_is_not_stored_is_doubled(status: Status) -> None:
    rows = (FoundRow(kind="sales_invoice", id=1, status=status),)

    assert len(verdict(rows=rows).doubled) == 1


def test_a_document_that_belongs_to_no_row_is_doubled() -> None:
    stranger = evolve(HELD, code="HD000009", national_ids=("HD_QG_00000009",))

    assert verdict(held=(HELD, stranger)).line == "lost 0, doubled 1"


def test_two_rows_cannot_both_claim_one_document() -> None:
    twin, twin_row = evolve(DOCUMENT, id=9), evolve(STORED_ROW, id=9)

    assert verdict((DOCUMENT, twin), (STORED_ROW, twin_row)).line == "lost 1, doubled 0"


def test_the_same_code_in_another_shop_or_of_another_type_is_another_document() -> None:
    others = (
        evolve(DOCUMENT, id=2, shop="NT02", facility="01-1074"),
        evolve(DOCUMENT, id=1, kind="purchase_receipt"),
    )
    rows = (
        evolve(STORED_ROW, id=2, national_id="HD_QG_00000002"),
        evolve(STORED_ROW, kind="purchase_receipt", national_id="PN_QG_00000001"),
    )
    held = (
        evolve(HELD, facility="01-1074", national_ids=("HD_QG_00000002",)),
        evolve(HELD, kind="purchase_receipt", national_ids=("PN_QG_00000001",)),
    )

    assert verdict((DOCUMENT, *others), (STORED_ROW, *rows), (HELD, *held)).fine
    assert verdict((DOCUMENT, *others), (STORED_ROW, *rows), (HELD, held[1])).line == "lost 1, doubled 0"
