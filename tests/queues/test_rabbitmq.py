"""The broker on RabbitMQ: the same to the producer and the workers as Redis, and no more trusted."""

import socket
from collections.abc import Iterator

import pika
import pytest
from dramatiq import Message
from dramatiq.errors import ConnectionClosed

from pharmasync.errors import ServerAwayError
from pharmasync.queues import RowBroker, RowMessage, connect_broker
from pharmasync.queues.rabbitmq_broker import BATCH, bounded
from pharmasync.row import ClaimedAs
from pharmasync.sandbox.servers import free_port
from tests.rabbitmq import RabbitMQ

pytestmark = pytest.mark.integration


def message(number: int) -> RowMessage:
    return RowMessage("sale_queue", "process_sale", f"HD{number}", "S1", ClaimedAs(number, 3))


def received(broker: RowBroker, count: int) -> list[tuple[str, ...]]:
    """The arguments of as many messages, which are acknowledged."""
    consumer = broker.consume("sale_queue", prefetch=count)
    found: list[tuple[str, ...]] = []
    for each in consumer:
        assert each is not None, f"only {len(found)} of {count} came"
        found.append(each.args)
        consumer.ack(each)
        if len(found) == count:
            break
    consumer.close()
    return found


@pytest.fixture
def broker(rabbitmq_url: str) -> Iterator[RowBroker]:
    connected = connect_broker(rabbitmq_url)
    yield connected
    connected.close()


def test_messages_wait_in_their_queue(broker: RowBroker) -> None:
    assert broker.waiting("sale_queue") == 0
    assert broker.enqueue_rows([message(1), message(2)]) == []
    assert broker.waiting("sale_queue") == 2
    assert broker.waiting("import_queue") == 0


def test_a_message_carries_the_code_the_shop_and_how_its_row_was_claimed(broker: RowBroker) -> None:
    broker.enqueue_rows([message(1)])
    consumer = broker.consume("sale_queue")
    got = next(consumer)
    assert got is not None
    assert (got.actor_name, got.args, got.kwargs) == ("process_sale", ("HD1", "S1"), {})
    assert got.options == message(1).message().options
    consumer.close()


def test_what_workers_hold_does_not_wait(broker: RowBroker) -> None:
    broker.enqueue_rows([message(1), message(2)])
    consumer = broker.consume("sale_queue", prefetch=1)
    next(consumer)
    assert broker.waiting("sale_queue") == 1
    consumer.close()
    assert broker.waiting("sale_queue") == 2


def test_the_order_is_kept_beyond_one_batch(broker: RowBroker) -> None:
    count = BATCH + 10
    assert broker.enqueue_rows([message(number) for number in range(count)]) == []
    assert received(broker, count) == [(f"HD{number}", "S1") for number in range(count)]


def test_dramatiqs_own_retries_are_not_there(broker: RowBroker) -> None:
    assert broker.middleware == []


def test_an_operators_queues_are_used_as_they_are(broker: RowBroker, rabbitmq_url: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection, connection.channel() as channel:
        channel.queue_declare("sale_queue", durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_declare("sale_queue.DQ", arguments={"x-max-length": 10})
        channel.queue_declare("sale_queue.XQ", durable=True, arguments={"x-message-ttl": 1000})
    assert broker.enqueue_rows([message(1), message(2)]) == []
    assert received(broker, 2) == [("HD1", "S1"), ("HD2", "S1")]
    assert broker.waiting("sale_queue") == 0


def test_a_queue_that_was_deleted_is_made_again(broker: RowBroker, rabbitmq: RabbitMQ) -> None:
    broker.enqueue_rows([message(1)])
    rabbitmq.delete_queues()
    assert broker.waiting("sale_queue") == 0
    assert broker.enqueue_rows([message(2)]) == []
    assert broker.waiting("sale_queue") == 1


def test_a_connection_that_was_closed_while_it_lay_idle_is_made_again(broker: RowBroker) -> None:
    broker.enqueue_rows([message(1)])
    broker.connection.close()  # type: ignore[attr-defined] # the RabbitMQ broker's own
    assert broker.waiting("sale_queue") == 1


def test_a_consumer_leaves_no_connection_idle_beside_its_own(broker: RowBroker) -> None:
    consumer = broker.consume("sale_queue")
    assert broker.connections == set()  # type: ignore[attr-defined] # the RabbitMQ broker's own
    consumer.close()


def test_a_rabbitmq_that_goes_away_midway_gives_back_what_it_may_not_have(
    broker: RowBroker, rabbitmq: RabbitMQ
) -> None:
    class Last(RowMessage):
        def message(self) -> Message[None]:
            rabbitmq.kill()
            return super().message()

    last = Last("sale_queue", "process_sale", "HD0", "S1", ClaimedAs(0, 3))
    assert broker.enqueue_rows([*map(message, range(BATCH + 3)), last]) == [BATCH, BATCH + 1, BATCH + 2, BATCH + 3]
    assert broker.enqueue_rows([message(1), message(2)]) == [0, 1]
    with pytest.raises(ServerAwayError, match=r"RabbitMQ is away: .*Connection refused"):
        broker.waiting("sale_queue")
    rabbitmq.start()
    assert broker.waiting("sale_queue") == BATCH


def test_a_rabbitmq_that_is_away_is_named() -> None:
    broker = connect_broker(f"amqp://127.0.0.1:{free_port()}")
    with pytest.raises(ServerAwayError, match="RabbitMQ is away"):
        broker.ping()
    with pytest.raises(ServerAwayError, match="RabbitMQ is away"):
        broker.waiting("sale_queue")
    assert broker.enqueue_rows([message(1)]) == [0]


def test_a_rabbitmq_that_does_not_let_us_in_is_named_with_its_reason(rabbitmq: RabbitMQ) -> None:
    broker = connect_broker(rabbitmq.url.replace("guest:guest", "guest:wrong"))
    with pytest.raises(ServerAwayError, match=r"RabbitMQ is away: .*ACCESS_REFUSED"):
        broker.ping()


def test_a_server_that_never_answers_is_away_as_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = connect_broker(f"amqp://127.0.0.1:{silent.getsockname()[1]}?stack_timeout=0.1")
        with pytest.raises(ServerAwayError, match="RabbitMQ is away"):
            broker.waiting("sale_queue")
        assert broker.enqueue_rows([message(1)]) == [0]
        with pytest.raises(ConnectionClosed):
            broker.consume("sale_queue")


def test_a_worker_tries_again_where_the_name_cannot_be_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolved(**_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(pika, "BlockingConnection", unresolved)
    with pytest.raises(ConnectionClosed):
        connect_broker("amqp://rabbitmq.example").consume("sale_queue")


def test_every_wait_is_bounded_unless_the_address_says_otherwise() -> None:
    parameters = pika.URLParameters(bounded("amqp://u:p%2Fw@mq.example:5671/v%2Fhost?heartbeat=99&retry_delay=1"))
    assert parameters.heartbeat == 99
    assert parameters.socket_timeout == 5.0
    assert parameters.stack_timeout == 10.0
    assert parameters.blocked_connection_timeout == 30.0
    assert (parameters.host, parameters.port, parameters.virtual_host) == ("mq.example", 5671, "v/host")
    assert parameters.credentials.password == "p/w"


def test_several_addresses_may_be_given(rabbitmq_url: str) -> None:
    broker = connect_broker(f"amqp://127.0.0.1:{free_port()};{rabbitmq_url}")
    assert broker.waiting("sale_queue") == 0
    broker.close()
