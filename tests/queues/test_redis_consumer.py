"""Consumers that make few round trips: what is done with is acknowledged, together and in the end."""

from collections.abc import Iterator

import pytest
import redis
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.errors import ConnectionClosed

from pharmasync.queues.message import RowMessage
from pharmasync.queues.redis_broker import PromptRedisBroker, connect_redis
from pharmasync.queues.redis_consumer import MOST_WAITING, REFILL_SHARE
from pharmasync.row import ClaimedAs
from pharmasync.sandbox.servers import Valkey

pytestmark = pytest.mark.integration

QUEUE = "sale_queue"


@pytest.fixture
def broker(redis_url: str) -> PromptRedisBroker:
    return connect_redis(redis_url)


def enqueue(broker: PromptRedisBroker, count: int) -> None:
    rows = [RowMessage(QUEUE, "process_sale", f"HD{number}", "S1", ClaimedAs(number, 0)) for number in range(count)]
    assert broker.enqueue_rows(rows) == []


def take(consumer: Consumer, count: int) -> Iterator[MessageProxy]:
    for _ in range(count):
        message = next(consumer)
        assert message is not None
        yield message


def kept(broker: PromptRedisBroker) -> int:
    """How many messages Redis still keeps, acknowledged ones excepted."""
    return int(str(broker.client.hlen(f"dramatiq:{QUEUE}.msgs")))


def test_acknowledgements_wait_for_the_next_look_into_the_queue(broker: PromptRedisBroker) -> None:
    enqueue(broker, 2)
    consumer = broker.consume(QUEUE, prefetch=8, timeout=1)
    for message in take(consumer, 2):
        consumer.ack(message)
    assert kept(broker) == 2
    assert next(consumer) is None
    assert kept(broker) == 0


def test_many_acknowledgements_wait_no_longer(broker: PromptRedisBroker) -> None:
    enqueue(broker, MOST_WAITING + 1)
    consumer = broker.consume(QUEUE, prefetch=2 * MOST_WAITING, timeout=1)
    for message in take(consumer, MOST_WAITING + 1):
        consumer.ack(message)
    assert kept(broker) == 1


def test_a_consumer_that_closes_acknowledges_what_is_left(broker: PromptRedisBroker) -> None:
    enqueue(broker, 3)
    consumer = broker.consume(QUEUE, prefetch=8, timeout=1)
    for message in take(consumer, 3):
        consumer.ack(message)
    consumer.close()
    assert kept(broker) == 0


def test_a_script_that_redis_forgot_delays_acknowledgements_and_loses_none(broker: PromptRedisBroker) -> None:
    enqueue(broker, 2)
    consumer = broker.consume(QUEUE, prefetch=8, timeout=1)
    for message in take(consumer, 2):
        consumer.ack(message)
    broker.client.script_flush()
    assert next(consumer) is None  # the fetch loads it again
    assert next(consumer) is None
    assert kept(broker) == 0


def test_more_messages_are_fetched_once_it_is_worth_the_way(broker: PromptRedisBroker) -> None:
    prefetch = 8
    enqueue(broker, 2 * prefetch)
    consumer = broker.consume(QUEUE, prefetch=prefetch, timeout=1)
    held = list(take(consumer, prefetch))
    worth = prefetch // REFILL_SHARE
    for message in held[: worth - 1]:
        consumer.ack(message)
    assert next(consumer) is None
    consumer.ack(held[worth - 1])
    assert next(consumer) is not None
    assert broker.waiting(QUEUE) == prefetch - worth


def test_a_consumer_of_one_message_at_a_time_fetches_the_next(broker: PromptRedisBroker) -> None:
    enqueue(broker, 2)
    consumer = broker.consume(QUEUE, prefetch=1, timeout=1)
    (first,) = take(consumer, 1)
    assert next(consumer) is None
    consumer.ack(first)
    assert next(consumer) is not None


def test_a_redis_that_is_away_is_told_by_the_fetch_and_acknowledged_to_later() -> None:
    with Valkey() as server:
        broker = connect_redis(server.url)
        enqueue(broker, MOST_WAITING)
        consumer = broker.consume(QUEUE, prefetch=2 * MOST_WAITING, timeout=1)
        held = list(take(consumer, MOST_WAITING))
        server.kill()
        for message in held:
            consumer.ack(message)
        with pytest.raises(ConnectionClosed):
            next(consumer)
        with pytest.raises(redis.RedisError):
            broker.acknowledgements.send()
