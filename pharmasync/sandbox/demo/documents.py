"""Makes the documents of the demo: the same ones for the same seed, about one in twenty of them wrong."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from attrs import frozen

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.documents.goods_issue_slip import ISSUE_TYPES
from pharmasync.documents.purchase_receipt import FROM_SUPPLIER, RECEIPT_TYPES
from pharmasync.sandbox.demo.goods import BUYERS, DRUGS, NOTES, SELLERS, SUPPLIERS, drug_code
from pharmasync.sandbox.demo.shops import SHOPS, Shop

Columns = Mapping[str, object]

KINDS = {SALES_INVOICE: 6, PURCHASE_RECEIPT: 3, GOODS_ISSUE_SLIP: 2}
"""How the types share the documents."""

PREFIXES = {SALES_INVOICE: "HD", PURCHASE_RECEIPT: "PN", GOODS_ISSUE_SLIP: "PX"}
MOST_LINES = 5


@frozen(kw_only=True)
class MadeDocument:
    """A document as a pharmacy's software writes it.

    Attributes:
        kind: Its type.
        shop: Whose it is.
        facility: Its ``pharmacy_code``.
        local_id: The shop's own code of it.
        header: The other columns of the header.
        lines: The columns of each line.
        flaw: What is wrong with it; None where it is sound.
    """

    kind: DocumentType
    shop: Shop
    facility: str
    local_id: str
    header: Columns
    lines: tuple[Columns, ...]
    flaw: str | None = None


def make_documents(count: int, dice: Random, today: date) -> list[MadeDocument]:
    """Makes sound documents.

    Every shop counts its own codes from 1, so that shops use the same ones, as they do in real life.

    Args:
        count: How many, over all shops and types.
        dice: Where chance comes from.
        today: The latest date of a document.
    """
    numbers: Counter[tuple[Shop, DocumentType]] = Counter()
    made = []
    for place in range(count):
        shop = SHOPS[place % len(SHOPS)]
        kind = dice.choices(list(KINDS), weights=list(KINDS.values()))[0]
        numbers[shop, kind] += 1
        made.append(_document(kind, shop, numbers[shop, kind], dice, today))
    return made


def _document(kind: DocumentType, shop: Shop, number: int, dice: Random, today: date) -> MadeDocument:
    line_makers = {SALES_INVOICE: _sold}
    lines = dice.choice((1, 2, 3, 3, 4, MOST_LINES))
    return MadeDocument(
        kind=kind,
        shop=shop,
        facility=shop.facility,
        local_id=f"{PREFIXES[kind]}{number:06}",
        header=_HEADERS[kind](dice, _moment(dice, today)),
        lines=tuple(line_makers.get(kind, _moved)(dice, today) for _ in range(lines)),
    )


def _moment(dice: Random, today: date) -> datetime:
    opened = time(hour=dice.randrange(7, 21), minute=dice.randrange(60))
    return datetime.combine(today - timedelta(days=dice.randrange(1, 4)), opened)


def _invoice(dice: Random, moment: datetime) -> Columns:
    prescribed = dice.random() < 0.2  # noqa: PLR2004 - one in five
    return {
        "national_prescription_id": f"DT{dice.randrange(10**8):08}" if prescribed else None,
        "sale_date": moment,
        "seller_name": dice.choice(SELLERS),
        "customer_name": dice.choice(BUYERS),
    }


def _receipt(dice: Random, moment: datetime) -> Columns:
    receipt_type = dice.choice(list(RECEIPT_TYPES))
    return {
        "receipt_date": moment,
        "receipt_type": receipt_type,
        "notes": dice.choice(NOTES),
        "supplier_name": dice.choice(SUPPLIERS) if receipt_type == FROM_SUPPLIER else None,
    }


def _issue_slip(dice: Random, moment: datetime) -> Columns:
    return {
        "issue_date": moment,
        "issue_type": dice.choice(list(ISSUE_TYPES)),
        "notes": dice.choice(NOTES),
        "recipient_name": dice.choice((*SUPPLIERS, None)),
    }


_HEADERS = {SALES_INVOICE: _invoice, PURCHASE_RECEIPT: _receipt, GOODS_ISSUE_SLIP: _issue_slip}


def _moved(dice: Random, today: date) -> Columns:
    """A line of a slip."""
    drug = dice.choice(DRUGS)
    produced = today - timedelta(days=dice.randrange(30, 400))
    return {
        "drug_code": drug_code(drug),
        "drug_name": f"{drug.name} {drug.strength}",
        "lot_number": f"L{dice.randrange(10**5):05}",
        "production_date": dice.choice((produced, None)),
        "expiry_date": produced + timedelta(days=730),
        "registration_number": f"VD-{10_000 + DRUGS.index(drug)}-24",
        "quantity": Decimal(dice.randrange(1, 60)),
        "unit_price": Decimal(drug.price),
        "unit": drug.unit,
    }


def _sold(dice: Random, today: date) -> Columns:
    """A line of an invoice."""
    moved = dict(_moved(dice, today))
    drug = next(drug for drug in DRUGS if drug_code(drug) == moved["drug_code"])
    quantity = dice.randrange(1, 30)
    return {
        **moved,
        "quantity": Decimal(quantity),
        "concentration": drug.strength,
        "dosage": drug.dose,
        "route_of_administration": drug.route,
        "line_total": Decimal(drug.price * quantity),
        "conversion_ratio": Decimal(1),
    }
