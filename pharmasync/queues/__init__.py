"""The edge to Redis: the broker of the messages, the cache of the tokens. Whatever it loses, SQL Server still knows."""

from pharmasync.queues.broker import connect_broker, waiting
from pharmasync.queues.enqueueing import enqueue
from pharmasync.queues.message import RowMessage, claimed_as
from pharmasync.queues.tokens import RedisTokenCache

__all__ = ["RedisTokenCache", "RowMessage", "claimed_as", "connect_broker", "enqueue", "waiting"]
