"""The few numbers that a series of runs is told by."""

import math
from collections.abc import Sequence
from statistics import median

from attrs import frozen


@frozen
class Summary:
    """A figure over all runs."""

    median: float
    least: float
    most: float

    @property
    def runs_differ_by(self) -> float:
        """The width of the runs as a share of the median; 0 where the median is 0."""
        return (self.most - self.least) / self.median if self.median else 0.0


def summary(values: Sequence[float]) -> Summary | None:
    """The summary of a figure; None where no run has it."""
    return Summary(median(values), min(values), max(values)) if values else None


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least ``share`` (0 to 1) of the values do not exceed.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values")
    place = math.ceil(share * len(values)) - 1
    return sorted(values)[max(0, place)]


def ratios(values: Sequence[float], to: Sequence[float]) -> list[float]:
    """Each run's value beside the same run's other one: what changes between runs changes both."""
    return [value / other for value, other in zip(values, to, strict=True) if other]
