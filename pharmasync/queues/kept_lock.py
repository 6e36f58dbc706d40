"""A lock in Redis that is held as long as its holder lives, and free soon after it died.

It lasts for seconds, so that a worker that is killed inside holds nobody up for long; what takes longer is done under
it all the same, since a thread renews it meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis
from redis.lock import Lock

RENEWALS_A_LOCK = 4
"""How often it is renewed before it would end."""

POLL_SECONDS = 0.05


@contextmanager
def kept_lock(client: redis.Redis, name: str, *, seconds: float, patience: float) -> Iterator[None]:
    """Holds the lock; goes in without it where Redis is away, or where it was not to be had.

    Args:
        client: Redis.
        name: Its key.
        seconds: How long it outlives its holder at most.
        patience: Seconds to wait for it at most.
    """
    lock = client.lock(name, timeout=seconds, sleep=POLL_SECONDS, blocking_timeout=patience, thread_local=False)
    if not _acquired(lock):
        yield
        return
    done = threading.Event()
    threading.Thread(target=_keep, args=(lock, seconds / RENEWALS_A_LOCK, done), name=name, daemon=True).start()
    try:
        yield
    finally:
        done.set()
        with suppress(redis.RedisError):  # it ran out, or Redis is away and forgets it by itself
            lock.release()


def _acquired(lock: Lock) -> bool:
    try:
        return bool(lock.acquire())
    except redis.RedisError:  # what the lock guards is done once a process then, which is all that can be kept
        return False


def _keep(lock: Lock, pause: float, done: threading.Event) -> None:
    while not done.wait(pause):
        with suppress(redis.RedisError):  # Redis is away; the next renewal may find it again
            lock.reacquire()
