"""Ctrl-C, taken at the places where nothing is half started: no process can be forgotten between two lines of code."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):  # noqa: N818 - somebody's wish, not an error
    """Somebody wants the demo to end; ``status`` is the exit status that this means."""

    def __init__(self, number: int) -> None:
        """Keep which signal it was."""
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class StopSignal:
    """Whether somebody wants the demo to end, and by which signal.

    The signal's handler writes into a pipe, for a threading.Event is not safe to set there: the handler may interrupt
    the very line that holds its lock.
    """

    def __init__(self) -> None:
        self._number = 0
        self._reader, self._writer = os.pipe()

    def give(self, number: int, _frame: object = None) -> None:
        """The signal came."""
        if not self._number:
            self._number = number
            os.write(self._writer, b"x")

    def check(self) -> None:
        """Raises :class:`StopRequested` if the signal came."""
        self.wait(0)

    def wait(self, seconds: float | None) -> None:
        """Waits so many seconds, None for ever, and raises :class:`StopRequested` as soon as the signal comes."""
        came, _, _ = select.select([self._reader], [], [], seconds)
        if came:
            raise StopRequested(self._number)

    def close(self) -> None:
        """Closes the pipe."""
        os.close(self._reader)
        os.close(self._writer)


@contextmanager
def stop_signal() -> Iterator[StopSignal]:
    """Takes Ctrl-C, SIGTERM and the closing of the terminal for the time of the demo."""
    wanted = StopSignal()
    before = {number: signal.signal(number, wanted.give) for number in SIGNALS}
    try:
        yield wanted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        wanted.close()
