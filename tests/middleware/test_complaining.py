"""A broker that is away for a night is a line a minute in the workers' log, not four a second."""

import logging
from collections.abc import Iterable, Iterator

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerConnectionError

from pharmasync.middleware import ComplainSeldom
from pharmasync.middleware.complaining import DRAMATIQS_LOGGER, REMINDER_SECONDS, REPEATED

QUEUES = ("import_queue", "sale_queue")


class AwayBroker(StubBroker):
    """Has queues that nobody can consume."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 100) -> dramatiq.Consumer:  # noqa: ARG002
        raise BrokerConnectionError("connection refused")  # type: ignore[no-untyped-call]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    for queue in QUEUES:
        for name in (queue, f"{queue}.DQ"):
            logging.getLogger(DRAMATIQS_LOGGER.format(queue=name)).filters.clear()


def boot(now: list[float]) -> AwayBroker:
    broker = AwayBroker(middleware=[ComplainSeldom(lambda: now[0])])
    for queue in QUEUES:
        broker.declare_queue(queue)
    return broker


def say(words: Iterable[str]) -> None:
    for queue in QUEUES:
        for line in words:
            logging.getLogger(DRAMATIQS_LOGGER.format(queue=queue)).critical(line, 3.0)


def test_consumers_that_find_no_broker_say_so_together_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    worker = Worker(boot([0.0]), worker_threads=1)
    worker.start()
    worker.stop()
    told = [message for message in caplog.messages if "onsumer" in message]
    assert told == [
        "Consumer encountered a connection error: connection refused",
        "Restarting consumer in 3.00 seconds.",
    ]


def test_they_say_it_again_after_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    now = [0.0]
    broker = boot(now)
    broker.emit_before("worker_boot", Worker(broker))
    for now[0] in (0.0, REMINDER_SECONDS - 1, REMINDER_SECONDS, REMINDER_SECONDS + 1):
        say(REPEATED)
    assert len(caplog.messages) == 2 * len(REPEATED)


def test_what_else_they_say_is_told_each_time(caplog: pytest.LogCaptureFixture) -> None:
    broker = boot([0.0])
    broker.emit_before("worker_boot", Worker(broker))
    say(["Consumer encountered an unexpected error. %s"] * 2)
    assert len(caplog.messages) == 2 * len(QUEUES)
