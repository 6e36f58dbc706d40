"""Repeats of calls that surely did no harm; the one module that knows the backoff package.

It is archived upstream: whoever replaces it changes this file alone.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import backoff

from pharmasync.errors import PharmasyncError

T = TypeVar("T")


def repeat(
    action: Callable[[], T],
    on: type[PharmasyncError],
    *,
    times: int,
    seconds: float,
    unless: type[PharmasyncError] | None = None,
) -> T:
    """The result of ``action``, repeated at most ``times`` times, ``seconds`` apart, while it raises ``on``.

    A subclass of ``on`` may be left out by ``unless``.
    """
    repeated: T = _repeater(on, times, seconds, unless)(action)  # type: ignore[arg-type] # mypy 2.4 thinks no class hashable
    return repeated


@cache
def _repeater(
    on: type[PharmasyncError], times: int, seconds: float, unless: type[PharmasyncError] | None
) -> Callable[[Callable[[], Any]], Any]:
    """What repeats any action in this way; kept, since making it costs more than most calls that need no repeat."""

    def left_out(error: Exception) -> bool:
        return unless is not None and isinstance(error, unless)

    @backoff.on_exception(
        backoff.constant, on, max_tries=times + 1, giveup=left_out, interval=seconds, jitter=None, logger=None
    )
    def run(action: Callable[[], Any]) -> Any:
        return action()

    return run
