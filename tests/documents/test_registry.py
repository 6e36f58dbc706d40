"""The registry of document types, by the names that the outside world relies on."""

import attrs
import pytest

from pharmasync.documents import (
    DOCUMENT_TYPES,
    GOODS_ISSUE_SLIP,
    PURCHASE_RECEIPT,
    SALES_INVOICE,
    Document,
    DocumentType,
    read_document,
)
from pharmasync.documents.fields import Declared, declared

each_type = pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)


@pytest.mark.parametrize(
    ("kind", "queue", "actor", "local_id"),
    [
        (SALES_INVOICE, "sale_queue", "process_sale", "local_invoice_id"),
        (PURCHASE_RECEIPT, "import_queue", "process_import", "local_receipt_id"),
        (GOODS_ISSUE_SLIP, "cancellation_queue", "process_cancellation", "local_slip_id"),
    ],
)
def test_queues_actors_and_arguments_are_the_known_ones(
    kind: DocumentType, queue: str, actor: str, local_id: str
) -> None:
    assert (kind.queue, kind.actor, kind.local_id) == (queue, actor, local_id)


@pytest.mark.parametrize(
    ("kind", "table", "lines_table", "parent", "national_id"),
    [
        (SALES_INVOICE, "SalesInvoices", "SalesInvoiceDetails", "sales_invoice_id", "national_invoice_id"),
        (PURCHASE_RECEIPT, "PurchaseReceipts", "PurchaseReceiptDetails", "purchase_receipt_id", "national_receipt_id"),
        (GOODS_ISSUE_SLIP, "GoodsIssueSlips", "GoodsIssueSlipDetails", "goods_issue_slip_id", "national_slip_id"),
    ],
)
def test_tables_and_their_columns_are_the_known_ones(
    kind: DocumentType, table: str, lines_table: str, parent: str, national_id: str
) -> None:
    assert (kind.table, kind.lines_table, kind.parent, kind.national_id) == (table, lines_table, parent, national_id)


COLUMNS = {
    "sales_invoice": (
        {"local_invoice_id", "national_prescription_id", "sale_date", "seller_name", "customer_name"},
        {
            *("drug_code", "drug_name", "lot_number", "production_date", "expiry_date", "unit", "concentration"),
            *("dosage", "route_of_administration", "registration_number", "quantity", "unit_price", "line_total"),
            "conversion_ratio",
        },
    ),
    "purchase_receipt": (
        {"local_receipt_id", "receipt_date", "receipt_type", "supplier_name", "notes"},
        {
            *("drug_code", "drug_name", "lot_number", "production_date", "expiry_date", "registration_number"),
            *("quantity", "unit_price", "unit"),
        },
    ),
    "goods_issue_slip": (
        {"local_slip_id", "issue_date", "issue_type", "recipient_name", "notes"},
        {
            *("drug_code", "drug_name", "lot_number", "production_date", "expiry_date", "registration_number"),
            *("quantity", "unit_price", "unit"),
        },
    ),
}


@each_type
def test_a_document_reads_the_columns_that_the_tables_have(kind: DocumentType) -> None:
    header, line = COLUMNS[kind.name]
    assert set(kind.header_columns) == header
    assert set(kind.line_columns) == line


def test_there_are_three_types_and_they_are_sent_in_the_order_of_the_goods() -> None:
    assert DOCUMENT_TYPES == (PURCHASE_RECEIPT, SALES_INVOICE, GOODS_ISSUE_SLIP)


@pytest.mark.parametrize("name", ["name", "title", "document", "line", "table", "lines_table", "queue", "actor"])
def test_no_two_types_share_a_name(name: str) -> None:
    assert len({getattr(kind, name) for kind in DOCUMENT_TYPES}) == len(DOCUMENT_TYPES)


@each_type
def test_the_own_code_is_a_field_of_the_document(kind: DocumentType) -> None:
    assert kind.local_id in kind.header_columns


@each_type
def test_every_field_declares_its_name_in_both_languages(kind: DocumentType) -> None:
    for attribute in (*kind.header_fields, *attrs.fields(kind.line)):
        declaration = declared(attribute)
        assert isinstance(declaration, Declared)
        assert declaration.name.vi
        assert declaration.name.en


@pytest.mark.parametrize(
    ("kind", "personal"),
    [
        (SALES_INVOICE, {"national_prescription_id", "seller_name", "customer_name"}),
        (PURCHASE_RECEIPT, {"supplier_name"}),
        (GOODS_ISSUE_SLIP, {"recipient_name"}),
    ],
)
def test_what_names_a_person_is_declared(kind: DocumentType, personal: set[str]) -> None:
    assert kind.personal_fields == personal


@each_type
def test_a_document_has_what_every_document_has(kind: DocumentType) -> None:
    good: dict[str, object] = {
        **dict.fromkeys((*kind.header_columns, *kind.line_columns, "facility_code"), "20260301"),
        "receipt_type": 2,
        "issue_type": 2,
    }
    document = read_document(kind, good, [good])
    assert isinstance(document, Document)
    assert kind.own_code(document) == "20260301"
