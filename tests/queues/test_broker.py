"""The broker: what the producer sees of it, and what happens while Redis is away."""

import pytest

from pharmasync.errors import ServerAwayError
from pharmasync.queues import RowBroker, RowMessage, connect_broker
from pharmasync.queues.redis_broker import IDLE_MS
from pharmasync.row import ClaimedAs
from pharmasync.sandbox.servers import free_port

pytestmark = pytest.mark.integration


def message(code: str) -> RowMessage:
    return RowMessage("sale_queue", "process_sale", code, "S1", ClaimedAs(1, 3))


def test_messages_wait_in_their_queue(redis_broker: RowBroker) -> None:
    assert redis_broker.waiting("sale_queue") == 0
    assert redis_broker.enqueue_rows([message("HD1"), message("HD2")]) == []
    assert redis_broker.waiting("sale_queue") == 2
    assert redis_broker.waiting("import_queue") == 0


def test_a_message_carries_the_code_the_shop_and_the_attempts_and_nothing_personal(
    redis_broker: RowBroker,
) -> None:
    redis_broker.enqueue_rows([message("HD1")])
    received = next(redis_broker.consume("sale_queue"))
    assert received is not None
    assert (received.actor_name, received.args, received.kwargs) == ("process_sale", ("HD1", "S1"), {})
    assert received.options["attempts"] == 3


def test_dramatiqs_own_retries_are_not_there(redis_broker: RowBroker) -> None:
    assert [type(each).__name__ for each in redis_broker.middleware] == []


def test_a_redis_that_is_away_is_named() -> None:
    broker = connect_broker(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(ServerAwayError, match="Redis is away"):
        broker.waiting("sale_queue")


def test_an_idle_consumer_looks_again_soon(redis_broker: RowBroker) -> None:
    consumer = redis_broker.consume("sale_queue", timeout=5000)
    assert consumer.timeout == IDLE_MS  # type: ignore[attr-defined] # the Redis consumer's own
