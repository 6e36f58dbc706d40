"""What the lines of receipts and issue slips have in common. Source of the rules: API list, lines of both slips."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from pharmasync.documents.fields import day, quantity, text


@frozen(kw_only=True)
class SlipLine:
    """One drug that came in or left; only its price is another matter on either side."""

    drug_code: str = text("mã thuốc", "drug code", limit=50)
    drug_name: str = text("tên thuốc", "drug name", limit=500)
    lot_number: str = text("số lô", "lot number", limit=50)
    production_date: date | None = day("ngày sản xuất", "production date", required=False)
    expiry_date: date = day("hạn dùng", "expiry date")
    registration_number: str = text("số đăng ký lưu hành", "registration number", limit=50)
    quantity: Decimal = quantity("số lượng", "quantity")
    unit: str = text("đơn vị tính", "unit", limit=200)
