"""What happens while Redis is away: never a stop, and never without a limit."""

import logging
from collections import deque
from collections.abc import Sequence

import redis
from attrs import define, field

from pharmasync.limits.own import OwnLimits
from pharmasync.limits.shared import SharedLimits
from pharmasync.limits.ticket import Admitted, Answer, Ask, Ticket

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
    """

    shared: SharedLimits
    own: OwnLimits
    _away: bool = field(default=False, init=False)
    _retry_at: float = field(default=0.0, init=False)
    _owed: deque[Ticket] = field(factory=lambda: deque(maxlen=OWED), init=False)

    def ask(self, callers: Sequence[Ask], ended: Sequence[Ticket], now: float) -> list[Answer]:
        """Gives the slots of ``ended`` back, now or later, and asks for ``callers``."""
        self._owed.extend(ended)
        if not self._away or now >= self._retry_at:
            try:
                answers = self.shared.ask(callers, self._owed)
            except redis.RedisError as error:
                self._is_away(error, now)
            else:
                self._is_there(answers, now)
                return answers
        return self.own.ask(callers, now)

    def _is_away(self, error: redis.RedisError, now: float) -> None:
        if not self._away:
            logger.warning("Redis is away (%s): each process keeps the limits of calls by itself", type(error).__name__)
        self._away = True
        self._retry_at = now + RETRY_SECONDS

    def _is_there(self, answers: Sequence[Answer], now: float) -> None:
        if self._away:
            logger.warning("Redis is back: the limits of calls hold over all workers again")
        self._away = False
        self._owed.clear()
        for answer in answers:
            if isinstance(answer, Admitted):
                self.own.note(now + answer.wait)
