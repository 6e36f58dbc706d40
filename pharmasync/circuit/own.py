"""The circuit within this process, for as long as Redis is away."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pybreaker
from attrs import define, field

from pharmasync.circuit.breaker import Breaker
from pharmasync.circuit.state import State


@define(eq=False)
class OwnCircuit:
    """A breaker in memory. No producer knows of it, so that a call now and then is the probe, whichever row it is for.

    Attributes:
        failures: Opens after so many failures in a row.
        probe_seconds: From one probe to the next.
        clock: Now, in seconds, monotonic.
    """

    failures: int
    probe_seconds: float
    clock: Callable[[], float] = time.monotonic
    _storage: pybreaker.CircuitMemoryStorage = field(init=False)
    _breaker: Breaker = field(init=False)
    _probe_at: float = field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self._storage = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._breaker = Breaker(self._storage, self.failures)

    def begin(self, *, is_open: bool) -> None:
        """Begins anew, as the shared circuit was left."""
        self._storage.reset_counter()
        self._storage.state = pybreaker.STATE_OPEN if is_open else pybreaker.STATE_CLOSED
        self._storage.opened_at = datetime.now(UTC)
        self._probe_at = self.clock() + self.probe_seconds

    def read(self) -> State:
        """The state."""
        is_open = self._storage.state != pybreaker.STATE_CLOSED
        return State(
            is_open=is_open,
            failures=self._storage.counter,
            opened_at=self._storage.opened_at if is_open else None,
        )

    def fail(self) -> State:
        """A call found the server down."""
        was_open = self.read().is_open
        self._breaker.fail()
        if not was_open:
            self._probe_at = self.clock() + self.probe_seconds
        return self.read()

    def succeed(self) -> State:
        """A call was answered."""
        self._breaker.succeed()
        return self.read()

    def close_or_stay_open(self, *, up: bool) -> State:
        """The probe came back."""
        self._breaker.close_or_stay_open(up=up)
        return self.read()

    def take_probe(self, row: str | None) -> bool:  # noqa: ARG002 - any row
        """Whether the call may be the probe: one each interval."""
        now = self.clock()
        if now < self._probe_at:
            return False
        self._probe_at = now + self.probe_seconds
        return True

    def may_probe(self) -> bool:
        """A producer makes no calls and has nothing to find out."""
        return False

    def announce_probe(self, row: str) -> None:
        """Nobody would hear."""

    def let(self, second: int) -> bool:  # noqa: ARG002 - there is no ramp
        """Everybody has everything."""
        return True
