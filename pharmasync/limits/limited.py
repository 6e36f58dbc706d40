"""The turnstile where a limit is set."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from attrs import define

from pharmasync.errors import LimitReachedError
from pharmasync.limits.gate import Gate
from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.line import Line
from pharmasync.limits.outage import OutageProofLimits
from pharmasync.limits.own import OwnLimits
from pharmasync.limits.shared import SharedLimits
from pharmasync.limits.ticket import Ticket

PATIENCE = Patience()


@define
class LimitedTurnstile:
    """Lets calls through as the limits allow.

    Attributes:
        gate: Where callers wait.
    """

    gate: Gate

    @classmethod
    def on(
        cls, client: redis.Redis, limits: Limits, longest_call: float, patience: Patience = PATIENCE
    ) -> "LimitedTurnstile":
        """A turnstile whose limits hold over all processes that use this Redis; nothing is connected yet.

        Args:
            client: Redis.
            limits: What is allowed.
            longest_call: Seconds that a call takes at most; after this the slot of a killed worker comes free.
            patience: How long a caller waits.
        """
        shared = SharedLimits(client, limits, longest_call, patience)
        return cls(Gate(Line(limits, patience), OutageProofLimits(shared, OwnLimits(limits, patience))))

    def try_out(self) -> None:
        """Makes a trip that asks for nobody.

        Raises:
            redis.RedisError: Redis is away, or does not let us do what the limits need.
        """
        self.gate.limits.shared.ask([], [], self.gate.clock())

    @contextmanager
    def pass_for(self, shop_id: str) -> Iterator[None]:
        """Waits until a call of the shop may be made; the call counts as under way until the context ends.

        Raises:
            LimitReachedError: On entering, where that would take too long.
        """
        ticket = self.gate.join(shop_id)
        try:
            self._wait(ticket)
            yield
        finally:
            self.gate.leave(ticket)

    def _wait(self, ticket: Ticket) -> None:
        ticket.answered.wait()
        if ticket.refusal is not None:
            raise LimitReachedError(ticket.refusal.value)
        if ticket.moment is not None:
            time.sleep(max(0.0, ticket.moment - self.gate.clock()))
