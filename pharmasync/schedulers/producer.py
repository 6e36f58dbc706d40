"""One scan: for each document type, as many due rows as its queue has room for, shared fairly between the shops.

A backlog stays in SQL Server: no queue is filled beyond its high-water mark. Several producers may scan at once, since
a row is claimed by one of them only; a batch that could not be enqueued is handed back, or its lease runs out.

While the national server is down nothing is looked for and nothing claimed, but a row every few seconds as a probe.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import Protocol

from attrs import define, field, frozen

from pharmasync.circuit import FreeIntake, Intake
from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.errors import ServerAwayError, StatementError
from pharmasync.queues import RowMessage
from pharmasync.row import ClaimedAs
from pharmasync.schedulers.roster import Roster
from pharmasync.schedulers.trouble import Trouble
from pharmasync.sqlserver.claim import ClaimedRow, Share, claim
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.handing_back import hand_back
from pharmasync.sqlserver.look import Waiting, look
from pharmasync.sqlserver.unsendable import refuse_nameless, refuse_shopless

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
        intake: How much may be claimed, as the circuit stands.
        dice: Decides where the first scan begins, which lane gets an odd row, and which row is a probe.
        trouble: What keeps it from scanning, for the log.
    """

    sql: SqlServer
    queues: Queues
    high_water: int
    lease: float
    intake: Intake = field(factory=FreeIntake)
    dice: Random = field(factory=Random)
    trouble: Trouble = field(factory=Trouble)
    _rosters: dict[DocumentType, Roster] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._rosters = {kind: Roster(self.dice) for kind in DOCUMENT_TYPES}

    def scan(self) -> Scan:
        """Claims and enqueues once for every document type, in the order in which they are sent.

        Raises:
            ServerAwayError: SQL Server or the broker is away; what was claimed is handed back.
        """
        rooms = {kind: room for kind in DOCUMENT_TYPES if (room := self._room(kind)) > 0}
        enqueued = dict.fromkeys((kind.name for kind in DOCUMENT_TYPES), 0)
        if self.intake.is_open:
            self._probe(enqueued)
            return Scan(enqueued=enqueued, more=False)
        left = self.intake.room()
        if left <= 0:
            return Scan(enqueued=enqueued, more=False)
        rooms = {kind: int(min(room, left)) for kind, room in rooms.items()}
        more = len(rooms) < len(DOCUMENT_TYPES)
        looked_for = self._look(rooms)
        for kind, room in rooms.items():
            claimed = self._claim(kind, int(min(room, left)))
            left -= len(claimed)
            enqueued[kind.name] = len(claimed)
            # A look of some time ago does not tell that nothing is left.
            more = more or len(claimed) >= room or kind not in looked_for or self._rosters[kind].is_current
            self._send(claimed)
        return Scan(enqueued=enqueued, more=more)

    def run(self, stop: threading.Event) -> None:
        """Scans again at once as long as rows may be left; what stops it is told in the log."""
        try:
            while (scan := self.scan()).more and not stop.is_set():
                if not any(scan.enqueued.values()):
                    stop.wait(FULL_SECONDS)
        except (ServerAwayError, StatementError) as error:
            self.trouble.tell(error)
        else:
            self.trouble.is_over()

    def _probe(self, enqueued: dict[str, int]) -> None:
        """Sends one row, of any type, shop and lane, where it is this producer's turn.

        By chance, so that no row that fails before its call holds up the others. Nothing goes behind messages that
        nobody has taken: where no worker runs, the probes would pile up.
        """
        if not self.intake.may_probe():
            return
        rooms = {kind: 1 for kind in DOCUMENT_TYPES if self.queues.waiting(kind.queue) == 0}
        found = list(zip(rooms, look(self.sql, rooms), strict=True))
        for kind, work in self.dice.sample(found, len(found)):
            for row in self._claim_one(kind, work.shops):
                self.intake.announce(kind, row.id)
                self._send([row])
                enqueued[kind.name] = 1
                return

    def _claim_one(self, kind: DocumentType, work: Mapping[str, Waiting]) -> list[ClaimedRow]:
        if not work:
            return []
        shop = self.dice.choice(list(work))
        lane = self.dice.choice([lane for lane, rows in work[shop].items() if rows])
        (claimed,) = claim(self.sql, kind, [Share(shop, lane, 1)], self.lease)
        return claimed

    def _room(self, kind: DocumentType) -> int:
        """How many messages the queue can take: none before it is half empty, since a claim is worth a batch."""
        waiting = self.queues.waiting(kind.queue)
        return self.high_water - waiting if waiting <= self.high_water // 2 else 0

    def _look(self, rooms: Mapping[DocumentType, int]) -> Collection[DocumentType]:
        """Looks for shops with due rows where the roster does not tell, and returns for which types."""
        wanted = {kind: room for kind, room in rooms.items() if not self._rosters[kind].is_current}
        for kind, found in zip(wanted, look(self.sql, wanted), strict=True):
            self._rosters[kind].renew(found.shops)
            if found.shopless:
                refuse_shopless(self.sql, kind)
        return wanted

    def _claim(self, kind: DocumentType, room: int) -> list[ClaimedRow]:
        """Fills the room: first the same for every shop, then what some shops left to the others."""
        roster, claimed = self._rosters[kind], list[ClaimedRow]()
        given = roster.next_shares(room)
        while given:
            for share, rows in zip(given, claim(self.sql, kind, given, self.lease), strict=True):
                claimed += rows
                roster.took(share, len(rows))
            given = roster.next_shares(room - len(claimed), at_once=1)
        return claimed

    def _send(self, claimed: Sequence[ClaimedRow]) -> None:
        refuse_nameless(self.sql, [row for row in claimed if row.local_id is None])
        named = [row for row in claimed if row.local_id is not None]
        left = self.queues.enqueue([_message(row) for row in named])
        if left:
            hand_back(self.sql, [named[place] for place in left])
            raise ServerAwayError("the broker", f"{len(left)} claimed rows were handed back")


def _message(row: ClaimedRow) -> RowMessage:
    return RowMessage(
        queue=row.kind.queue,
        actor=row.kind.actor,
        local_id=str(row.local_id),
        shop_id=row.shop_id,
        claimed=ClaimedAs(row.id, row.attempts),
    )
