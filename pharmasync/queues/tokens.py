"""The token cache: one key a shop, and the locks that let one worker at a time log in."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis
from attrs import define, field

from pharmasync.queues.kept_lock import kept_lock

LOCK_SECONDS = 10.0
"""A worker that died during a login holds the others up for so long at most; one that lives renews its lock."""

PATIENCE_SECONDS = 660.0
"""How long a worker waits for another's login: longer than the longest one with all its repeats, by the defaults of
the settings 6 calls of 95 s, 10 s for the limits before each, and 5 waits of 2 s.
"""

REFUSAL_SECONDS = 86_400

RECENT_SECONDS = 10.0
"""How long a process believes what it last read: one look into Redis instead of one a document."""


@define
class RedisTokenCache:
    """Tokens in Redis, or in this process alone while Redis is away: a login too many does no harm, a stop would.

    Attributes:
        client: Redis.
        lifetime: Seconds that a token is kept.
        lock_seconds: How long a lock outlives a worker that was killed.
        patience: Seconds that a worker waits for another's login; after that it makes its own.
    """

    client: redis.Redis
    lifetime: float
    lock_seconds: float = LOCK_SECONDS
    patience: float = PATIENCE_SECONDS
    _recent: dict[str, tuple[str, float]] = field(factory=dict, init=False, repr=False)
    _own: dict[str, str] = field(factory=dict, init=False, repr=False)
    _own_locks: dict[str, threading.Lock] = field(factory=lambda: defaultdict(threading.Lock), init=False, repr=False)

    def get(self, shop_id: str, *, newest: bool = False) -> str | None:
        """The shop's token, or None; from Redis where the ``newest`` is wanted, else one that may be some seconds old.

        One that was replaced meanwhile costs a 401, after which the newest is asked for.
        """
        known, since = self._recent.get(shop_id, ("", 0.0))
        if known and not newest and time.monotonic() - since < RECENT_SECONDS:
            return known
        try:
            token = self.client.get(f"token:{shop_id}")
        except redis.RedisError:  # a login too many does no harm; the broker's own log tells of the outage
            return self._own.get(shop_id)
        text = token.decode() if isinstance(token, bytes) else token
        if text:
            self._recent[shop_id] = (text, time.monotonic())
        return text

    def put(self, shop_id: str, token: str) -> None:
        """Keeps a token for its lifetime; this process's copy is a stand-in that the API's 401 ends."""
        self._own[shop_id] = token
        self._recent[shop_id] = (token, time.monotonic())
        with suppress(redis.RedisError):  # the copy above serves until Redis is back
            self.client.set(f"token:{shop_id}", token, px=int(self.lifetime * 1000))

    def was_refused(self, fingerprint: str) -> bool:
        """Whether a login with these credentials was refused within a day."""
        key = f"login-refused:{fingerprint}"
        try:
            return self.client.exists(key) > 0
        except redis.RedisError:  # this process's own memory serves until Redis is back
            return key in self._own

    def remember_refusal(self, fingerprint: str) -> None:
        """Remembers for a day that a login with these credentials was refused."""
        key = f"login-refused:{fingerprint}"
        self._own[key] = ""
        with suppress(redis.RedisError):  # the shop is paused in SQL Server as well
            self.client.set(key, "", ex=REFUSAL_SECONDS)

    def forget_refusal(self, fingerprint: str) -> None:
        """Lets these credentials be tried again."""
        key = f"login-refused:{fingerprint}"
        self._own.pop(key, None)
        with suppress(redis.RedisError):  # the operator sees the next refusal again as a paused shop
            self.client.delete(key)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Holds the lock ``name`` for all workers, or for this process's threads while Redis is away."""
        shared = kept_lock(self.client, f"login:{name}", seconds=self.lock_seconds, patience=self.patience)
        with self._own_locks[name], shared:
            yield
