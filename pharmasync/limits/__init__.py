"""Limits that keep the national server safe: calls a second, calls at once, calls at once of one shop.

They hold over all workers of all hosts, are fair between shops, cost at most one round trip to Redis a call, and none
where nothing is set. Dramatiq's own limiters were not enough: ConcurrentRateLimiter and WindowRateLimiter take four to
seven round trips a call, many more among competitors, know nothing of shops, and leave a refused caller to poll.

Who calls passes the :class:`LimitedTurnstile` first. Within a process the callers stand in a ``Line`` with one turn a
shop; one thread, the ``Gate``, asks for all of them at once: one script in Redis (``SharedLimits``) admits as many as
there is room for, and takes back what ended meanwhile. The others stand in line in Redis until the ``Usher`` hears that
they are called in. While Redis is away each process keeps the limits by itself.
"""

from pharmasync.limits.limited import LimitedTurnstile
from pharmasync.limits.limits import Limits, Patience

__all__ = ["LimitedTurnstile", "Limits", "Patience"]
