"""Processes that share their limits through one Redis."""

from collections.abc import Iterator

import pytest
import redis

from pharmasync.limits.limits import Limits
from pharmasync.limits.shared import SharedLimits
from tests.limits.script.asking import LONGEST_CALL, AProcess


@pytest.fixture
def a_process(client: "redis.Redis") -> Iterator[AProcess]:
    """Makes the limits of one more process."""
    made: list[SharedLimits] = []

    def make(limits: Limits) -> SharedLimits:
        made.append(SharedLimits(client, limits, LONGEST_CALL))
        return made[-1]

    yield make
    for process in made:
        process.usher.stop()
