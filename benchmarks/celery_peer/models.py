"""The documents as pydantic models, read from rows and written in the API's words."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AliasGenerator, BaseModel, ConfigDict, PlainSerializer

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.national.v1.wire import FORMS


def _day(value: date) -> str:
    return f"{value.year:04}{value.month:02}{value.day:02}"


def _wire(kind: DocumentType) -> ConfigDict:
    """Columns are read by their own names and written by the API's."""
    return ConfigDict(alias_generator=AliasGenerator(serialization_alias=FORMS[kind.name].word), extra="ignore")


Day = Annotated[datetime | date, PlainSerializer(_day)]


class Line(BaseModel):
    """What every line has."""

    drug_code: str
    drug_name: str
    lot_number: str
    production_date: Day | None = None
    expiry_date: Day
    unit: str
    quantity: int


class SaleLine(Line):
    """A line of an invoice."""

    model_config = _wire(SALES_INVOICE)

    concentration: str
    route_of_administration: str | None = None
    dosage: str
    registration_number: str | None = None
    unit_price: float
    line_total: float
    conversion_ratio: float


class ReceiptLine(Line):
    """A line of a purchase receipt."""

    model_config = _wire(PURCHASE_RECEIPT)

    registration_number: str
    unit_price: float | None = None


class IssueLine(Line):
    """A line of a goods issue slip."""

    model_config = _wire(GOODS_ISSUE_SLIP)

    registration_number: str
    unit_price: float


class Sale(BaseModel):
    """A sales invoice."""

    model_config = _wire(SALES_INVOICE)

    local_invoice_id: str
    facility_code: str
    national_prescription_id: str | None = None
    sale_date: Day
    seller_name: str | None = None
    customer_name: str | None = None
    lines: list[SaleLine]


class Receipt(BaseModel):
    """A purchase receipt."""

    model_config = _wire(PURCHASE_RECEIPT)

    local_receipt_id: str
    facility_code: str
    receipt_date: Day
    receipt_type: int
    notes: str | None = None
    supplier_name: str | None = None
    lines: list[ReceiptLine]


class Issue(BaseModel):
    """A goods issue slip."""

    model_config = _wire(GOODS_ISSUE_SLIP)

    local_slip_id: str
    facility_code: str
    issue_date: Day
    issue_type: int
    notes: str
    recipient_name: str | None = None
    lines: list[IssueLine]


MODELS: dict[str, type[BaseModel]] = {
    SALES_INVOICE.name: Sale,
    PURCHASE_RECEIPT.name: Receipt,
    GOODS_ISSUE_SLIP.name: Issue,
}


def body_of(kind: DocumentType, header: dict[str, object], lines: list[dict[str, object]]) -> bytes:
    """The body of the call that stores a document.

    Raises:
        pydantic.ValidationError: The row is no document.
    """
    document = MODELS[kind.name].model_validate({**header, "lines": lines})
    return document.model_dump_json(by_alias=True, exclude_none=True).encode()
