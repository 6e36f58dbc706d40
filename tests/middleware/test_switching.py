"""Threads that only work for moments at a time need not be made to take turns."""

import sys
from collections.abc import Iterator

import pytest
from dramatiq import Broker, Worker

from pharmasync.middleware import SwitchSeldom
from pharmasync.middleware.switching import TURN_SECONDS


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_a_workers_threads_have_longer_turns_than_pythons_own(broker: Broker) -> None:
    SwitchSeldom().after_worker_boot(broker, Worker(broker, worker_threads=1))
    assert sys.getswitchinterval() == pytest.approx(TURN_SECONDS)
    assert TURN_SECONDS > 0.005
