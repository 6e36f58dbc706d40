"""The limit on calls a second."""

import time

from attrs import define


@define
class RateLimit:
    """A bucket that holds one second's worth of calls and fills up evenly."""

    _calls_left: float = 1.0
    _filled_at: float = float("-inf")

    def wait(self, max_rps: float) -> float:
        """Take one call out of the bucket.

        Args:
            max_rps: Calls a second; 0 for no limit.

        Returns:
            0 if the call may go on, else the seconds until one may.
        """
        if max_rps == 0:
            return 0.0
        now = time.monotonic()
        full = max(1.0, max_rps)
        self._calls_left = min(full, self._calls_left + (now - self._filled_at) * max_rps)
        self._filled_at = now
        if self._calls_left < 1:
            return (1 - self._calls_left) / max_rps
        self._calls_left -= 1
        return 0.0
