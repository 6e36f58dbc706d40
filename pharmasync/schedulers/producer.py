"""One scan: for each document type, as many due rows as its queue has room for, shared fairly between the shops.

A backlog stays in SQL Server: no queue is filled beyond its high-water mark. Several producers may scan at once, since
a row is claimed by one of them only; a batch that could not be enqueued is handed back, or its lease runs out.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from attrs import define, field, frozen

from pharmasync.decisions.sharing import shares
from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.errors import ServerAwayError, StatementError
from pharmasync.queues import RowMessage
from pharmasync.row import ClaimedAs
from pharmasync.sqlserver.claim import ClaimedRow, claim, due_shops, hand_back, refuse_nameless
from pharmasync.sqlserver.connection import SqlServer

logger = logging.getLogger(__name__)

FULL_SECONDS = 0.1
"""The wait before the next look at queues that are full."""


class Queues(Protocol):
    """The queues as the producer sees them."""

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue."""

    def enqueue(self, messages: Sequence[RowMessage]) -> Sequence[int]:
        """Enqueues messages and returns the places of those that may not have got there."""


@frozen
class Scan:
    """What a scan did.

    Attributes:
        enqueued: Rows that are on their way, by document type.
        more: Whether rows may be left: a queue was filled up, or had no room.
    """

    enqueued: dict[str, int]
    more: bool


@define
class Producer:
    """Scans.

    Attributes:
        sql: Where the rows are.
        queues: Where the messages go.
        high_water: No queue is filled beyond so many messages.
        lease: Seconds until a claimed row that no worker began is claimed again.
    """

    sql: SqlServer
    queues: Queues
    high_water: int
    lease: float
    _turns: dict[str, int] = field(factory=dict, init=False)

    def scan(self) -> Scan:
        """Claims and enqueues once for every document type, in the order in which they are sent.

        Raises:
            ServerAwayError: SQL Server or Redis is away; what was claimed is handed back.
        """
        rooms = {kind: room for kind in DOCUMENT_TYPES if (room := self._room(kind)) > 0}
        enqueued = dict.fromkeys((kind.name for kind in DOCUMENT_TYPES), 0)
        more = len(rooms) < len(DOCUMENT_TYPES)
        for (kind, room), shops in zip(rooms.items(), due_shops(self.sql, list(rooms)), strict=True):
            claimed = self._claim(kind, room, shops)
            enqueued[kind.name] = len(claimed)
            more = more or len(claimed) >= room
            self._send(claimed)
        return Scan(enqueued=enqueued, more=more)

    def run(self, stop: threading.Event) -> None:
        """Scans again at once as long as rows may be left; what stops it is one line in the log."""
        try:
            while (scan := self.scan()).more and not stop.is_set():
                if not any(scan.enqueued.values()):
                    stop.wait(FULL_SECONDS)
        except (ServerAwayError, StatementError) as error:
            logger.warning("%s; scanning again at the next tick", error)

    def _room(self, kind: DocumentType) -> int:
        """How many messages the queue can take: none before it is half empty, since a claim is worth a batch."""
        waiting = self.queues.waiting(kind.queue)
        return self.high_water - waiting if waiting <= self.high_water // 2 else 0

    def _claim(self, kind: DocumentType, room: int, shops: list[str]) -> list[ClaimedRow]:
        """Fills the room: first the same for every shop, then what some shops left to the others."""
        claimed: list[ClaimedRow] = []
        while shops and room > len(claimed):
            turn = self._turns.get(kind.name, 0)
            given = shares(shops, room - len(claimed), turn)
            self._turns[kind.name] = turn + (len(given) if len(given) < len(shops) else 1)
            rows = claim(self.sql, kind, given, self.lease)
            claimed += rows
            taken = {shop: sum(row.shop_id == shop for row in rows) for shop in given}
            shops = [shop for shop in shops if shop not in given or taken[shop] >= given[shop]]
        return claimed

    def _send(self, claimed: Sequence[ClaimedRow]) -> None:
        refuse_nameless(self.sql, [row for row in claimed if row.local_id is None])
        named = [row for row in claimed if row.local_id is not None]
        left = self.queues.enqueue([_message(row) for row in named])
        if left:
            hand_back(self.sql, [named[place] for place in left])
            raise ServerAwayError("Redis", f"{len(left)} claimed rows were handed back")


def _message(row: ClaimedRow) -> RowMessage:
    return RowMessage(
        queue=row.kind.queue,
        actor=row.kind.actor,
        local_id=str(row.local_id),
        shop_id=row.shop_id,
        claimed=ClaimedAs(row.id, row.attempts),
    )
