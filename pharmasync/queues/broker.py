"""Which broker carries the messages: Redis, or RabbitMQ."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from dramatiq import Middleware

from pharmasync.queues.redis_broker import connect_redis
from pharmasync.queues.row_broker import RowBroker

RABBITMQ = {"amqp", "amqps"}


def connect_broker(url: str, middleware: Sequence[Middleware] = ()) -> RowBroker:
    """The broker at ``url``; nothing is sent until it is used.

    Only the given middleware works on it: Dramatiq's own Retries would repeat what the table has decided already.
    A message is done with when its actor has raised, too: what went wrong is in SQL Server and in the journal, and
    nothing piles up among the broker's dead letters: they take what cannot be read or has no actor, for a week.
    """
    if urlsplit(url).scheme not in RABBITMQ:
        return connect_redis(url, middleware)
    from pharmasync.queues.rabbitmq_broker import connect_rabbitmq  # noqa: PLC0415 - without its extra there is no pika

    return connect_rabbitmq(url, middleware)
