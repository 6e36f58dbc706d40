"""The edge to Redis and RabbitMQ: the broker, the cache of the tokens. What they lose, SQL Server still knows."""

from pharmasync.queues.broker import connect_broker
from pharmasync.queues.message import RowMessage, claimed_as
from pharmasync.queues.row_broker import RowBroker
from pharmasync.queues.tokens import RedisTokenCache

__all__ = ["RedisTokenCache", "RowBroker", "RowMessage", "claimed_as", "connect_broker"]
