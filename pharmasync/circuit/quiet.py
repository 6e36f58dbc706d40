"""Keeps an outage out of the workers' log: Dramatiq writes a line for every message whose actor raised."""

import logging

from dramatiq import Broker, Middleware, Worker

from pharmasync.errors import KNOWN_OUTAGE

DRAMATIQS_LOGGER = "dramatiq.worker.WorkerThread"
NAMES = frozenset(error.__name__ for error in KNOWN_OUTAGE)


class Quiet(Middleware):
    """Leaves out the lines that tell only of an outage that is known already."""

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - the hook is Dramatiq's
        """Begins."""
        logging.getLogger(DRAMATIQS_LOGGER).addFilter(tells_something)


def tells_something(record: logging.LogRecord) -> bool:
    """Whether a record tells of anything else; its last argument is the name of the expected exception.

    Of an unexpected one it is the message itself, which has no hash: whatever is raised here ends the worker's thread.
    """
    last = record.args[-1] if isinstance(record.args, tuple) and record.args else None
    return not (isinstance(last, str) and last in NAMES)
