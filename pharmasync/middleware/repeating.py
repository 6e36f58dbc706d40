"""Keeps a row that is held back again and again out of the workers' log, but for the first time.

The rows of a shop without an account come again every few minutes, for weeks if nobody gives it one, and Dramatiq would
write a line for each of them each time.
"""

import logging
import sys

from dramatiq import Broker, Middleware, Worker

from pharmasync.errors import HeldBackError
from pharmasync.in_hand import in_hand

DRAMATIQS_LOGGER = "dramatiq.worker.WorkerThread"


class TellReasonsOnce(Middleware):
    """Leaves out the lines that tell of a row what stands on it already."""

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Begins."""
        logging.getLogger(DRAMATIQS_LOGGER).addFilter(tells_news)


def tells_news(record: logging.LogRecord) -> bool:
    """Whether a record tells of anything else; Dramatiq writes it as it handles the exception, in the row's thread."""
    del record
    error = sys.exc_info()[1]
    if not isinstance(error, HeldBackError):
        return True
    try:
        row = in_hand().row
    except LookupError:
        return True
    return row is None or row.message != str(error)
