"""The claim: the producer takes due rows for itself, for the time of a lease, shop by shop.

A claim is one UPDATE for a lane of many shops: for each of them the rows are picked in order, as many as are wanted,
and not one more is read. The outer WHERE repeats the whole rule that picks work, so that of two producers that picked
the same row only one takes it, on servers without READPAST too.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.poison import MARK
from pharmasync.decisions.sharing import Lane
from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType
from pharmasync.errors import GaveWayError, StatementError
from pharmasync.sqlserver.codes import same_code
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.driver_errors import DOES_NOT_FIT
from pharmasync.sqlserver.due import DUE, IN_CLAIM_ORDER, IN_LANE, IS_OPEN, IS_OPEN_VALUES
from pharmasync.sqlserver.statements import IN_SECONDS, NOW, Statement, milliseconds, not_paused, padded

SHARES_A_STATEMENT = 128
"""How many shops' rows are claimed by one UPDATE: an UPDATE for each shop costs a server many times as much."""

SHARES_A_TRIP = 512
"""How many travel in one round trip."""

COLLATION_CONFLICT = 468
"""SQL Server's error where texts of different collations are compared."""

MOST_IN_THE_WAY = 3
"""So many shops' claims wait for somebody else's lock, each alone; then no more are tried in this scan."""


@frozen
class Share:
    """How many rows of a shop's lane are to be claimed at most."""

    shop: str
    lane: Lane
    count: int


@frozen
class ClaimedRow:
    """A row that was claimed; ``attempts`` are those that it had before."""

    kind: DocumentType
    id: int
    local_id: str | None
    shop_id: str
    attempts: int


def claim(sql: SqlServer, kind: DocumentType, shares: Sequence[Share], lease: float) -> list[list[ClaimedRow]]:
    """Claims for each share at most as many due rows, the first of its lane, for ``lease`` seconds.

    A row that was being sent, or is uncertain, becomes uncertain; the others become queued. One that was being sent is
    marked, since its attempt ended without an outcome, unless the column of its words has no room for a mark.

    Returns:
        The rows of each share, the oldest first.
    """
    together, mark = SHARES_A_STATEMENT, MARK
    while True:
        try:
            return _claim_all(sql, kind, shares, _Terms(lease=lease, together=together, mark=mark))
        except StatementError as error:
            if error.number == COLLATION_CONFLICT and together > 1:
                # A list of codes has the database's collation, not the column's; a code by itself has none.
                together = 1
            elif error.number in DOES_NOT_FIT and mark:
                mark = ""
            else:
                raise
        except GaveWayError:
            if len(shares) == 1:
                raise
            return _claim_each(sql, kind, shares, lease)


def _claim_each(sql: SqlServer, kind: DocumentType, shares: Sequence[Share], lease: float) -> list[list[ClaimedRow]]:
    """Claims for each share by itself: a row that somebody's transaction locks holds up its own shop alone.

    READPAST passes it over, but not every server has that. Where several wait in vain it is more than a row that is
    locked: the others are left to the next scan.
    """
    claimed: list[list[ClaimedRow]] = []
    locked: set[str] = set()
    for share in shares:
        claimed.append([])
        if share.shop not in locked and len(locked) < MOST_IN_THE_WAY:
            try:
                claimed[-1] = claim(sql, kind, [share], lease)[0]
            except GaveWayError:
                locked.add(share.shop)
    return claimed


@frozen(kw_only=True)
class _Terms:
    """How rows are claimed: for how long, how many shops' by one statement, and with which mark."""

    lease: float
    together: int
    mark: str


def _claim_all(sql: SqlServer, kind: DocumentType, shares: Sequence[Share], terms: _Terms) -> list[list[ClaimedRow]]:
    claimed: dict[Share, list[ClaimedRow]] = {share: [] for share in shares}
    for start in range(0, len(shares), SHARES_A_TRIP):
        groups = _alike(shares[start : start + SHARES_A_TRIP], terms.together)
        results = sql.run_all([_claim(kind, group, terms.lease, terms.mark) for group in groups])
        for group, rows in zip(groups, results, strict=True):
            _deal(kind, group, rows, claimed)
    return [claimed[share] for share in shares]


def _alike(shares: Iterable[Share], together: int) -> list[list[Share]]:
    """Shares that one statement can claim: of one lane, of as many rows each, and so many at most."""
    groups: dict[tuple[Lane, int], list[Share]] = {}
    for share in shares:
        groups.setdefault((share.lane, share.count), []).append(share)
    return [group[start : start + together] for group in groups.values() for start in range(0, len(group), together)]


def _claim(kind: DocumentType, group: Sequence[Share], lease: float, mark: str) -> Statement:
    """The UPDATE for shares that are alike; for each shop its first rows are sought, and no other row is read."""
    table, shops = kind.table, padded([share.shop for share in group])
    statement = (
        f"UPDATE {table} SET status = CASE WHEN status IN (%s, %s) THEN %s ELSE %s END,"
        " sync_response_message = CASE WHEN status = %s THEN COALESCE(sync_response_message, %s) + %s"
        f" ELSE sync_response_message END, sync_attempts = COALESCE({table}.sync_attempts, 0),"
        f" sync_due_at = {IN_SECONDS}, updated_at = {NOW}"
        f" OUTPUT inserted.id, inserted.{kind.local_id} AS local_id, inserted.shop_pharmacy_code AS shop,"
        " inserted.sync_attempts AS attempts, inserted.created_at"
        f" WHERE id IN ({_picked(kind, group[0].lane, shops)}) AND {DUE} AND {not_paused(kind)}"
    )
    states = (Status.SENDING.value, Status.UNCERTAIN.value, Status.UNCERTAIN.value, Status.QUEUED.value)
    marking = (Status.SENDING.value, "", mark)
    return statement, (
        *(*states, *marking, milliseconds(lease)),
        *((group[0].count, *shops) if len(shops) == 1 else (*shops, group[0].count)),
        *(*IS_OPEN_VALUES, *IS_OPEN_VALUES),
    )


def _picked(kind: DocumentType, lane: Lane, shops: Sequence[str]) -> str:
    """The query for the ids of the first rows of one shop's lane, or of each of several shops'."""

    def first_rows(shop: str) -> str:
        return (
            f"SELECT TOP (%d) id FROM {kind.table} WITH (READPAST, UPDLOCK, ROWLOCK)"
            f" WHERE shop_pharmacy_code = {shop} AND {IS_OPEN} AND {IN_LANE[lane]} {IN_CLAIM_ORDER}"
        )

    if len(shops) == 1:
        return first_rows("%s")
    wanted = ", ".join("(%s)" for _ in shops)
    return (
        f"SELECT picked.id FROM (VALUES {wanted}) AS wanted (shop) CROSS APPLY ({first_rows('wanted.shop')}) AS picked"
    )


def _deal(
    kind: DocumentType, group: Sequence[Share], rows: Iterable[Row], claimed: Mapping[Share, list[ClaimedRow]]
) -> None:
    """Gives each row to its shop's share; one whose code only SQL Server's collation knows for a shop's, to the first.

    OUTPUT promises no order: the oldest goes first into the queue as well.
    """
    shares = {same_code(share.shop): share for share in group}
    for row in sorted(rows, key=_age):
        share = shares.get(same_code(str(row["shop"])), group[0])
        claimed[share].append(_claimed(kind, row))


def _claimed(kind: DocumentType, row: Row) -> ClaimedRow:
    local_id = row["local_id"]
    return ClaimedRow(
        kind=kind,
        id=int(str(row["id"])),
        local_id=None if local_id is None else str(local_id),
        shop_id=str(row["shop"]),
        attempts=int(str(row["attempts"])),
    )


def _age(row: Row) -> tuple[str, int]:
    return str(row["created_at"] or ""), int(str(row["id"]))
