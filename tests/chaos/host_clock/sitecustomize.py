"""Makes a process believe that its host's clock is CHAOS_CLOCK_AHEAD seconds ahead of everybody else's.

Python imports a module of this name before anything else, from the directory that PYTHONPATH names. The monotonic clock
stays as it is, as on a host whose clock was set wrong.
"""

import datetime as dt
import os
import time
from typing import Any

AHEAD = float(os.environ.get("CHAOS_CLOCK_AHEAD", "0"))
NANOSECONDS = 1_000_000_000

_time, _time_ns = time.time, time.time_ns
_datetime = dt.datetime


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _datetime)


class ShiftedDatetime(_datetime, metaclass=_AnyDatetime):
    """``datetime.datetime`` on that host; whatever it makes is a plain one."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """Now, by the host's clock."""
        return _datetime.now(tz) + dt.timedelta(seconds=AHEAD)

    @classmethod
    def utcnow(cls) -> Any:
        """Likewise, without a zone."""
        return cls.now(dt.UTC).replace(tzinfo=None)


if AHEAD:
    time.time = lambda: _time() + AHEAD
    time.time_ns = lambda: _time_ns() + int(AHEAD * NANOSECONDS)
    dt.datetime = ShiftedDatetime  # type: ignore[misc]
