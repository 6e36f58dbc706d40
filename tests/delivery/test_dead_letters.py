"""What becomes of a message whose document did not get through: nothing of it stays, whichever the broker is."""

from collections.abc import Callable, Iterator

import attrs
import dramatiq
import pytest
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.schedulers.opening import BrokerQueues, open_producer
from pharmasync.settings import Settings
from pharmasync.workers import assemble
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

ROWS = 3


@pytest.fixture
def redis_messages(settings: Settings) -> Iterator[Callable[[], int]]:
    """All messages that Redis keeps of the invoices, wherever."""
    with redis.Redis.from_url(settings.redis_url) as client:
        yield lambda: sum(client.hlen(f"dramatiq:sale_queue{kind}.msgs") for kind in ("", ".DQ", ".XQ"))


@pytest.fixture
def rabbitmq_messages(rabbitmq_url: str) -> Iterator[Callable[[], int]]:
    """All messages that RabbitMQ keeps of the invoices, wherever."""
    broker = RabbitmqBroker(url=rabbitmq_url, middleware=[])
    yield lambda: sum(broker.get_queue_message_counts("sale_queue"))
    broker.close()


def fail_everywhere(
    settings: Settings, api: PracticeNationalAPI, pharmacy: Pharmacy, messages: Callable[[], int]
) -> None:
    """Lets a national server that answers every call with 500 fail some invoices, through real workers' threads."""
    pharmacy.add_shop("S1")
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}") for number in range(ROWS)]
    api.set_faults(error_500=1.0)
    broker, _ = assemble(settings)
    producer = attrs.evolve(open_producer(settings), queues=BrokerQueues(broker))
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=2)
    producer.scan()
    assert messages() == ROWS
    worker.start()
    broker.join(SALES_INVOICE.queue, timeout=20_000)
    worker.join()
    worker.stop()
    broker.close()
    rows = [pharmacy.row(SALES_INVOICE, row_id) for row_id in ids]
    assert [(row["status"], row["sync_attempts"]) for row in rows] == [("PENDING_SYNC", 1)] * ROWS


def test_redis_keeps_nothing(
    settings: Settings, api: PracticeNationalAPI, pharmacy: Pharmacy, redis_messages: Callable[[], int]
) -> None:
    fail_everywhere(settings, api, pharmacy, redis_messages)
    assert redis_messages() == 0


def test_rabbitmq_keeps_nothing(
    settings: Settings,
    api: PracticeNationalAPI,
    pharmacy: Pharmacy,
    rabbitmq_url: str,
    rabbitmq_messages: Callable[[], int],
) -> None:
    fail_everywhere(attrs.evolve(settings, broker_url=rabbitmq_url), api, pharmacy, rabbitmq_messages)
    assert rabbitmq_messages() == 0
