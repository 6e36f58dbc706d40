"""The world of an example: the rows, the national API, the messages, and everybody who works on them."""

from typing import Any, TypeVar

from attrs import define, field

from pharmasync.decisions.status import Status
from pharmasync.desk import Desk
from pharmasync.documents import DocumentType
from pharmasync.settings import Settings
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import paused_shops
from tests.pharmacy import Pharmacy
from tests.properties import carrying, laws
from tests.properties.call_fates import AnswerFate, CallFate, NationalCall, Turn, TurnFate
from tests.properties.carrying import Coming
from tests.properties.delivering import Delivery, TokenShelf, played_desk
from tests.properties.fates import Fate, kind
from tests.properties.laws import Who
from tests.properties.ledger import Ledger
from tests.properties.messages import Enqueue, EnqueueFate, KeptMessage, claimed
from tests.properties.national_api import Habits, NationalApi
from tests.properties.producing import Scan
from tests.properties.rows import EMPTY, MARKED, Document, Key
from tests.properties.sql_fates import SqlFate, Statement

FACILITIES = {"S1": "GPP-1", "S2": "GPP-1", "S3": "GPP-3"}
"""The shops and their facilities; two of them share one."""

MOST_STEPS = 200
"""No work has so many."""

Actor = Scan | Delivery
Started = TypeVar("Started", Scan, Delivery)


@define(eq=False)
class World:
    """Everything there is in an example.

    Attributes:
        sql: The test's own way to SQL Server, which never fails.
        settings: Production's settings.
        template: Production's desk, from which each worker gets its own.
        habits: The API's habits.
        limited: Whether calls to the API wait for their turn.
    """

    sql: SqlServer
    settings: Settings
    template: Desk
    habits: Habits
    limited: bool
    api: NationalApi = field(init=False)
    ledger: Ledger = field(init=False)
    shelf: TokenShelf = field(factory=TokenShelf, init=False)
    documents: list[Document] = field(factory=list, init=False)
    messages: list[KeptMessage] = field(factory=list, init=False)
    actors: list[Actor] = field(factory=list, init=False)
    paused: list[str] = field(factory=list, init=False)
    _named: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.sql.run(EMPTY)
        self.api = NationalApi(self.habits)
        self.ledger = Ledger(self.sql)

    @property
    def deliveries(self) -> list[Delivery]:
        """The deliveries that are not over."""
        return [actor for actor in self.actors if isinstance(actor, Delivery)]

    @property
    def failed(self) -> list[Document]:
        """The documents that failed."""
        rows = self.ledger.rows
        return [document for document in self.documents if rows[document.key].status is Status.FAILED]

    def insert(self, kind: DocumentType, code: str, shop: str) -> Document:
        """A pharmacy inserts a document."""
        mark, facility = f"number {len(self.documents)}.", FACILITIES[shop]
        columns: dict[str, Any] = {MARKED[kind.name]: mark, "pharmacy_code": facility}
        row_id = Pharmacy(self.sql).add(kind, code, shop, **columns)
        document = Document(kind, row_id, code, shop, facility, mark)
        self.documents.append(document)
        self.observe(Who.PHARMACY)
        return document

    def start_scan(self) -> Scan:
        """A producer starts a scan."""
        return self._start(Scan(self.settings, self._name("scan")))

    def start_delivery(self, message: KeptMessage) -> Delivery:
        """A worker takes a message."""
        desk = played_desk(self.template, self.sql, self.shelf, limited=self.limited)
        return self._start(Delivery(self._name("delivery"), message, desk, self.settings.pauses))

    def step(self, actor: Actor, fate: Fate) -> None:
        """Somebody does the thing before which it stands, and goes on to the next."""
        thing = actor.player.stands_before
        match thing, fate:
            case Statement() as statement, SqlFate():
                trip = statement.carried_out(self.sql, fate)
                if statement.changes:
                    self._observe_statement(actor)
                actor.player.go_on(trip)
            case NationalCall() as call, CallFate():
                carrying.make(actor.player, self.api, call, fate)
            case Coming() as coming, AnswerFate():
                carrying.hear(actor.player, self.api, coming, fate)
            case Enqueue() as enqueue, EnqueueFate():
                self._enqueue(actor, enqueue, fate)
            case Turn(), TurnFate():
                actor.player.go_on(fate)
            case _:
                raise AssertionError(thing, fate)
        if actor.player.is_done:
            self.actors.remove(actor)

    def finish(self, actor: Actor, steps: int = MOST_STEPS) -> None:
        """Everything goes well with somebody's work, to its end or for so many steps."""
        for _ in range(steps):
            if actor.player.is_done:
                return
            self.step(actor, kind(actor.player.stands_before))
        assert steps < MOST_STEPS, f"{actor} has no end"

    def kill(self, actor: Actor) -> None:
        """Somebody dies."""
        actor.player.kill()
        self.actors.remove(actor)

    def observe(self, who: Who, delivery: Delivery | None = None) -> list[Key]:
        """Judges what a move did to the rows, and whether what is delivered is stored; returns the rows it changed."""
        changed = self.ledger.observe(who, delivery)
        if who in {Who.PAUSE, Who.RESUME}:
            self.paused = sorted(paused_shops(self.sql))
        for key in changed:
            (document,) = (each for each in self.documents if each.key == key)
            stored = self.api.held(document.kind, document.facility, document.code)
            laws.what_is_delivered_is_stored(self.ledger.rows[key], document, stored)
        return changed

    def _start(self, actor: Started) -> Started:
        actor.player.start()
        if not actor.player.is_done:
            self.actors.append(actor)
        return actor

    def _name(self, what: str) -> str:
        self._named += 1
        return f"{what} {self._named}"

    def _observe_statement(self, actor: Actor) -> None:
        if isinstance(actor, Delivery):
            self.observe(actor.who, actor)
            return
        changed = self.observe(Who.PRODUCER)
        actor.claimed_at |= dict.fromkeys(changed, self.ledger.move)

    def _enqueue(self, scan: Actor, enqueue: Enqueue, fate: EnqueueFate) -> None:
        assert isinstance(scan, Scan)
        if fate.gets_there:
            self.messages += [claimed(message, scan.claimed_at) for message in enqueue.messages]
        scan.player.go_on([] if fate.is_known else list(range(len(enqueue.messages))))
