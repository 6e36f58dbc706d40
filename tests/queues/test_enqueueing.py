"""Many messages at once in Redis: the same as one by one, and nothing lost silently where Redis fails."""

import pytest
import redis
from dramatiq import Message

from pharmasync.queues import RowMessage
from pharmasync.queues.redis_broker import BATCH, PromptRedisBroker, connect_redis
from pharmasync.row import ClaimedAs
from pharmasync.sandbox.servers import Valkey

pytestmark = pytest.mark.integration


def message(number: int) -> RowMessage:
    return RowMessage("sale_queue", "process_sale", f"HD{number}", "S1", ClaimedAs(number, 3))


def stored(broker: PromptRedisBroker) -> list[dict[str, object]]:
    """What Redis keeps of each message, without what differs from message to message."""
    contents = []
    for key in broker.client.lrange("dramatiq:sale_queue", 0, -1):
        data = broker.client.hget("dramatiq:sale_queue.msgs", key)
        assert isinstance(data, bytes)
        assert isinstance(key, bytes)
        decoded = Message.decode(data).asdict()
        assert decoded["options"].pop("redis_message_id") == key.decode()
        contents.append({name: value for name, value in decoded.items() if not name.startswith("message_")})
    return contents


def test_a_batch_is_stored_as_dramatiq_itself_stores_each_message(redis_url: str) -> None:
    broker = connect_redis(redis_url)
    broker.enqueue(message(1).message())
    alone = stored(broker)
    broker.client.flushall()
    assert broker.enqueue_rows([message(1)]) == []
    assert stored(broker) == alone


def test_the_order_is_kept_beyond_one_batch(redis_url: str) -> None:
    broker = connect_redis(redis_url)
    assert broker.enqueue_rows([message(number) for number in range(BATCH + 10)]) == []
    assert [each["args"] for each in stored(broker)] == [(f"HD{number}", "S1") for number in range(BATCH + 10)]


def test_a_worker_receives_what_was_enqueued_in_a_batch(redis_url: str) -> None:
    broker = connect_redis(redis_url)
    broker.enqueue_rows([message(1), message(2)])
    consumer = broker.consume("sale_queue", prefetch=5)
    received = [next(consumer), next(consumer)]
    assert [each.args for each in received if each is not None] == [("HD1", "S1"), ("HD2", "S1")]
    assert [each.options["attempts"] for each in received if each is not None] == [3, 3]
    for each in received:
        assert each is not None
        consumer.ack(each)
    consumer.close()
    assert broker.client.hlen("dramatiq:sale_queue.msgs") == 0


def test_two_rows_with_the_same_code_are_two_messages(redis_url: str) -> None:
    broker = connect_redis(redis_url)
    assert broker.enqueue_rows([message(1), message(1)]) == []
    assert broker.waiting("sale_queue") == 2


def test_all_are_returned_where_redis_is_away() -> None:
    with Valkey() as server:
        broker = connect_redis(server.url)
        assert broker.enqueue_rows([message(1)]) == []
        server.kill()
        assert broker.enqueue_rows([message(2), message(3)]) == [0, 1]


def test_those_that_redis_refuses_are_returned() -> None:
    with Valkey() as server, redis.Redis.from_url(server.url) as client:
        broker = connect_redis(server.url)
        assert broker.enqueue_rows([message(0)]) == []
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", 1)
        assert broker.enqueue_rows([message(1), message(2)]) == [0, 1]
        client.config_set("maxmemory", 0)
        assert broker.waiting("sale_queue") == 1
