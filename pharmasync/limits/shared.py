"""The limits over all workers, kept in Redis."""

import math
import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import redis
from attrs import define, field

from pharmasync.limits import script
from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Admitted, Answer, Ask, Refusal, Ticket

RATE = "{limits}:rate"
CALLS = "{limits}:calls"

AHEAD_SECONDS = 0.05
"""One trip gives out the moments of so long a time and one more; whoever gave out more would outrun other processes."""

FIRST_MS = 150
"""How long the claim to be first holds without being repeated: three polls."""

REFUSALS = {
    script.REFUSED_BY_SHOP: Refusal.SHOP,
    script.REFUSED_BY_CALLS: Refusal.OVERALL,
    script.REFUSED_BY_RATE: Refusal.RATE,
}


@define
class SharedLimits:
    """Asks Redis, in one round trip for any number of callers and ended calls.

    Attributes:
        client: Redis.
        limits: What is allowed.
        longest_call: Seconds after which a call that was not given back has surely ended.
        patience: How long a caller waits; no moment beyond it is given out.
    """

    client: redis.Redis
    limits: Limits
    longest_call: float
    patience: Patience = field(factory=Patience)

    @cached_property
    def process(self) -> str:
        """The name of this process; made when it is first needed, since Dramatiq forks."""
        return uuid.uuid4().hex

    @cached_property
    def _admit(self) -> Any:
        return self.client.register_script(script.ADMIT)

    def ask(self, callers: Sequence[Ask], ended: Sequence[Ticket]) -> list[Answer]:
        """Gives the slots of ``ended`` back and asks for ``callers``, in their order; the rest need not be answered.

        Raises:
            redis.RedisError: Redis is away.
        """
        keys = [RATE, CALLS, *map(_calls_of, ended), *(_calls_of(caller.ticket) for caller in callers)]
        values = [*self._settings, len(ended), *map(self._holder, ended)]
        for caller in callers:
            values += [self._holder(caller.ticket), _microseconds(caller.waited)]
            values += [int(caller.starving), int(caller.shop_starving)]
        time, *answers = self._admit(keys=keys, args=values)
        return [
            REFUSALS[answer] if answer < 0 else Admitted((answer - time) / 1e6, bool(roomy))
            for answer, roomy in zip(answers[::2], answers[1::2], strict=True)
        ]

    @property
    def _settings(self) -> list[int | str]:
        return [
            _microseconds(self.limits.spacing),
            self.limits.max_calls or 0,
            self.limits.max_calls_per_shop or 0,
            _microseconds(self.longest_call),
            _microseconds(self.patience.overall),
            _microseconds(AHEAD_SECONDS),
            FIRST_MS,
            self.process,
        ]

    def _holder(self, ticket: Ticket) -> str:
        return f"{self.process}:{ticket.number}"


def _calls_of(ticket: Ticket) -> str:
    return f"{CALLS}:{ticket.shop_id}"


def _microseconds(seconds: float) -> int:
    return math.ceil(seconds * 1e6)
