"""A delivery by a worker, played: production's own, with the middleware that decides about it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import attrs
from attrs import define, field
from dramatiq.broker import MessageProxy
from dramatiq.brokers.stub import StubBroker

from pharmasync.accounts import ShopAccounts
from pharmasync.decisions.pauses import Pauses
from pharmasync.delivery import deliver
from pharmasync.desk import Desk
from pharmasync.errors import ServerAwayError
from pharmasync.in_hand import InHand, in_hand
from pharmasync.late_thread import LateThread
from pharmasync.leases import Lease, Leases
from pharmasync.middleware import HoldInHand, Retries
from pharmasync.national.guard import NoGuard
from pharmasync.national.turnstile import OpenTurnstile
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import LoneTrips, together
from pharmasync.sqlserver.renewal import RenewLeases
from tests.properties.call_fates import carry
from tests.properties.gate import PlayersGate
from tests.properties.laws import Who
from tests.properties.messages import KeptMessage
from tests.properties.players import Player
from tests.properties.rows import Key
from tests.properties.sql_fates import FatedSql, PlayersSql, SqlFate

BROKER = StubBroker()

RENEWED_AT = 0.7
"""How much of a lease is left when it is renewed."""


@define
class TokenShelf:
    """The tokens of all shops, which all workers share."""

    tokens: dict[str, str] = field(factory=dict)
    refused: set[str] = field(factory=set)

    def get(self, shop_id: str, *, newest: bool = False) -> str | None:  # noqa: ARG002 - this one has no older ones
        """The shop's token; all shops have logged in before an example begins."""
        return self.tokens.get(shop_id, "an old one")

    def put(self, shop_id: str, token: str) -> None:
        """Keeps it."""
        self.tokens[shop_id] = token

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """None: two logins at once only cost a login, and here nobody may wait for another player."""
        assert name
        yield

    def was_refused(self, fingerprint: str) -> bool:
        """Whether a login was."""
        return fingerprint in self.refused

    def remember_refusal(self, fingerprint: str) -> None:
        """Remembers that it was."""
        self.refused.add(fingerprint)


def played_desk(template: Desk, sql: SqlServer, shelf: TokenShelf, *, limited: bool) -> Desk:
    """Production's desk, with edges before which a player stops; one that is not ``limited`` waits for no turns."""
    own, gate, national = PlayersSql(sql._address), PlayersGate(), template.national
    before: dict[str, Any] = {"turnstile": OpenTurnstile(), "guard": NoGuard()}
    if limited:
        before = {"turnstile": gate, "guard": gate.guard()}
    trips = LoneTrips(own)
    accounts = ShopAccounts(trips=trips, sql=own, default=None)
    login = attrs.evolve(national.login, call=carry, cache=shelf, accounts=accounts, **before)
    played = attrs.evolve(national, transport=carry, login=login, **before)
    return attrs.evolve(template, trips=trips, national=played)


@define(eq=False)
class Delivery:
    """One message in the hands of one worker, which is a process of its own.

    Attributes:
        held: What production knows of it.
    """

    name: str
    message: KeptMessage
    desk: Desk
    pauses: Pauses
    player: Player = field(init=False)
    held: InHand | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.player = Player(self.name, self._work)
        leases = self.desk.leases
        self.desk = attrs.evolve(self.desk, leases=Leases(leases.renew, leases.seconds))
        self.desk.leases._keeper = LateThread(lambda: None, "the test says when leases are renewed")

    @property
    def row(self) -> Key | None:
        """The row that it began, as far as it knows."""
        return None if self.held is None or self.held.row is None else (self.held.row.kind.name, self.held.row.id)

    @property
    def who(self) -> Who:
        """What the statement before which it stands is for."""
        if self.held is not None and self.held.outcome is not None:
            return Who.OUTCOME
        return Who.BEGIN if self.row is None else Who.PAUSE

    @property
    def lease(self) -> Lease | None:
        """The lease of its row, as long as it works on it."""
        return None if self.held is None or self.player.is_done else self.held.lease

    @property
    def may_post(self) -> bool:
        """Whether its next move, or the one after it, may be a call that stores its document."""
        return self.lease is not None and self.lease.is_sound and self.held is not None and self.held.outcome is None

    def age_lease(self, share: float) -> None:
        """Lets time pass until no more than so much of its lease is left, of 1; nothing where it is over."""
        if self.lease is not None:
            left = share * self.lease.seconds if share else -1.0
            self.lease.until = min(self.lease.until, time.monotonic() + left)

    def renew_lease(self, sql: SqlServer, fate: SqlFate) -> None:
        """Renews its lease as the keeper of leases does, some time after the last renewal."""
        leases = self.desk.leases
        errand = RenewLeases(leases.seconds)
        leases.renew = lambda rows: together(FatedSql(sql, fate), errand, rows)
        self.age_lease(RENEWED_AT)
        leases.renew_all()

    def _work(self) -> None:
        proxy = MessageProxy(self.message.message)
        holding, retries = HoldInHand(), Retries(self.desk.write, self.pauses)
        holding.before_process_message(BROKER, proxy)
        self.held = in_hand()
        failure: Exception | None = None
        try:
            deliver(self.desk, self.message.kind, self.message.message.args, {})
        except Exception as error:  # noqa: BLE001 - whatever a message raises, Dramatiq tells its middleware
            failure = error
        with suppress(ServerAwayError):  # Dramatiq writes what a hook raises into its log
            retries.after_process_message(BROKER, proxy, exception=failure)
        holding.after_process_message(BROKER, proxy)
