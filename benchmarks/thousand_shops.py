"""A thousand shops and up to a million invoices of theirs, all due.

The oldest three of each shop are whole documents, more than are ever sent; the others are headers, which is all that
the producer looks at. All rows go through TDS, a thousand in a statement: the practice server has no other way in. It
takes about two minutes, and is the same with a real server.
"""

import logging
from datetime import UTC, datetime

import attrs

from benchmarks import documents
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE
from pharmasync.sandbox.demo.documents import MadeDocument
from pharmasync.sandbox.demo.shops import RIGHT_PASSWORD, Shop
from pharmasync.sqlserver.connection import SqlServer

logger = logging.getLogger(__name__)

SHOPS = 1_000
WHOLE = 3 * SHOPS
"""So many rows are whole documents."""

ROWS_AN_INSERT = 1_000


def shops() -> list[Shop]:
    """Every shop, each with an account and a facility of its own."""
    return [_shop(number) for number in range(SHOPS)]


def whole_documents() -> list[MadeDocument]:
    """The first rows, WHOLE of them; the shops take turns."""
    made = documents.make(WHOLE * len(DOCUMENT_TYPES), datetime.now(UTC).date())
    invoices = [one for one in made if one.kind is SALES_INVOICE]
    return [
        attrs.evolve(one, shop=_shop(place), facility=_shop(place).facility, local_id=_code(place))
        for place, one in enumerate(invoices)
    ]


def fill(sql: SqlServer, rows: int) -> None:
    """Adds headers to the whole documents until there are ``rows`` rows."""
    columns = f"({SALES_INVOICE.local_id}, pharmacy_code, shop_pharmacy_code)"
    for start in range(WHOLE, rows, ROWS_AN_INSERT):
        places = range(start, min(start + ROWS_AN_INSERT, rows))
        sql.run(
            f"INSERT INTO {SALES_INVOICE.table} {columns} VALUES {', '.join(['(%s, %s, %s)'] * len(places))}",
            [value for place in places for value in (_code(place), _shop(place).facility, _shop(place).id)],
        )
    logger.info("%d rows", rows)


def _shop(place: int) -> Shop:
    """The shop whose turn it is."""
    name = f"NT{place % SHOPS:04}"
    return Shop(id=name, facility=f"01-{name}", account=name.lower(), password=RIGHT_PASSWORD)


def _code(place: int) -> str:
    return f"HD{place:07}"
