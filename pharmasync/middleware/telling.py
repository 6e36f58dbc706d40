"""Says once, when the workers start, what is less safe than it could be."""

import re
from collections.abc import Callable
from multiprocessing import current_process

from dramatiq import Broker, Middleware, Worker

LATER_PROCESS = re.compile(r"Process-(?!1$)\d+")
"""The names of all but the first of the processes that ``dramatiq`` starts."""


class TellExposure(Middleware):
    """Calls ``tell`` once, in the first of the workers' processes.

    Args:
        tell: Warns; may wait for SQL Server while the worker's threads are at work already.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._told = False

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Tells."""
        if not self._told and not LATER_PROCESS.fullmatch(current_process().name):
            self._told = True
            self._tell()
