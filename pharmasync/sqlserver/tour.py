"""The tour: which shops have due rows, found by skipping through an index from shop to shop.

A DISTINCT reads every row. A tour reads one row a shop, however many a shop has: it asks for the first shop, then for
the first one after it, and so on, in a loop on the server and one round trip. Its text never changes, so that the
server keeps its plan. It is made anew at every look that needs one: beside the claims that follow it costs little, and
a list that was kept would miss shops whose rows have come since.
"""

from collections.abc import Sequence

from attrs import frozen

from pharmasync.decisions.sharing import Lane
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.due import IN_LANE, IN_LOOK_ORDER, IS_OPEN, IS_OPEN_VALUES

# NOCOUNT: otherwise every step of a loop sends a word to the client. @shop and shop are as long as any column that can
# be in an index: a code that was cut off would be found again and again.
HEAD = """SET NOCOUNT ON;
DECLARE @now DATETIME2(3), @shop NVARCHAR(4000);
DECLARE @found TABLE (tour INT NOT NULL, shop NVARCHAR(4000) NOT NULL);
SET @now = SYSUTCDATETIME();
"""
TAIL = "SELECT tour, shop FROM @found"


@frozen
class Leg:
    """A lane of a document type."""

    kind: DocumentType
    lane: Lane


def tour(sql: SqlServer, legs: Sequence[Leg]) -> list[list[str]]:
    """For each leg the shops with due rows, paused or not, in the server's order; one round trip, or none."""
    if not legs:
        return []
    loops = "".join(_loop(leg) for leg in legs)
    parameters = [value for number, leg in enumerate(legs) for value in _parameters(leg, number)]
    found: list[list[str]] = [[] for _ in legs]
    for row in sql.rows(HEAD + loops + TAIL, parameters):
        found[int(str(row["tour"]))].append(str(row["shop"]))
    return found


def _loop(leg: Leg) -> str:
    if leg.lane is Lane.NEW:
        step, test = _select(leg, f"{IN_LANE[Lane.NEW]} AND ", IN_LOOK_ORDER), ""
    else:
        # The lane is no single place of an index: the step goes to the next shop with any open row, and a seek tells
        # whether one of them is due.
        step = _select(leg, "", "ORDER BY shop_pharmacy_code")
        due = f"{IS_OPEN} AND shop_pharmacy_code = @shop AND sync_due_at <= @now"
        test = f"IF EXISTS (SELECT id FROM {leg.kind.table} WITH (READPAST) WHERE {due})\n"
    return f"""SET @shop = ({step.format("IS NOT NULL")});
WHILE @shop IS NOT NULL
BEGIN
{test}INSERT INTO @found (tour, shop) VALUES (%d, @shop);
SET @shop = ({step.format("> @shop")});
END;
"""


def _select(leg: Leg, condition: str, order: str) -> str:
    return (
        f"SELECT TOP (1) shop_pharmacy_code FROM {leg.kind.table} WITH (READPAST)"
        f" WHERE {IS_OPEN} AND {condition}shop_pharmacy_code {{}} {order}"
    )


def _parameters(leg: Leg, number: int) -> tuple[object, ...]:
    tested = () if leg.lane is Lane.NEW else IS_OPEN_VALUES
    return (*IS_OPEN_VALUES, *tested, number, *IS_OPEN_VALUES)
