"""The circuit over all processes, kept in Redis."""

from datetime import UTC, datetime
from typing import Any

import pybreaker
import redis
from attrs import define, field

from pharmasync.circuit.breaker import Breaker
from pharmasync.circuit.state import State
from pharmasync.circuit.storage import CIRCUIT, FAILURES, OPENED_AT, PROBED_AT, RAMP, STATE, SharedStorage, moment

TURN = "{circuit}:turn"
PROBE = "{circuit}:probe"
LET = "{circuit}:let"

PROBE_LIFE_SECONDS = 60
"""A probe that no worker began for so long is none any more; there are younger ones."""

LET_SECONDS = 5
"""How long it is remembered who got the rows of a second."""

TAKE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


@define(eq=False)
class SharedCircuit:
    """Asks Redis; every method raises :class:`redis.RedisError` while that is away.

    Attributes:
        client: Redis.
        failures: Opens after so many failures in a row.
        probe_seconds: From one probe to the next.
        ramp_seconds: How long it is remembered that it closed.
    """

    client: "redis.Redis"
    failures: int
    probe_seconds: float
    ramp_seconds: float
    _breaker: Breaker = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._breaker = Breaker(SharedStorage(self.client, self.ramp_seconds), self.failures)

    def read(self) -> State:
        """The state, in one round trip."""
        pipeline = self.client.pipeline(transaction=False)
        pipeline.hgetall(CIRCUIT)
        pipeline.pttl(RAMP)
        kept, ramp_left = pipeline.execute()
        return _state(kept, self.ramp_seconds - ramp_left / 1000 if ramp_left > 0 else None)

    def fail(self) -> State:
        """A call found the server down."""
        self._breaker.fail()
        return self.read()

    def succeed(self) -> State:
        """A call was answered."""
        self._breaker.succeed()
        return self.read()

    def close_or_stay_open(self, *, up: bool) -> State:
        """The probe came back."""
        self._breaker.close_or_stay_open(up=up)
        return self.read()

    def may_probe(self) -> bool:
        """Whether it is this producer's turn to send a probe: one among all of them each interval."""
        if not self.client.set(TURN, "", nx=True, px=int(self.probe_seconds * 1000)):
            return False
        self.client.hset(CIRCUIT, PROBED_AT, datetime.now(UTC).isoformat())
        return True

    def announce_probe(self, row: str) -> None:
        """Names the row that the workers let through; it takes the place of one that was named before."""
        self.client.set(PROBE, row, ex=PROBE_LIFE_SECONDS)

    def take_probe(self, row: str | None) -> bool:
        """Whether this row is the probe; only the first call for it is told so."""
        return row is not None and bool(self.client.eval(TAKE, 1, PROBE, row))

    def let(self, second: int) -> bool:
        """Whether this producer gets the rows of a second of the ramp; the first that asks does."""
        return bool(self.client.set(f"{LET}:{second}", "", nx=True, ex=LET_SECONDS))


def _state(kept: dict[bytes, bytes], closed_for: float | None) -> State:
    fields: dict[str, Any] = {name.decode(): value for name, value in kept.items()}
    name = fields.get(STATE, b"").decode()
    return State(
        is_open=name in {pybreaker.STATE_OPEN, pybreaker.STATE_HALF_OPEN},
        failures=int(fields.get(FAILURES, 0)),
        opened_at=moment(fields.get(OPENED_AT)),
        probed_at=moment(fields.get(PROBED_AT)),
        closed_for=closed_for,
    )
