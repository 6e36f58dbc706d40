"""Spares a worker the search for garbage among what stays for as long as it lives."""

import gc
from typing import Any

from dramatiq import Broker, Middleware

ALLOCATIONS = 20_000
"""After so many new objects the youngest are searched; Python's 700 are a few documents."""


class KeepWhatStays(Middleware):
    """Leaves the modules and all that was made at the start out of every later search.

    There are several hundred thousand objects, and Python looks at each of them whenever enough new ones were made.
    """

    def after_worker_boot(self, broker: Broker, worker: Any) -> None:
        """Runs once the worker's threads and consumers are there."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(ALLOCATIONS)
