"""Takes a signal that reaches a worker twice at once for one, so that what it is sending ends in its time."""

import math
import signal
import time
from collections.abc import Callable
from types import FrameType

from dramatiq import Broker, Middleware

SAME_SIGNAL_SECONDS = 5.0
"""A second one within so long is the same one: the master passes on what it gets at once."""

PASSED_ON = (signal.SIGTERM, signal.SIGHUP)
"""What Dramatiq's master passes on to its workers."""


class StopOnce(Middleware):
    """Lets the first of several signals through.

    systemd (unless ``KillMode=mixed``) and Heroku tell every process of a service to stop, and Dramatiq's master tells
    its workers once more. Dramatiq's handler takes the second signal for somebody who will not wait, and drops the
    calls that are under way; their documents would be uncertain.

    Args:
        clock: Seconds, from any moment.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told_at = -math.inf

    def after_process_boot(self, broker: Broker) -> None:
        """Runs in each worker process, which has its handlers by then."""
        for number in PASSED_ON:
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, self._once(handler))

    def _once(self, handler: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            if self._clock() - self._told_at > SAME_SIGNAL_SECONDS:
                self._told_at = self._clock()
                handler(number, frame)

        return handle
