"""Orders to die, given in a directory that the run and its processes share.

An order is a file named after a point; in it stands which pass of a process through that point, from 1, is its last.
The first process that gets so far takes the file away, notes that it did, and kills itself with SIGKILL, in the middle
of whatever its other threads are doing.
"""

import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from tests.chaos.point import Point

DIRECTORY = "CHAOS_ORDERS"
"""The variable that names the directory to the processes."""

CARRIED_OUT = "carried-out"


@define
class Orders:
    """The orders in a directory.

    Attributes:
        directory: Where they are; the run and all of its processes name the same one.
    """

    directory: Path
    _passed: Counter[Point] = field(factory=Counter, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def give(self, point: Point, passes: int) -> None:
        """Lets the first process die that comes to the point for the ``passes``-th time from now on."""
        draft = self.directory / f"{point}.draft"
        draft.write_text(str(passes))
        draft.rename(self.directory / point)

    def withdraw(self, point: Point) -> None:
        """Takes an order back that nobody carried out."""
        (self.directory / point).unlink(missing_ok=True)

    def carried_out(self) -> list[str]:
        """The points at which processes have died so far."""
        with suppress(FileNotFoundError):
            return (self.directory / CARRIED_OUT).read_text().splitlines()
        return []

    def reached(self, point: Point) -> None:
        """Called by a process at a point; does not return where that is its end."""
        order = self.directory / point
        try:
            last = int(order.read_text())
        except FileNotFoundError:
            self._passed[point] = 0
            return
        with self._lock:
            self._passed[point] += 1
            if self._passed[point] < last:
                return
        with suppress(FileNotFoundError):  # another process was faster
            order.unlink()
            with (self.directory / CARRIED_OUT).open("a") as note:
                note.write(f"{point}\n")
            os.kill(os.getpid(), signal.SIGKILL)
