"""What the producer may claim, as the circuit stands."""

import math
from typing import Protocol

from attrs import frozen

from pharmasync.circuit.known import KnownCircuit
from pharmasync.circuit.probe import name_of
from pharmasync.circuit.ramp import Ramp
from pharmasync.documents import DocumentType


class Intake(Protocol):
    """Tells a producer what it may claim."""

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: nothing is claimed but a probe."""

    def may_probe(self) -> bool:
        """Whether it is this producer's turn to send a probe."""

    def announce(self, kind: DocumentType, row_id: int) -> None:
        """Names the row that is the probe, before its message is enqueued."""

    def room(self) -> float:
        """How many rows may be claimed now; endless unless the circuit has just closed."""


class FreeIntake:
    """Whatever there is."""

    is_open = False

    def may_probe(self) -> bool:
        """There is nothing to find out."""
        return False

    def announce(self, kind: DocumentType, row_id: int) -> None:
        """Nobody listens."""

    def room(self) -> float:
        """No limit."""
        return math.inf


@frozen
class CircuitIntake:
    """The intake of a circuit.

    Attributes:
        circuit: The circuit.
        ramp: How fast rows may be claimed after it closed.
    """

    circuit: KnownCircuit
    ramp: Ramp

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open."""
        return self.circuit.state().is_open

    def may_probe(self) -> bool:
        """Whether it is this producer's turn."""
        return self.circuit.may_probe()

    def announce(self, kind: DocumentType, row_id: int) -> None:
        """Names the probe."""
        self.circuit.announce_probe(name_of(kind, row_id))

    def room(self) -> float:
        """How many rows may be claimed now: those of this second of the ramp, if no other producer has them."""
        closed_for = self.circuit.state().closed_for
        if closed_for is None:
            return math.inf
        second = int(closed_for)
        rate = self.ramp.rate(second)
        if rate is None:
            return math.inf
        return rate if rate and self.circuit.let(second) else 0
