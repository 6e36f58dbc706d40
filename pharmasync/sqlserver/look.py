"""The look for work: which shops have due rows, in one round trip for all document types, or two where there are many.

For each type and lane it takes a sample of due rows, as many as the queue has room for. Where it finds fewer, it has
seen all of them: an idle scan ends here, and costs the same with any number of rows that are not due. Where it finds
that many, one shop's rows may hide another's, or a paused shop's everybody's, and a tour finds the shops.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.sharing import ENDLESS, Lane
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.codes import same_code
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.due import IN_LANE, IN_LOOK_ORDER, IS_OPEN, IS_OPEN_VALUES
from pharmasync.sqlserver.statements import NEXT
from pharmasync.sqlserver.tour import Leg, tour

Waiting = dict[Lane, float]
"""How many of a shop's rows are known to wait in each lane."""

PAUSED = "SELECT shop_pharmacy_code AS shop FROM AccountShop WHERE sync_paused_reason IS NOT NULL"


@frozen
class Found:
    """What a look found of a document type.

    Attributes:
        shops: The shops that have due rows and are not paused, in a steady order, and how many of their rows wait.
        shopless: Whether due rows without a shop were met, which no claim can find.
    """

    shops: dict[str, Waiting]
    shopless: bool = False


def look(sql: SqlServer, rooms: Mapping[DocumentType, int]) -> list[Found]:
    """What there is to do of each type.

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
    sampled = dict(zip(legs, samples, strict=True))
    full = [leg for leg, rows in sampled.items() if len(rows) >= rooms[leg.kind]]
    seen: dict[Leg, Mapping[str, float]] = {leg: Counter(_shops(rows)) for leg, rows in sampled.items()}
    seen |= {leg: dict.fromkeys(shops, ENDLESS) for leg, shops in zip(full, tour(sql, full), strict=True)}
    left_out = _paused_of(sql, set().union(*seen.values()), {_written(shop) for shop in _shops(paused)})
    shopless = {leg.kind for leg, rows in sampled.items() if any(row["shop"] is None for row in rows)}
    return [
        Found(_by_shop({lane: seen[Leg(kind, lane)] for lane in Lane}, left_out), kind in shopless) for kind in rooms
    ]


def _paused_of(sql: SqlServer, shops: Iterable[str], paused: set[str]) -> set[str]:
    """Which of the shops are paused; the server, and its collation, is asked where a code is written in two ways."""
    nearly = {same_code(shop) for shop in paused}
    others = [shop for shop in {_written(shop) for shop in shops} - paused if same_code(shop) in nearly]
    if not others:
        return paused
    answers = sql.run(NEXT.join(f"{PAUSED} AND shop_pharmacy_code = %s" for _ in others), others)
    return paused | {shop for shop, rows in zip(others, answers, strict=True) if rows}


def _written(shop: str) -> str:
    """A code as it is written; blanks behind it never count."""
    return shop.rstrip(" ")


def _sample(leg: Leg) -> str:
    # Without READPAST it would wait for everybody who is just writing a row.
    return (
        f"SELECT TOP (%d) shop_pharmacy_code AS shop FROM {leg.kind.table} WITH (READPAST)"
        f" WHERE {IS_OPEN} AND {IN_LANE[leg.lane]} {IN_LOOK_ORDER}"
    )


def _shops(rows: Sequence[Row]) -> Iterable[str]:
    return (str(row["shop"]) for row in rows if row["shop"] is not None)


def _by_shop(lanes: Mapping[Lane, Mapping[str, float]], left_out: set[str]) -> dict[str, Waiting]:
    """The shops of both lanes; each is called as it is written where it is met first."""
    found: dict[str, tuple[str, Waiting]] = {}
    for lane, shops in lanes.items():
        for shop, rows in shops.items():
            code = same_code(shop)
            if _written(shop) not in left_out:
                _, waiting = found.setdefault(code, (shop, {}))
                waiting[lane] = waiting.get(lane, 0) + rows
    return dict(found[code] for code in sorted(found))
