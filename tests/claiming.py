"""A claim of whatever is due, for tests that are about what comes after it."""

from pharmasync.decisions.sharing import Lane
from pharmasync.documents import DocumentType
from pharmasync.sqlserver.claim import ClaimedRow, Share, claim
from pharmasync.sqlserver.connection import SqlServer

LEASE_SECONDS = 60


def claim_due(sql: SqlServer, kind: DocumentType, *shops: str, count: int = 10) -> list[ClaimedRow]:
    """Claims at most so many due rows of each lane of each shop; a shop's returning rows come first."""
    shares = [Share(shop, lane, count) for shop in shops for lane in (Lane.RETURNING, Lane.NEW)]
    return [row for rows in claim(sql, kind, shares, LEASE_SECONDS) for row in rows]
