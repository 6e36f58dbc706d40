"""What the tests of the script ask, and what they look at in Redis."""

from collections.abc import Callable
from typing import Any

import redis

from pharmasync.limits.limits import Limits
from pharmasync.limits.shared import CALLS, RATE, SharedLimits
from pharmasync.limits.ticket import Admitted, Refusal, Ticket

Tickets = Callable[..., list[Ticket]]
AProcess = Callable[[Limits], SharedLimits]

SHOP_A = f"{CALLS}:A"
LONGEST_CALL = 30.0


def ask(process: SharedLimits, callers: list[Ticket], ended: list[Ticket] | None = None) -> list[float | Refusal]:
    """How long each caller waits until it may call, or why it may not."""
    answers = process.ask(callers, ended or [], 0.0)
    return [answer.wait if isinstance(answer, Admitted) else answer for answer in answers]


def free_at(client: "redis.Redis") -> int:
    """The moment that is free for the next call, in microseconds."""
    return int(client.get(RATE) or 0)


def slots(client: "redis.Redis", key: str) -> list[tuple[bytes, float]]:
    """Who calls, and until when at the latest, in microseconds."""
    members: Any = client.zrange(key, 0, -1, withscores=True)
    return list(members)


def microseconds(client: "redis.Redis") -> int:
    """Redis's own clock."""
    now: Any = client.time()
    return int(now[0]) * 1_000_000
