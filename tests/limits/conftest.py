"""What the tests of limits share: callers with tickets, and turnstiles that stand for processes."""

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from pharmasync.limits.limited import LimitedTurnstile
from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Ticket

Tickets = Callable[..., list[Ticket]]
OpenTurnstileOn = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def tickets() -> Tickets:
    """Makes a ticket for each shop that is named, in this order."""
    numbers = itertools.count()

    def make(*shops: str, since: float = 0.0) -> list[Ticket]:
        return [Ticket(next(numbers), shop, since) for shop in shops]

    return make


@pytest.fixture
def client(redis_url: str) -> Iterator["redis.Redis"]:
    """An empty Redis."""
    with redis.Redis.from_url(redis_url) as connected:
        yield connected


@pytest.fixture
def a_process(redis_url: str, until: Until) -> Iterator[OpenTurnstileOn]:
    """Makes the turnstile of one more process; it hangs up, lest a socket that is left behind fail a later test."""
    made: list[LimitedTurnstile] = []

    def make(
        limits: Limits, *, patience: Patience | None = None, longest_call: float = 60.0, url: str = redis_url
    ) -> LimitedTurnstile:
        connection = redis.Redis.from_url(url, socket_connect_timeout=1.0, socket_timeout=2.0, retry=None)
        turnstile = LimitedTurnstile.on(connection, limits, longest_call, patience or Patience())
        made.append(turnstile)
        return turnstile

    yield make
    for turnstile in made:
        turnstile.gate.close()
        shared = turnstile.gate.limits.shared
        until(lambda shared=shared: shared.usher._subscription is None)  # type: ignore[misc]
        shared.client.close()


@pytest.fixture
def until() -> Until:
    """Waits until something is so that no signal tells of."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.002)

    return wait
