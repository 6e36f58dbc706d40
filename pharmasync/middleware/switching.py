"""Lets a worker's threads work until they wait for something, instead of taking turns every few milliseconds."""

import sys

from dramatiq import Broker, Middleware, Worker

TURN_SECONDS = 0.05
"""How long a thread may work while others want to. What a document needs at a time is a small part of it."""


class SwitchSeldom(Middleware):
    """Sets how long a thread's turn is.

    Nearly every turn ends long before, at a wait for a server. Python's 5 ms end some of them in the middle, and each
    of the many threads that want the next one is woken for it.
    """

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Runs once the worker's threads are there."""
        sys.setswitchinterval(TURN_SECONDS)
