"""Decides what a failed attempt means and writes it to the row. The waits live in SQL Server, never in the broker."""

import logging
import random
from collections.abc import Callable
from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy

from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.pauses import Pauses
from pharmasync.decisions.table import Attempt, decide
from pharmasync.in_hand import InHand, in_hand
from pharmasync.row import BegunRow

logger = logging.getLogger(__name__)

Write = Callable[[BegunRow, Outcome], bool]


class Retries(Middleware):
    """Takes the place of Dramatiq's own Retries: no message is ever enqueued again, the row's due time brings it back.

    Args:
        write: Writes an outcome to its row.
        pauses: The waits between attempts.
    """

    def __init__(self, write: Write, pauses: Pauses) -> None:
        self._write = write
        self._pauses = pauses

    @property
    def actor_options(self) -> set[str]:
        """``throws``: the errors that are told in one line instead of a traceback, since the table expects them."""
        return {"throws"}

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Writes the outcome of an attempt that raised; runs before the message is acknowledged."""
        held = in_hand()
        if exception is None or held.row is None:
            return
        outcome = decide(exception, _attempt(held, held.row), self._pauses)
        if outcome is None:
            told = f" (national id {held.outcome.national_id})" if held.outcome else ""
            logger.warning("%s %s is left to its lease%s: %s", held.row.kind.name, held.row.local_id, told, exception)
            return
        held.outcome = outcome
        held.written = self._write(held.row, outcome)


def _attempt(held: InHand, row: BegunRow) -> Attempt:
    chance = random.random()  # noqa: S311 - spreads retries, guards nothing
    return Attempt(number=row.attempt, doubt=row.doubt, sent=held.sent, chance=chance)
