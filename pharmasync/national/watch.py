"""Cuts calls whose time is over.

requests' time-outs bound each silence, not the whole: a server that sends a byte a second is never silent for long.
One thread a process looks at all calls under way, several times a second, and shuts the connections of those whose
moment has come, which ends them in their own threads.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

from pharmasync.late_thread import LateThread
from pharmasync.national.http import Until

LOOK_SECONDS = 0.2
"""How much later than its moment a call may be cut."""


@define(eq=False)
class TimedCall:
    """A call under way.

    Attributes:
        until: Its moment.
        write_by: The moment after which nothing of it may be written; None is no other than its own.
        cut: Whether it was cut; whatever came of it, its answer is not to be believed.
        unwritten: Whether it came too late to be written.
        connection: Its socket, once there is one.
    """

    until: Until
    write_by: Until | None = None
    cut: bool = False
    unwritten: bool = False
    connection: socket.socket | None = None

    def is_too_late(self, now: float) -> bool:
        """Whether nothing of it may be written any more."""
        return now >= self.until() or (self.write_by is not None and now >= self.write_by())

    def end_if_over(self, now: float) -> None:
        """Cuts it where its moment has come."""
        if now >= self.until():
            self.cut = True
            if self.connection is not None:
                with suppress(OSError):  # it has ended by itself
                    # Not the method of an SSLSocket, whose own shutdown would wait for the thread that reads.
                    socket.socket.shutdown(self.connection, socket.SHUT_RDWR)


@define(eq=False)
class Watch:
    """The calls under way in this process."""

    _calls: set[TimedCall] = field(factory=set, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _some: threading.Event = field(factory=threading.Event, init=False)
    _watcher: LateThread = field(init=False)

    @_watcher.default
    def _looks(self) -> LateThread:
        return LateThread(self._look, "call-watch")

    @contextmanager
    def over(self, call: TimedCall) -> Iterator[None]:
        """Watches over a call."""
        self._watcher.start()
        with self._lock:
            self._calls.add(call)
            self._some.set()
        try:
            yield
        finally:
            with self._lock:
                self._calls.discard(call)

    def _look(self) -> None:
        while True:
            self._some.wait()
            with self._lock:
                calls = list(self._calls)
                if not calls:
                    self._some.clear()
            now = time.monotonic()
            for call in calls:
                call.end_if_over(now)
            time.sleep(LOOK_SECONDS)
