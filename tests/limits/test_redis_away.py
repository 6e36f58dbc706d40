"""While Redis is away the limits hold within each process: nothing stops, and nothing goes unlimited."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from pharmasync.errors import LimitReachedError
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.limits.shared import CALLS
from pharmasync.sandbox.servers import Valkey, free_port

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
SOON = Patience(shop=0.05, overall=0.1)


@pytest.fixture
def away() -> str:
    return f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    with Valkey() as server:
        yield server


@pytest.mark.parametrize(
    "limits", [Limits(max_calls=1), Limits(max_calls_per_shop=1), Limits(max_rps=0.1)], ids=["calls", "shop", "rate"]
)
def test_each_limit_holds_within_the_process(a_process: AProcess, away: str, limits: Limits) -> None:
    turnstile = a_process(limits, patience=SOON, url=away)
    with turnstile.pass_for("A"), pytest.raises(LimitReachedError), turnstile.pass_for("A"):
        pass


def test_calls_go_on_one_after_the_other(a_process: AProcess, away: str) -> None:
    turnstile = a_process(Limits(max_calls=1), url=away)
    for _ in range(5):
        with turnstile.pass_for("A"):
            pass


def test_the_rate_goes_on(a_process: AProcess, away: str) -> None:
    turnstile = a_process(Limits(max_rps=100.0), url=away)
    began = []
    for _ in range(11):
        with turnstile.pass_for("A"):
            began.append(time.monotonic())
    assert began[-1] - began[0] >= 0.09


def test_an_outage_is_told_once_and_the_limits_are_shared_again_after_it(
    a_process: AProcess, own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pharmasync.limits.outage.RETRY_SECONDS", 0.0)
    turnstile = a_process(Limits(max_calls=2), url=own_valkey.url)
    with caplog.at_level(logging.WARNING):
        with turnstile.pass_for("before"):
            own_valkey.kill()
        for _ in range(3):
            with turnstile.pass_for("meanwhile"):
                pass
        own_valkey.start()
        with turnstile.pass_for("after"), redis.Redis.from_url(own_valkey.url) as client:
            assert client.zcard(CALLS) == 1
    told = ["away" if "away" in message else "back" for message in caplog.messages]
    assert told == ["away", "back"]


def test_a_redis_that_hangs_costs_one_time_out_and_no_call(
    a_process: AProcess, own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    turnstile = a_process(Limits(max_calls=1), url=own_valkey.url)
    with turnstile.pass_for("A"):
        pass
    turnstile.gate.close()
    asked = threading.Event()

    def hang(*_: object) -> None:
        asked.set()
        raise redis.TimeoutError("hangs")

    monkeypatch.setattr(type(turnstile.gate.limits.shared), "ask", hang)
    with turnstile.pass_for("A"):
        assert asked.is_set()
    asked.clear()
    with turnstile.pass_for("A"):
        assert not asked.is_set()
