"""The sales invoice: what a pharmacy sold. Source of the rules: API list, invoice table."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from pharmasync.documents.fields import amount, code, day, quantity, ratio, text
from pharmasync.documents.kind import DocumentType
from pharmasync.words import Words


@frozen(kw_only=True)
class SalesInvoiceLine:
    """One drug on an invoice."""

    drug_code: str = text("mã thuốc", "drug code", limit=50)
    drug_name: str = text("tên thuốc", "drug name", limit=500)
    lot_number: str = text("số lô", "lot number", limit=50)
    production_date: date | None = day("ngày sản xuất", "production date", required=False)
    expiry_date: date = day("hạn dùng", "expiry date")
    unit: str = text("đơn vị tính", "unit", limit=50)
    concentration: str = text("hàm lượng", "strength", limit=500)
    dosage: str = text("liều dùng", "dose", limit=None)
    route_of_administration: str | None = text("đường dùng", "route", limit=200, required=False)
    registration_number: str | None = text("số đăng ký", "registration number", limit=50, required=False)
    quantity: Decimal = quantity("số lượng", "quantity")
    unit_price: Decimal = amount("đơn giá", "unit price")
    line_total: Decimal = amount("thành tiền", "line amount")
    conversion_ratio: Decimal = ratio("tỷ lệ quy đổi", "conversion ratio")


@frozen(kw_only=True)
class SalesInvoice:
    """A sale."""

    local_invoice_id: str = code("mã hoá đơn", "invoice code")
    facility_code: str = code("mã cơ sở", "facility code")
    national_prescription_id: str | None = text(
        "mã đơn thuốc quốc gia", "national prescription code", limit=50, required=False, personal=True
    )
    sale_date: date = day("ngày bán", "date of sale")
    seller_name: str | None = text("họ tên người bán", "seller", limit=50, required=False, personal=True)
    customer_name: str | None = text("họ tên khách hàng", "buyer", limit=50, required=False, personal=True)
    lines: tuple[SalesInvoiceLine, ...]


SALES_INVOICE = DocumentType(
    name="sales_invoice",
    title=Words("hoá đơn bán", "sales invoice"),
    document=SalesInvoice,
    line=SalesInvoiceLine,
    table="SalesInvoices",
    lines_table="SalesInvoiceDetails",
    parent="sales_invoice_id",
    local_id="local_invoice_id",
    national_id="national_invoice_id",
    queue="sale_queue",
    actor="process_sale",
)
