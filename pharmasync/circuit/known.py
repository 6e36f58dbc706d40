"""The circuit as a process knows it: what it read of the state is believed for a second."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from attrs import define, evolve, field

from pharmasync.circuit.outage import Circuit, OutageProofCircuit
from pharmasync.circuit.state import CLOSED, State

logger = logging.getLogger(__name__)

T = TypeVar("T")

BELIEF_SECONDS = 1.0
"""In normal times this is one round trip a second, however many calls there are."""


@define(eq=False)
class KnownCircuit:
    """What the guard and the intake of a process ask and tell.

    Attributes:
        circuit: Where the state is.
        clock: Now, in seconds, monotonic.
    """

    circuit: OutageProofCircuit
    clock: Callable[[], float] = time.monotonic
    _belief: State = field(default=CLOSED, init=False)
    _read_at: float = field(default=float("-inf"), init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def state(self) -> State:
        """The state, as it was a second ago at most."""
        # While it is closed nobody waits for the one who reads; while it is open nobody is in a hurry.
        if self._is_old() and self._lock.acquire(blocking=self._belief.is_open):
            try:
                if self._is_old():
                    self._believe(self._ask(lambda circuit: circuit.read()))
            finally:
                self._lock.release()
        belief, age = self._belief, self.clock() - self._read_at
        return belief if belief.closed_for is None else evolve(belief, closed_for=belief.closed_for + age)

    def fail(self) -> None:
        """A call found the server down; says nothing new while it is open."""
        with self._lock:
            if not self._belief.is_open:
                self._believe(self._ask(lambda circuit: circuit.fail()))

    def succeed(self) -> None:
        """A call was answered; costs nothing where there is nothing to make good.

        Where the circuit is open the call was under way since before: the probe alone closes it.
        """
        if self._has_failures():
            with self._lock:
                if self._has_failures():
                    self._believe(self._ask(lambda circuit: circuit.succeed()))

    def close_or_stay_open(self, *, up: bool) -> None:
        """The probe came back."""
        with self._lock:
            self._believe(self._ask(lambda circuit: circuit.close_or_stay_open(up=up)))

    def may_probe(self) -> bool:
        """Whether it is this producer's turn to send a probe."""
        return self._ask(lambda circuit: circuit.may_probe())

    def announce_probe(self, row: str) -> None:
        """Names the row that is the probe."""
        self._ask(lambda circuit: circuit.announce_probe(row))

    def take_probe(self, row: str | None) -> bool:
        """Whether this row is the probe."""
        return self._ask(lambda circuit: circuit.take_probe(row))

    def let(self, second: int) -> bool:
        """Whether this producer gets the rows of a second of the ramp."""
        return self._ask(lambda circuit: circuit.let(second))

    def _ask(self, question: Callable[[Circuit], T]) -> T:
        return self.circuit.ask(question, was_open=self._belief.is_open)

    def _is_old(self) -> bool:
        return self.clock() - self._read_at >= BELIEF_SECONDS

    def _has_failures(self) -> bool:
        return self._belief.failures > 0 and not self._belief.is_open

    def _believe(self, state: State) -> None:
        """Takes note of the state; that it changed is one line in this process's log."""
        if state.is_open and not self._belief.is_open:
            logger.warning("The national server does not answer: calls to it pause, but for a probe now and then")
        if self._belief.is_open and not state.is_open:
            logger.warning("Calls to the national server go on, few of them at first")
        self._belief, self._read_at = state, self.clock()
