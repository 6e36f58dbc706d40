"""A pharmacy's own software changes a row while its document is on its way, and sets it back to be sent again."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmasync import delivery
from pharmasync.documents import DOCUMENT_TYPES, GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.sandbox.national import PracticeNationalAPI
from tests.pharmacy import Pharmacy
from tests.works import Works, held

pytestmark = pytest.mark.integration

Meanwhile = Callable[[Callable[[], None]], None]

CHANGED = {
    PURCHASE_RECEIPT.name: {"notes": "Sửa Lại"},
    SALES_INVOICE.name: {"customer_name": "Sửa Lại"},
    GOODS_ISSUE_SLIP.name: {"notes": "Sửa Lại"},
}


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets something happen once, after a document was sent and before its outcome is written."""

    def let(happen: Callable[[], None]) -> None:
        left, send = [happen], delivery.send

        def sent(*arguments: Any) -> Any:
            try:
                return send(*arguments)
            finally:
                for each in left:
                    left.remove(each)
                    each()

        monkeypatch.setattr(delivery, "send", sent)

    return let


@pytest.mark.parametrize("state", ["PENDING_SYNC", "SYNC_QUEUED"])
@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_row_that_was_set_back_while_it_was_being_sent_is_corrected_and_not_stored_twice(  # noqa: PLR0913, PLR0917 - two are the test's parameters
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, meanwhile: Meanwhile, kind: DocumentType, state: str
) -> None:
    row_id = pharmacy.add(kind, "A1")
    meanwhile(lambda: pharmacy.set(kind, row_id, status=state, **CHANGED[kind.name]))
    works.run()
    assert pharmacy.status(kind, row_id) == state
    pharmacy.make_due(kind, row_id)
    works.run()
    (document,) = api.store.documents()
    assert held(api) == {("GPP-S1", "A1"): 1}
    assert "Sửa Lại" in document.body.values()
    row = pharmacy.row(kind, row_id)
    assert (row["status"], row[kind.national_id]) == ("SYNC_SUCCESS", document.national_id)


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_so_is_one_whose_answer_was_lost(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, meanwhile: Meanwhile, kind: DocumentType
) -> None:
    row_id = pharmacy.add(kind, "A1")
    api.set_faults(lost_answer=1)
    meanwhile(lambda: pharmacy.set(kind, row_id, status="PENDING_SYNC"))
    works.run()
    row = pharmacy.row(kind, row_id)
    assert row["status"] == "SYNC_UNCERTAIN"
    assert row["sync_due_at"] is not None
    api.set_faults(lost_answer=0)
    pharmacy.make_due(kind, row_id)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S1", "A1"): 1}


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_one_that_was_refused_meanwhile_is_sent_as_it_is_now(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI, meanwhile: Meanwhile, kind: DocumentType
) -> None:
    pharmacy.add_shop("S5")
    row_id = pharmacy.add(kind, "A1", "S5", pharmacy_code="GPP-OTHER")
    meanwhile(lambda: pharmacy.set(kind, row_id, status="PENDING_SYNC", pharmacy_code="GPP-S5"))
    works.run()
    assert pharmacy.status(kind, row_id) == "PENDING_SYNC"
    pharmacy.make_due(kind, row_id)
    works.run()
    assert pharmacy.status(kind, row_id) == "SYNC_SUCCESS"
    assert held(api) == {("GPP-S5", "A1"): 1}
