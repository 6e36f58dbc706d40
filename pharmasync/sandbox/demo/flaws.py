"""Spoils some of the documents, in the ways that pharmacies' software gets them wrong."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from random import Random

from attrs import evolve, frozen

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.documents.purchase_receipt import FROM_SUPPLIER
from pharmasync.sandbox.demo.documents import MadeDocument

SHARE = 0.05
"""How many of all documents are spoiled."""

ANY = (SALES_INVOICE, PURCHASE_RECEIPT, GOODS_ISSUE_SLIP)
SLIPS = (PURCHASE_RECEIPT, GOODS_ISSUE_SLIP)
RECEIPTS = (PURCHASE_RECEIPT,)

CODE_TWICE = "the same code twice in one shop"
OTHER_FACILITY = "the code of another facility"


@frozen
class Flaw:
    """One way to get a document wrong: its name, the types it fits, and what it does to a document."""

    name: str
    kinds: Sequence[DocumentType]
    spoil: Callable[[MadeDocument], MadeDocument]


def _last_line(**columns: object) -> Callable[[MadeDocument], MadeDocument]:
    def spoil(document: MadeDocument) -> MadeDocument:
        *rest, last = document.lines
        return evolve(document, lines=(*rest, {**last, **columns}))

    return spoil


def _header(**columns: object) -> Callable[[MadeDocument], MadeDocument]:
    return lambda document: evolve(document, header={**document.header, **columns})


FLAWS = (
    Flaw("no lot", ANY, _last_line(lot_number="")),
    Flaw("a fraction as quantity", ANY, _last_line(quantity=Decimal("2.5"))),
    Flaw("notes too long", SLIPS, _header(notes="ghi chú rất dài " * 40)),
    Flaw("an unknown receipt type", RECEIPTS, _header(receipt_type=9)),
    Flaw("no supplier", RECEIPTS, _header(receipt_type=FROM_SUPPLIER, supplier_name=None)),
    Flaw("no expiry date", ANY, _last_line(expiry_date=None)),
    Flaw("no lines at all", ANY, lambda document: evolve(document, lines=())),
    Flaw(OTHER_FACILITY, ANY, lambda document: evolve(document, facility=f"{document.facility}-9")),
)
"""All but the one that takes two documents. The last is one that only the national server can see."""


def spoil_some(documents: Sequence[MadeDocument], dice: Random) -> list[MadeDocument]:
    """The documents, one in twenty of them spoiled, each way in its turn; never one of a shop that cannot send."""
    spoiled = dict(enumerate(documents))
    wanted = max(len(FLAWS) + 2, round(len(documents) * SHARE))
    turn = 0
    while sum(document.flaw is not None for document in spoiled.values()) < wanted and turn < 2 * wanted:
        way = turn % (len(FLAWS) + 1)
        turn += 1
        if way == len(FLAWS):
            _use_a_code_twice(spoiled, dice)
        else:
            _spoil_one(spoiled, FLAWS[way], dice)
    return list(spoiled.values())


def _spoil_one(documents: dict[int, MadeDocument], flaw: Flaw, dice: Random) -> None:
    fitting = [place for place, document in _sound(documents).items() if document.kind in flaw.kinds]
    if fitting:
        place = dice.choice(fitting)
        documents[place] = evolve(flaw.spoil(documents[place]), flaw=flaw.name)


def _use_a_code_twice(documents: dict[int, MadeDocument], dice: Random) -> None:
    """Gives a document the code of another one of its shop and type: both are spoiled then."""
    sound = _sound(documents)
    place, first = dice.choice(list(sound.items()))
    others = [
        other
        for other, document in sound.items()
        if other != place and (document.shop, document.kind) == (first.shop, first.kind)
    ]
    if others:
        other = dice.choice(others)
        documents[place] = evolve(first, flaw=CODE_TWICE)
        documents[other] = evolve(documents[other], local_id=first.local_id, flaw=CODE_TWICE)


def _sound(documents: Mapping[int, MadeDocument]) -> dict[int, MadeDocument]:
    return {
        place: document for place, document in documents.items() if document.flaw is None and document.shop.can_log_in
    }
