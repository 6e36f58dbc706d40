"""The edge to Redis: the broker of the messages, the cache of the tokens. Whatever it loses, SQL Server still knows."""

from pharmasync.queues.broker import connect_broker, enqueue, waiting
from pharmasync.queues.tokens import RedisTokenCache

__all__ = ["RedisTokenCache", "connect_broker", "enqueue", "waiting"]
