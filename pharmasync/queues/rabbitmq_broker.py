"""Dramatiq's broker on RabbitMQ, the way out of one Redis. Needs pika, which the extra ``rabbitmq`` brings."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pika
from dramatiq import Middleware
from dramatiq.broker import Consumer
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.common import dq_name, xq_name
from dramatiq.errors import BrokerConnectionError, ConnectionClosed
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError, ChannelClosedByBroker

from pharmasync.errors import ServerAwayError
from pharmasync.queues.message import RowMessage
from pharmasync.queues.row_broker import RowBroker
from pharmasync.repeating import repeat

BOUNDS = {
    "heartbeat": "15",
    "socket_timeout": "5",
    "stack_timeout": "10",
    "blocked_connection_timeout": "30",
}
"""Seconds, where the address says nothing else: after so long a silent peer is dead, a connection is not to be had, and
a RabbitMQ without memory or disk is as good as away."""

BATCH = 500
"""How many messages travel in one transaction."""

PERSISTENT = 2
"""As Dramatiq sends them: a restart of RabbitMQ then need not wait for the leases. None is needed for a row to come."""

NOT_FOUND = 404

UNCONNECTED = (AMQPConnectorException, OSError)
"""What pika raises besides its AMQPError: a silent server is the one, a name that nobody can resolve the other."""

AWAY = (AMQPError, BrokerConnectionError, *UNCONNECTED)
"""What pika and Dramatiq raise where RabbitMQ is away."""

# Whatever it logs comes as an exception too, in one line instead of a traceback; Dramatiq's workers quieten it as well.
logging.getLogger("pika").setLevel(logging.CRITICAL)


class BatchingRabbitmqBroker(RowBroker, RabbitmqBroker):
    """Dramatiq's broker, with queues taken as they are, and with messages that travel together."""

    server = "RabbitMQ"

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """A consumer with a connection of its own.

        Raises:
            ConnectionClosed: RabbitMQ is away; the worker tries again in some seconds.
        """
        try:
            return super().consume(queue_name, prefetch, timeout)
        except UNCONNECTED as error:
            raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call] # dramatiq has no annotation
        finally:
            # This thread declared its queue over another connection, whose heartbeats nobody would answer from now on.
            del self.connection

    def ping(self) -> None:
        """Connects, with the account and the virtual host of the address.

        Raises:
            ServerAwayError: RabbitMQ is away or does not let us in.
        """
        try:
            pika.BlockingConnection(self.parameters).close()
        except AWAY as error:
            raise self._away(error) from error

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue, without those that workers hold. Makes the queue where there is none.

        Raises:
            ServerAwayError: RabbitMQ is away.
        """
        # The second look is over a new connection: one that lay idle may have been closed.
        return repeat(lambda: self._ready(queue), ServerAwayError, times=1, seconds=0)

    def enqueue_rows(self, rows: Sequence[RowMessage]) -> list[int]:
        """Enqueues messages and returns the places, from 0, of those that may not be in their queue."""
        for start in range(0, len(rows), BATCH):
            try:
                self._enqueue_together(rows[start : start + BATCH])
            except AWAY:
                del self.connection
                return list(range(start, len(rows)))
        return []

    def _enqueue_together(self, rows: Sequence[RowMessage]) -> None:
        """One transaction, so one wait for all of them; when it returns, they are on RabbitMQ's disk.

        A confirm for each, as Dramatiq's ``enqueue`` has it, is a wait for each: 1,100 rows a second where this makes
        5,000, and 150 where this makes 4,000 when the disk is busy.
        A queue that is deleted after the declaration loses them, and their rows come back when their leases end.
        """
        for queue in {row.queue for row in rows}:
            self.declare_queue(queue, ensure=True)
        with self.connection.channel() as channel:
            channel.tx_select()
            for row in rows:
                channel.basic_publish(
                    exchange="",
                    routing_key=row.queue,
                    body=row.message().encode(),
                    properties=pika.BasicProperties(delivery_mode=PERSISTENT),
                )
            channel.tx_commit()

    def _ready(self, queue: str) -> int:
        try:
            ready: int = self.get_queue_message_counts(queue)[0]
        except AWAY as error:
            del self.connection
            raise self._away(error) from error
        return ready

    def _away(self, error: Exception) -> ServerAwayError:
        return ServerAwayError(self.server, str(error) or repr(error))

    # An operator's queues may have arguments of their own, which RabbitMQ lets nobody declare otherwise: what is there
    # is used as it is. Dramatiq declares each queue, and the two that go with it, by one of these three.

    def _declare_queue(self, queue_name: str) -> Any:
        return self._found(queue_name) or super()._declare_queue(queue_name)  # type: ignore[no-untyped-call]

    def _declare_dq_queue(self, queue_name: str) -> Any:
        return self._found(dq_name(queue_name)) or super()._declare_dq_queue(queue_name)  # type: ignore[no-untyped-call]

    def _declare_xq_queue(self, queue_name: str) -> Any:
        return self._found(xq_name(queue_name)) or super()._declare_xq_queue(queue_name)  # type: ignore[no-untyped-call]

    def _found(self, queue_name: str) -> Any:
        try:
            return self.channel.queue_declare(queue_name, passive=True)
        except ChannelClosedByBroker as error:
            del self.channel
            if error.reply_code != NOT_FOUND:
                raise
        return None


def connect_rabbitmq(url: str, middleware: Sequence[Middleware] = ()) -> BatchingRabbitmqBroker:
    """The broker at ``url``, or at one of several with a ``;`` between them; nothing is sent until it is used."""
    return BatchingRabbitmqBroker(
        url=[bounded(each) for each in url.split(";")], middleware=list(middleware), confirm_delivery=True
    )


def bounded(url: str) -> str:
    """The address with :data:`BOUNDS` where it has none of its own."""
    parts = urlsplit(url)
    return parts._replace(query=urlencode({**BOUNDS, **dict(parse_qsl(parts.query))})).geturl()
