"""The look for work: which shops have due rows, in one round trip for all document types, or two where there are many.

For each type and lane it takes a sample of due rows, as many as the queue has room for. Where it finds fewer, it has
seen all of them: an idle scan ends here, and costs the same with any number of rows that are not due. Where it finds
that many, one shop's rows may hide another's, or a paused shop's everybody's, and a tour finds the shops. Rows without
a shop, which no claim could find, are refused where it meets them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.sharing import ENDLESS, Lane
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.claim import refuse_shopless
from pharmasync.sqlserver.codes import same_code
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.due import IN_LANE, IN_LOOK_ORDER, IS_OPEN, IS_OPEN_VALUES
from pharmasync.sqlserver.statements import NEXT
from pharmasync.sqlserver.tour import Leg, tour

Waiting = dict[Lane, float]
"""How many of a shop's rows are known to wait in each lane."""

PAUSED = "SELECT shop_pharmacy_code AS shop FROM AccountShop WHERE sync_paused_reason IS NOT NULL"


def look(sql: SqlServer, rooms: Mapping[DocumentType, int]) -> list[dict[str, Waiting]]:
    """For each type the shops that have due rows and are not paused, in a steady order, and how many rows wait.

    Args:
        sql: The server.
        rooms: The types, each with how many rows are wanted of it at most.
    """
    if not rooms:
        return []
    legs = [Leg(kind, lane) for kind in rooms for lane in Lane]
    statements = [_sample(leg) for leg in legs]
    parameters = [value for leg in legs for value in (rooms[leg.kind], *IS_OPEN_VALUES)]
    *samples, paused = sql.run(NEXT.join([*statements, PAUSED]), parameters)
    for kind in {leg.kind for leg, rows in zip(legs, samples, strict=True) if any(row["shop"] is None for row in rows)}:
        refuse_shopless(sql, kind)
    seen: dict[Leg, Mapping[str, float]] = {leg: Counter(_shops(rows)) for leg, rows in zip(legs, samples, strict=True)}
    full = [leg for leg, rows in zip(legs, samples, strict=True) if len(rows) >= rooms[leg.kind]]
    seen |= {leg: dict.fromkeys(shops, ENDLESS) for leg, shops in zip(full, tour(sql, full), strict=True)}
    pauses = _Pauses(sql, {shop.rstrip(" ") for shop in _shops(paused)})
    return [_by_shop({lane: seen[Leg(kind, lane)] for lane in Lane}, pauses) for kind in rooms]


@frozen
class _Pauses:
    """Which shops are paused, of those that a look found.

    Attributes:
        sql: Asked about a shop whose code is written in another way than a paused one's: its collation says whether
            both are one.
        codes: The paused shops' codes.
    """

    sql: SqlServer
    codes: set[str]

    def hold(self, shop: str) -> bool:
        """Whether the shop is paused."""
        if shop.rstrip(" ") in self.codes:
            return True
        if same_code(shop) not in map(same_code, self.codes):
            return False
        return bool(self.sql.rows(f"{PAUSED} AND shop_pharmacy_code = %s", (shop,)))


def _sample(leg: Leg) -> str:
    # Without READPAST it would wait for everybody who is just writing a row.
    return (
        f"SELECT TOP (%d) shop_pharmacy_code AS shop FROM {leg.kind.table} WITH (READPAST)"
        f" WHERE {IS_OPEN} AND {IN_LANE[leg.lane]} {IN_LOOK_ORDER}"
    )


def _shops(rows: Sequence[Row]) -> Iterable[str]:
    return (str(row["shop"]) for row in rows if row["shop"] is not None)


def _by_shop(lanes: Mapping[Lane, Mapping[str, float]], pauses: _Pauses) -> dict[str, Waiting]:
    """The shops of both lanes; each is called as it is written where it is met first."""
    found: dict[str, tuple[str, Waiting]] = {}
    for lane, shops in lanes.items():
        for shop, rows in shops.items():
            code = same_code(shop)
            if not pauses.hold(shop):
                _, waiting = found.setdefault(code, (shop, {}))
                waiting[lane] = waiting.get(lane, 0) + rows
    return dict(found[code] for code in sorted(found))
