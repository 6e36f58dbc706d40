"""The purchase receipt: what came into a pharmacy. Source of the rules: API list, receipt table."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import frozen

from pharmasync.documents.fields import amount, choice, code, day, text
from pharmasync.documents.kind import DocumentType
from pharmasync.documents.slip_line import SlipLine
from pharmasync.words import Words

FROM_SUPPLIER = 1
RECEIPT_TYPES = {
    FROM_SUPPLIER: Words("nhập từ nhà cung cấp", "from a supplier"),
    2: Words("khách trả", "customer return"),
    3: Words("nhập tồn", "opening stock"),
}


@frozen(kw_only=True)
class PurchaseReceiptLine(SlipLine):
    """One drug that came in."""

    unit_price: Decimal | None = amount("đơn giá", "unit price", required=False)


@frozen(kw_only=True)
class PurchaseReceipt:
    """Goods that came in."""

    local_receipt_id: str = code("mã phiếu nhập", "receipt code")
    facility_code: str = code("mã cơ sở", "facility code")
    receipt_date: date = day("ngày nhập", "date of receipt")
    receipt_type: int = choice("loại phiếu nhập", "receipt type", RECEIPT_TYPES)
    notes: str | None = text("ghi chú", "notes", limit=500, required=False, column="NVARCHAR(MAX)")
    supplier_name: str | None = text("tên cơ sở cung cấp", "supplier", limit=500, required=False, personal=True)
    lines: tuple[PurchaseReceiptLine, ...]


def supplier_is_named(fields: Mapping[str, object]) -> Words | None:
    """A receipt from a supplier names the supplier."""
    if fields.get("receipt_type") == FROM_SUPPLIER and fields.get("supplier_name", "unfit") is None:
        return Words("thiếu tên cơ sở cung cấp", "supplier is missing")
    return None


PURCHASE_RECEIPT = DocumentType(
    name="purchase_receipt",
    title=Words("phiếu nhập", "purchase receipt"),
    document=PurchaseReceipt,
    line=PurchaseReceiptLine,
    table="PurchaseReceipts",
    lines_table="PurchaseReceiptDetails",
    parent="purchase_receipt_id",
    local_id="local_receipt_id",
    national_id="national_receipt_id",
    queue="import_queue",
    actor="process_import",
    checks=(supplier_is_named,),
)
