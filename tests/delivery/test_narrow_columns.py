"""The tables are somebody else's: what we write may be longer than the column that it is written to."""

from collections.abc import Iterator

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.queues.redis_broker import PromptRedisBroker
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.schedulers.opening import open_producer
from pharmasync.settings import Settings
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.workers import assemble
from tests.pharmacy import Pharmacy
from tests.works import Works, held

pytestmark = pytest.mark.integration

NARROW_INVOICES = """
CREATE TABLE SalesInvoices (
    id INT IDENTITY(1,1) PRIMARY KEY, local_invoice_id NVARCHAR(50) NOT NULL, national_invoice_id NVARCHAR(100) NULL,
    pharmacy_code NVARCHAR(50) NOT NULL, shop_pharmacy_code NVARCHAR(50) NOT NULL,
    national_prescription_id NVARCHAR(50) NULL, sale_date DATETIME2 NOT NULL, seller_name NVARCHAR(50) NULL,
    customer_name NVARCHAR(50) NULL, status NVARCHAR(20) NOT NULL, sync_response_message NVARCHAR(100) NULL,
    created_at DATETIME2 NULL, updated_at DATETIME2 NULL)
"""


@pytest.fixture
def sql(empty_database: Address) -> Iterator[SqlServer]:
    server = SqlServer(empty_database)
    server.run(NARROW_INVOICES)
    create_or_extend(server)
    yield server
    server.close()


@pytest.fixture
def works(settings: Settings, pharmacy: Pharmacy) -> Iterator[Works]:
    pharmacy.add_shop("S1")
    broker, actors = assemble(settings)
    assert isinstance(broker, PromptRedisBroker)
    yield Works(open_producer(settings), broker, actors)
    broker.close()


def test_a_refusal_is_written_in_as_many_words_as_fit(works: Works, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", line={"lot_number": None, "expiry_date": None, "drug_code": None})
    works.run()
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert row["status"] == "SYNC_FAILED"
    words = str(row["sync_response_message"])
    assert words.startswith("dòng 1: thiếu mã thuốc; dòng 1: thiếu số lô; dòng 1: thiếu hạn dùng / line 1: ")
    assert len(words) == 100
    assert words.endswith("…")


def test_a_row_that_has_no_room_for_a_mark_is_claimed_and_holds_up_nobody(
    works: Works, pharmacy: Pharmacy, api: PracticeNationalAPI
) -> None:
    words = "x" * 100
    marked = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_SENDING", sync_response_message=words, sync_attempts=1)
    pharmacy.make_due(SALES_INVOICE, marked)
    others = [pharmacy.add(SALES_INVOICE, f"HD{number}") for number in range(2, 5)]
    works.run()
    for row_id in others:
        if pharmacy.status(SALES_INVOICE, row_id) == "SYNC_QUEUED":  # claimed by what came before the error
            pharmacy.make_due(SALES_INVOICE, row_id)
    works.run()
    assert pharmacy.status(SALES_INVOICE, marked) == "SYNC_SUCCESS"
    assert set(held(api).values()) == {1}
    assert len(held(api)) == 4
