"""A thread that starts with the first who needs it, since Dramatiq forks after everything was made."""

import threading
from collections.abc import Callable

from attrs import define, field


@define(eq=False)
class LateThread:
    """Works beside its callers, and ends with the process.

    Attributes:
        work: What it does, for ever.
        name: Its name.
    """

    work: Callable[[], None]
    name: str
    _starting: threading.Lock = field(factory=threading.Lock, init=False)
    _started: bool = field(default=False, init=False)

    def start(self) -> None:
        """Starts it, unless it was started.

        Raises:
            RuntimeError: The system has no thread to give; whoever comes next tries again.
        """
        if self._started:
            return
        with self._starting:
            if not self._started:
                threading.Thread(target=self.work, name=self.name, daemon=True).start()
                self._started = True
