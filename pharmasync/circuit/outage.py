"""What happens while Redis is away: each process has a circuit of its own."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

import redis
from attrs import define, field

from pharmasync.circuit.own import OwnCircuit
from pharmasync.circuit.state import State

logger = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_SECONDS = 5.0
"""How long Redis is left alone once it is away."""


class Circuit(Protocol):
    """The circuit: one for all processes, or of this process alone."""

    def read(self) -> State:
        """The state."""

    def fail(self) -> State:
        """A call found the server down."""

    def succeed(self) -> State:
        """A call was answered."""

    def close_or_stay_open(self, *, up: bool) -> State:
        """The probe came back."""

    def may_probe(self) -> bool:
        """Whether it is this producer's turn to send a probe."""

    def announce_probe(self, row: str) -> None:
        """Names the row that is the probe."""

    def take_probe(self, row: str | None) -> bool:
        """Whether this row is the probe."""

    def let(self, second: int) -> bool:
        """Whether this producer gets the rows of a second of the ramp."""


@define(eq=False)
class OutageProofCircuit:
    """Asks Redis, or this process alone while Redis is away; one thread at a time.

    Attributes:
        shared: The circuit over all processes.
        own: The circuit within this process.
        clock: Now, in seconds, monotonic.
    """

    shared: Circuit
    own: OwnCircuit
    clock: Callable[[], float] = time.monotonic
    _away: bool = field(default=False, init=False)
    _retry_at: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def ask(self, question: Callable[[Circuit], T], *, was_open: bool) -> T:
        """The answer; ``was_open`` says how this process begins where Redis has just gone away."""
        with self._lock:
            if not self._away or self.clock() >= self._retry_at:
                try:
                    answer = question(self.shared)
                except redis.RedisError as error:
                    self._is_away(error, was_open=was_open)
                else:
                    self._is_there()
                    return answer
            return question(self.own)

    def _is_away(self, error: redis.RedisError, *, was_open: bool) -> None:
        if not self._away:
            logger.warning("Redis is away (%s): each process keeps a circuit of its own", type(error).__name__)
            self.own.begin(is_open=was_open)
        self._away = True
        self._retry_at = self.clock() + RETRY_SECONDS

    def _is_there(self) -> None:
        if self._away:
            logger.warning("Redis is back: the circuit is one for all processes again")
        self._away = False
