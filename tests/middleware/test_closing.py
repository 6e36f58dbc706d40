"""A stopping worker's calls end in time."""

import math
import time

from dramatiq import Broker, Worker

from pharmasync.closing import ClosingTime
from pharmasync.middleware import CloseInTime
from pharmasync.middleware.closing import LAST_CALLS_SECONDS


def test_nobody_is_in_a_hurry_before_the_worker_stops() -> None:
    assert ClosingTime().moment == math.inf


def test_a_worker_that_stops_announces_when_its_calls_must_have_ended(broker: Broker) -> None:
    closing = ClosingTime()
    CloseInTime(closing).before_worker_shutdown(broker, Worker(broker, worker_threads=1))
    assert 0 < closing.moment - time.monotonic() <= LAST_CALLS_SECONDS


def test_a_second_announcement_gives_no_more_time() -> None:
    closing = ClosingTime()
    closing.announce(1.0)
    first = closing.moment
    closing.announce(100.0)
    assert closing.moment == first
