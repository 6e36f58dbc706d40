"""pybreaker's storage in Redis.

pybreaker brings one, which swallows Redis's errors with a traceback each and calls the circuit closed: here they are
raised, and whoever asked goes on with a breaker of its own. All is in one hash, so that a process reads it in one round
trip, and no hash is a closed circuit: a Redis that was emptied breaks nothing.
"""

from datetime import UTC, datetime
from typing import Any

import pybreaker
import redis
from attrs import define, field

CIRCUIT = "{circuit}"
RAMP = "{circuit}:ramp"
"""There for as long as the ramp lasts: what is left of its time tells when the circuit closed, by nobody's clock."""

STATE = "state"
FAILURES = "failures"
OPENED_AT = "opened_at"
PROBED_AT = "probed_at"


@define(eq=False)
class SharedStorage(pybreaker.CircuitBreakerStorage):
    """The state of the circuit over all processes; every access raises :class:`redis.RedisError` while Redis is away.

    Attributes:
        client: Redis.
        ramp_seconds: How long the ramp lasts after the circuit closed.
    """

    client: "redis.Redis"
    ramp_seconds: float
    _name: str = field(default="redis", init=False)
    _failures: int = field(default=0, init=False)
    _successes: int = field(default=0, init=False)

    @property
    def state(self) -> str:
        """The state's name."""
        name: Any = self.client.hget(CIRCUIT, STATE)
        return pybreaker.STATE_CLOSED if name is None else str(name.decode())

    @state.setter
    def state(self, state: str) -> None:
        if state != pybreaker.STATE_CLOSED:
            self.client.hset(CIRCUIT, STATE, state)
            return
        pipeline = self.client.pipeline()
        pipeline.delete(CIRCUIT)
        pipeline.set(RAMP, "", px=int(self.ramp_seconds * 1000))
        pipeline.execute()

    def increment_counter(self) -> None:
        """One failure more."""
        self._failures = int(self.client.hincrby(CIRCUIT, FAILURES, 1))

    def reset_counter(self) -> None:
        """The row of failures is broken."""
        self._failures = 0
        self.client.hdel(CIRCUIT, FAILURES)

    @property
    def counter(self) -> int:
        """The failures in a row, as the last increment found them."""
        return self._failures

    def increment_success_counter(self) -> None:
        """One success closes a half-open circuit: it is counted for the moment only."""
        self._successes += 1

    def reset_success_counter(self) -> None:
        """Counts anew."""
        self._successes = 0

    @property
    def success_counter(self) -> int:
        """The successes of the moment."""
        return self._successes

    @property
    def opened_at(self) -> datetime | None:
        """When it opened."""
        return moment(self.client.hget(CIRCUIT, OPENED_AT))

    @opened_at.setter
    def opened_at(self, opened_at: datetime) -> None:
        """A probe that failed does not make an outage younger."""
        self.client.hsetnx(CIRCUIT, OPENED_AT, opened_at.isoformat())


def moment(text: Any) -> datetime | None:
    """A time as it is kept."""
    return None if text is None else datetime.fromisoformat(text.decode()).astimezone(UTC)
