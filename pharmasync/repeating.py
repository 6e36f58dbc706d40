"""Repeats of calls that surely did no harm; the one module that knows the backoff package.

It is archived upstream: whoever replaces it changes this file alone.
"""

from collections.abc import Callable
from typing import TypeVar

import backoff

from pharmasync.errors import PharmasyncError

T = TypeVar("T")


def repeat(action: Callable[[], T], on: type[PharmasyncError], *, times: int, seconds: float) -> T:
    """The result of ``action``, repeated at most ``times`` times, ``seconds`` apart, while it raises ``on``."""
    repeated = backoff.on_exception(
        backoff.constant, on, max_tries=times + 1, interval=seconds, jitter=None, logger=None
    )(action)
    result: T = repeated()
    return result
