"""What the tests of the circuit share: clocks, and a circuit that is scripted."""

from collections.abc import Callable, Iterator

import pytest
import redis
from attrs import define, field

from pharmasync.circuit import KnownCircuit, OutageProofCircuit, OwnCircuit, SharedCircuit, State
from tests.clock import Clock

FAILURES = 3
PROBE_SECONDS = 5.0


@define
class ScriptedCircuit:
    """Redis as a test wants it; keeps what was asked."""

    state: State = field(factory=State)
    away: bool = False
    asked: list[str] = field(factory=list)
    probe: str | None = None

    def read(self) -> State:
        return self._answer("read")

    def fail(self) -> State:
        return self._answer("fail")

    def succeed(self) -> State:
        return self._answer("succeed")

    def close_or_stay_open(self, *, up: bool) -> State:
        return self._answer("close" if up else "stay open")

    def may_probe(self) -> bool:
        self._answer("may probe")
        return True

    def announce_probe(self, row: str) -> None:
        self._answer("announce")
        self.probe = row

    def take_probe(self, row: str | None) -> bool:
        self._answer("take")
        return row is not None and row == self.probe

    def let(self, second: int) -> bool:
        self._answer(f"let {second}")
        return True

    def _answer(self, question: str) -> State:
        self.asked.append(question)
        if self.away:
            raise redis.ConnectionError("gone")
        return self.state


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scripted() -> ScriptedCircuit:
    return ScriptedCircuit()


@pytest.fixture
def known(scripted: ScriptedCircuit, clock: Clock) -> KnownCircuit:
    """A process's circuit on the scripted one."""
    return KnownCircuit(OutageProofCircuit(scripted, OwnCircuit(FAILURES, PROBE_SECONDS, clock), clock), clock)


@pytest.fixture
def client(redis_url: str) -> Iterator["redis.Redis"]:
    """An empty Redis."""
    with redis.Redis.from_url(redis_url) as connected:
        yield connected


@pytest.fixture
def shared(redis_url: str) -> Iterator[Callable[[], SharedCircuit]]:
    """Makes the circuit of one more process."""
    made: list[SharedCircuit] = []

    def make() -> SharedCircuit:
        made.append(SharedCircuit(redis.Redis.from_url(redis_url), FAILURES, PROBE_SECONDS, ramp_seconds=60.0))
        return made[-1]

    yield make
    for circuit in made:
        circuit.client.close()
