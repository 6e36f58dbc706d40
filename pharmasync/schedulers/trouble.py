"""What keeps the producer from scanning, told when it begins, once a minute, and when it is over.

Every tick fails while a server is away: a line for each would be 7,200 an hour.
"""

import logging
import time
from collections.abc import Callable

from attrs import define, field

logger = logging.getLogger(__name__)

REMINDER_SECONDS = 60.0


@define
class Trouble:
    """The trouble that there is.

    Attributes:
        clock: Seconds, from any moment.
    """

    clock: Callable[[], float] = time.monotonic
    _kind: str | None = field(init=False, default=None)
    _told_at: float = field(init=False, default=0.0)

    def tell(self, error: Exception) -> None:
        """Tells of a scan that failed, unless the last line was about the same kind of trouble and is not old."""
        kind = f"{type(error).__name__} {getattr(error, 'server', '')}"
        now = self.clock()
        if kind != self._kind or now - self._told_at >= REMINDER_SECONDS:
            logger.warning("%s; scanning again at every tick", error)
            self._kind, self._told_at = kind, now

    def is_over(self) -> None:
        """Tells that a scan went well, where the one before did not."""
        if self._kind is not None:
            logger.warning("scanning goes on")
            self._kind = None
