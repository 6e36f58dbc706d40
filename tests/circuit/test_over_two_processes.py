"""Two processes and one Redis: what one of them learns the other obeys."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import redis

from pharmasync.circuit import CircuitGuard, KnownCircuit, OutageProofCircuit, OwnCircuit, SharedCircuit
from pharmasync.errors import CircuitOpenError, UnreachableError
from pharmasync.national.http import Request, Response

pytestmark = pytest.mark.integration

POST = Request(method="POST", path="/", writes=True)
FAILURES = 20

OTHER = """
import redis, sys
from pharmasync.circuit import CircuitGuard, KnownCircuit, OutageProofCircuit, OwnCircuit, SharedCircuit
from pharmasync.errors import CircuitOpenError, DeliveryError, UnreachableError
from pharmasync.national.http import Request, Response
shared = SharedCircuit(redis.Redis.from_url(sys.argv[1]), 20, 5.0, ramp_seconds=60.0)
guard = CircuitGuard(KnownCircuit(OutageProofCircuit(shared, OwnCircuit(20, 5.0))), row=lambda: "sales_invoice:1")
def fail():
    raise UnreachableError("refused")
def succeed():
    return Response(status=200)
for line in sys.stdin:
    try:
        guard.carry(Request(method="POST", path="/", writes=True), globals()[line.strip()])
        print("answered", flush=True)
    except CircuitOpenError:
        print("paused", flush=True)
    except DeliveryError:
        print("failed", flush=True)
"""


@pytest.fixture
def guard(redis_url: str) -> CircuitGuard:
    shared = SharedCircuit(redis.Redis.from_url(redis_url), FAILURES, 5.0, ramp_seconds=60.0)
    known = KnownCircuit(OutageProofCircuit(shared, OwnCircuit(FAILURES, 5.0)))
    return CircuitGuard(known, row=lambda: "sales_invoice:2")


def refused() -> Response:
    raise UnreachableError("refused")


def outcome(guard: CircuitGuard, call: Callable[[], Response]) -> str:
    try:
        guard.carry(POST, call)
    except CircuitOpenError:
        return "paused"
    except UnreachableError:
        return "failed"
    return "answered"


def test_one_opens_it_and_the_other_pauses_and_its_probe_closes_it_for_both(
    guard: CircuitGuard, redis_url: str, client: "redis.Redis"
) -> None:
    command = [sys.executable, "-c", OTHER, redis_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def ask(word: str) -> str:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write(f"{word}\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        def until(is_so: Callable[[], bool]) -> None:
            deadline = time.monotonic() + 10
            while not is_so():
                assert time.monotonic() < deadline
                threading.Event().wait(0.02)

        assert ask("succeed") == "answered"
        assert [ask("fail") for _ in range(FAILURES // 2)] == ["failed"] * (FAILURES // 2)
        assert [outcome(guard, refused) for _ in range(FAILURES // 2)] == ["failed"] * (FAILURES // 2)
        assert outcome(guard, refused) == "paused"
        until(lambda: ask("succeed") == "paused")

        guard.circuit.announce_probe("sales_invoice:1")
        assert outcome(guard, refused) == "paused", "the probe is another row"
        assert ask("succeed") == "answered"
        until(lambda: outcome(guard, lambda: Response(status=200)) == "answered")
        other.stdin.close()
    assert not client.exists("{circuit}")


def test_thousands_of_calls_that_go_well_cost_one_read_a_second(guard: CircuitGuard, client: "redis.Redis") -> None:
    client.config_resetstat()
    began = time.monotonic()
    for _ in range(5000):
        guard.carry(POST, lambda: Response(status=200))
    seconds = time.monotonic() - began
    reads = int(client.info("commandstats")["cmdstat_hgetall"]["calls"])
    assert reads <= 1 + seconds


def test_now_and_then_a_lost_answer_never_opens_it(guard: CircuitGuard) -> None:
    for number in range(2000):
        assert outcome(guard, refused if number % 20 == 0 else lambda: Response(status=500)) != "paused"
