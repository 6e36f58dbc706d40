"""The goods issue slip: what left a pharmacy other than by sale. Source of the rules: API list, issue slip table."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from pharmasync.documents.fields import amount, choice, code, day, text
from pharmasync.documents.kind import DocumentType
from pharmasync.documents.slip_line import SlipLine
from pharmasync.words import Words

ISSUE_TYPES = {
    2: Words("trả nhà cung cấp", "return to the supplier"),
    3: Words("xuất huỷ", "destruction"),
}


@frozen(kw_only=True)
class GoodsIssueSlipLine(SlipLine):
    """One drug that left."""

    unit_price: Decimal = amount("đơn giá", "unit price")


@frozen(kw_only=True)
class GoodsIssueSlip:
    """Goods that left."""

    local_slip_id: str = code("mã phiếu xuất", "slip code")
    facility_code: str = code("mã cơ sở", "facility code")
    issue_date: date = day("ngày xuất", "date of issue")
    issue_type: int = choice("loại phiếu xuất", "issue type", ISSUE_TYPES)
    notes: str = text("ghi chú", "notes", limit=500, required=False, missing="", column="NVARCHAR(MAX)")
    recipient_name: str | None = text("tên cơ sở nhận", "recipient", limit=500, required=False, personal=True)
    lines: tuple[GoodsIssueSlipLine, ...]


GOODS_ISSUE_SLIP = DocumentType(
    name="goods_issue_slip",
    title=Words("phiếu xuất", "goods issue slip"),
    document=GoodsIssueSlip,
    line=GoodsIssueSlipLine,
    table="GoodsIssueSlips",
    lines_table="GoodsIssueSlipDetails",
    parent="goods_issue_slip_id",
    local_id="local_slip_id",
    national_id="national_slip_id",
    # Names that other tools rely on; a slip tells of goods that leave the stock, not of anything cancelled.
    queue="cancellation_queue",
    actor="process_cancellation",
)
