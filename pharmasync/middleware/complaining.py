"""Keeps an outage of the broker out of the workers' log: each consumer would write two lines every three seconds."""

import logging
import time
from collections.abc import Callable

from dramatiq import Broker, Middleware, Worker

DRAMATIQS_LOGGER = "dramatiq.worker.ConsumerThread({queue})"

REPEATED = ("Consumer encountered a connection error: %s", "Restarting consumer in %0.2f seconds.")
"""What Dramatiq's consumers say as long as they find no broker."""

REMINDER_SECONDS = 60.0


class ComplainSeldom(Middleware):
    """Lets each of these lines through once a minute, whichever of a process's consumers says it.

    Args:
        clock: Seconds, from any moment.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told_at: dict[str, float] = {}

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Begins."""
        for queue in broker.get_declared_queues() | broker.get_declared_delay_queues():
            logging.getLogger(DRAMATIQS_LOGGER.format(queue=queue)).addFilter(self._is_news)

    def _is_news(self, record: logging.LogRecord) -> bool:
        words = str(record.msg)
        if words not in REPEATED:
            return True
        now = self._clock()
        if now - self._told_at.get(words, now - REMINDER_SECONDS) < REMINDER_SECONDS:
            return False
        self._told_at[words] = now
        return True
