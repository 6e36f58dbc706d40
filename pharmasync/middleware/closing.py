"""Ends a stopping worker's calls in time, so that their outcomes are written before the process is killed."""

from dramatiq import Broker, Middleware, Worker

from pharmasync.closing import ClosingTime

LAST_CALLS_SECONDS = 12.0
"""How long calls may go on after SIGTERM. Heroku kills after 30 s; what is left is for outcomes and the journal."""


class CloseInTime(Middleware):
    """Announces the closing time. What is waiting in the worker goes back to its queue, as Dramatiq sees to.

    Args:
        closing: Where it is announced.
    """

    def __init__(self, closing: ClosingTime) -> None:
        self._closing = closing

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Runs at once on SIGTERM, before Dramatiq waits for the threads."""
        self._closing.announce(LAST_CALLS_SECONDS)
