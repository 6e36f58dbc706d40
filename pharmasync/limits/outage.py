"""What happens while Redis is away: never a stop, and never without a limit."""

import contextlib
import logging
import time
from collections import deque
from collections.abc import Sequence

import redis
from attrs import define, field

from pharmasync.limits.own import OwnLimits
from pharmasync.limits.shared import SharedLimits
from pharmasync.limits.ticket import Admitted, Answer, Ticket
from pharmasync.limits.usher import Door

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long Redis is left alone once it is away: a try may take seconds, and all callers wait for it."""

OWED = 1_000
"""So many slots are remembered during an outage to be given back; those of older calls run out by themselves."""


@define
class OutageProofLimits:
    """Asks Redis, or this process alone while Redis is away.

    Attributes:
        shared: The limits over all workers.
        own: The limits within this process.
        away: Whether Redis was away when it was last asked: then nobody stands in line there.
    """

    shared: SharedLimits
    own: OwnLimits
    away: bool = field(default=False, init=False)
    _retry_at: float = field(default=0.0, init=False)
    _owed: deque[Ticket] = field(factory=lambda: deque(maxlen=OWED), init=False)

    def open(self, door: Door) -> None:
        """Says who is told when those who stand in line are called in."""
        self.shared.usher.door = door

    def close(self) -> None:
        """Ends what ``open`` began."""
        self.shared.usher.stop()

    def ask(self, callers: Sequence[Ticket], ended: Sequence[Ticket], now: float) -> list[Answer]:
        """Gives the slots of ``ended`` back, now or later, and asks for ``callers``."""
        self._owed.extend(ended)
        if not self.away or now >= self._retry_at:
            began = time.monotonic()
            try:
                answers = self.shared.ask(callers, self._owed, now)
            except redis.RedisError as error:
                self._is_away(error, now + time.monotonic() - began)
            else:
                self._is_there(answers, now)
                return answers
        return self.own.ask(callers, now)

    def give_back(self, ended: Sequence[Ticket]) -> None:
        """Gives the slots of ``ended`` back without a round trip; who asks next makes sure of it."""
        self._owed.extend(ended)
        if not self.away:
            with contextlib.suppress(redis.RedisError):  # who asks next finds out, and says so
                self.shared.give_back(ended)

    def _is_away(self, error: redis.RedisError, now: float) -> None:
        if not self.away:
            logger.warning(
                "Redis is away: each process keeps the limits of calls by itself (%s: %s)", type(error).__name__, error
            )
        self.away = True
        self._retry_at = now + RETRY_SECONDS

    def _is_there(self, answers: Sequence[Answer], now: float) -> None:
        if self.away:
            logger.warning("Redis is back: the limits of calls hold over all workers again")
        self.away = False
        self._owed.clear()
        for answer in answers:
            if isinstance(answer, Admitted):
                self.own.note(now + answer.wait)
