"""What stands before each call, played: production's guard of the circuit, and the limits of calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define

from pharmasync.circuit import CircuitGuard, State
from pharmasync.errors import LimitReachedError
from tests.properties.call_fates import Turn, TurnFate
from tests.properties.players import stop_before


@define
class PlayersGate:
    """A circuit and a turnstile in one: a player stops once before each call, to wait for its turn."""

    _fate: TurnFate = TurnFate.COMES

    def guard(self) -> CircuitGuard:
        """Production's guard over this circuit."""
        circuit: Any = self
        return CircuitGuard(circuit)

    def state(self) -> State:
        """The state of the circuit, as the turn's fate has it."""
        self._fate = stop_before(Turn())
        return State(is_open=self._fate in {TurnFate.CIRCUIT_OPEN, TurnFate.PROBE})

    def take_probe(self, row: str | None) -> bool:
        """Whether this call is the probe; only a row's is."""
        return self._fate is TurnFate.PROBE and row is not None

    def close_or_stay_open(self, *, up: bool) -> None:
        """What a probe found is forgotten, since fate decides about the next turn; so is what a call found."""

    def succeed(self) -> None:
        """Likewise."""

    def fail(self) -> None:
        """Likewise."""

    @contextmanager
    def pass_for(self, shop_id: str) -> Iterator[None]:
        """Raises LimitReachedError where there is no room."""
        if self._fate is TurnFate.NO_ROOM:
            raise LimitReachedError(f"no room for {shop_id}")
        yield
