"""An account of Redis that may not do everything: the caps hold, or it is said why they are each process's own."""

import logging
from collections.abc import Callable

import pytest
import redis

from pharmasync.limits import LimitedTurnstile, Limits
from tests.calls import busy

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def account(client: "redis.Redis", redis_url: str) -> Callable[..., str]:
    """Makes an account with these rules alone, and gives the address with it."""

    def make(*rules: str) -> str:
        given: list[object] = ["ACL", "SETUSER", "restricted", "reset", "on", ">word", "~*", "+@all", *rules]
        client.execute_command(*given)  # type: ignore[no-untyped-call]
        return redis_url.replace("redis://", "redis://restricted:word@")

    return make


def test_the_caps_hold_where_answers_cannot_be_done_without(
    a_process: AProcess, client: "redis.Redis", account: Callable[..., str], until: Until
) -> None:
    url = account("&*", "-client|reply")
    processes = [a_process(Limits(max_calls=3, max_calls_per_shop=2), url=url) for _ in range(2)]
    assert busy(processes, callers=10).most == 3
    until(lambda: not client.keys())


def test_what_redis_does_not_allow_is_told(
    a_process: AProcess, account: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    turnstile = a_process(Limits(max_calls=1), url=account("resetchannels"))
    with caplog.at_level(logging.WARNING), turnstile.pass_for("A"):
        pass
    (told,) = caplog.messages
    assert "each process keeps the limits of calls by itself (NoPermissionError: " in told


def test_check_tells_it_too(a_process: AProcess, account: Callable[..., str]) -> None:
    a_process(Limits(max_calls=1), url=account("&*")).try_out()
    with pytest.raises(redis.exceptions.NoPermissionError, match="channel"):
        a_process(Limits(max_calls=1), url=account("resetchannels")).try_out()
