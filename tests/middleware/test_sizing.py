"""How many threads a worker has."""

from typing import Any

import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker

from pharmasync.middleware import Sizing


@pytest.mark.parametrize(
    ("asked", "threads", "prefetch"),
    [
        pytest.param({}, 5, 11, id="no flags: the setting's"),
        pytest.param({"worker_threads": 8}, 5, 11, id="--threads 8, Dramatiq's default: not to be told from no flags"),
        pytest.param({"worker_threads": 2}, 2, 4, id="--threads 2: as asked"),
    ],
)
def test_a_worker_without_flags_gets_the_threads_of_the_setting(
    asked: dict[str, Any], threads: int, prefetch: int
) -> None:
    broker = StubBroker(middleware=[Sizing(threads=5, prefetch=11)])
    worker = Worker(broker, worker_timeout=10, **asked)
    worker.start()
    assert (len(worker.workers), worker.queue_prefetch) == (threads, prefetch)
    worker.stop()
