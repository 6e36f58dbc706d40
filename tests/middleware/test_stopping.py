"""A supervisor that signals the worker and its master, whose master then passes the signal on, has told it once."""

import signal
from collections.abc import Iterator

import pytest
from dramatiq.brokers.stub import StubBroker

from pharmasync.middleware import StopOnce
from pharmasync.middleware.stopping import SAME_SIGNAL_SECONDS

STOPPING = [signal.SIGTERM, signal.SIGHUP]


class Handler:
    """Stands for Dramatiq's own, which kills the worker the second time."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def __call__(self, number: int, _frame: object) -> None:
        self.told.append(number)


@pytest.fixture
def dramatiqs() -> Iterator[Handler]:
    handler = Handler()
    before = {number: signal.signal(number, handler) for number in STOPPING}
    yield handler
    for number, old in before.items():
        signal.signal(number, old)


def boot(now: list[float]) -> None:
    StubBroker(middleware=[StopOnce(lambda: now[0])]).emit_after("process_boot")


@pytest.mark.parametrize("number", STOPPING)
def test_a_signal_that_comes_twice_at_once_stops_the_worker_and_does_not_kill_it(
    dramatiqs: Handler, number: signal.Signals
) -> None:
    boot([0.0])
    signal.raise_signal(number)
    signal.raise_signal(number)
    assert dramatiqs.told == [number]


def test_one_that_comes_later_is_somebody_who_will_not_wait(dramatiqs: Handler) -> None:
    now = [0.0]
    boot(now)
    signal.raise_signal(signal.SIGTERM)
    now[0] = SAME_SIGNAL_SECONDS + 1
    signal.raise_signal(signal.SIGTERM)
    assert dramatiqs.told == [signal.SIGTERM, signal.SIGTERM]


def test_where_nobody_handles_the_signal_nothing_is_changed() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        boot([0.0])
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
