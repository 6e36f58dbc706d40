"""The moment by which a process that was told to stop must be done with what it has in hand."""

import math
import time

from attrs import define


@define
class ClosingTime:
    """Until it is announced nobody is in a hurry.

    Attributes:
        moment: On the monotonic clock.
    """

    moment: float = math.inf

    def announce(self, seconds: float) -> None:
        """Lets calls to the national API go on for so long at most; a second announcement changes nothing."""
        self.moment = min(self.moment, time.monotonic() + seconds)
