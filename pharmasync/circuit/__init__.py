"""The circuit breaker: while the national server is down nobody calls it, but for one probe every few seconds.

Its state is one for all processes and lies in Redis; each process believes what it read there for a second. Workers
pass the :class:`CircuitGuard` with every call: it raises while the circuit is open, lets the probe through, and reports
what came of a call where there is something to tell. The producer asks its :class:`Intake` how much it may claim:
nothing while the circuit is open but a probe's row, few rows at first after it closed, and then whatever there is.

pybreaker keeps the state machine. Its own way would be to make the call itself, under a lock and with a write to Redis
for every success; here it is told afterwards (``Breaker``). While Redis is away each process has a circuit of its own.
"""

from pharmasync.circuit.guard import CircuitGuard
from pharmasync.circuit.intake import CircuitIntake, FreeIntake, Intake
from pharmasync.circuit.known import KnownCircuit
from pharmasync.circuit.outage import OutageProofCircuit
from pharmasync.circuit.own import OwnCircuit
from pharmasync.circuit.quiet import Quiet
from pharmasync.circuit.ramp import Ramp
from pharmasync.circuit.shared import SharedCircuit
from pharmasync.circuit.state import State

__all__ = [
    "CircuitGuard",
    "CircuitIntake",
    "FreeIntake",
    "Intake",
    "KnownCircuit",
    "OutageProofCircuit",
    "OwnCircuit",
    "Quiet",
    "Ramp",
    "SharedCircuit",
    "State",
]
