"""A process whose host's clock is ahead sees that clock everywhere but in the monotonic one."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.chaos.clocks import clock_ahead

pytestmark = pytest.mark.integration

PROGRAM = """
import json, time
from datetime import UTC, date, datetime
print(json.dumps({
    "time": time.time(),
    "time_ns": time.time_ns() / 1e9,
    "now": datetime.now(UTC).timestamp(),
    "monotonic": time.monotonic(),
    "is": isinstance(datetime.now(UTC), datetime),
    "made": datetime(2026, 11, 20, 18, 30, tzinfo=UTC).isoformat(),
    "plain": type(datetime.now(UTC)).__module__ + "." + type(datetime.now(UTC)).__name__,
}))
"""


def clocks_of(environment: dict[str, str]) -> dict[str, object]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    told: dict[str, object] = json.loads(ended.stdout)
    return told


@pytest.mark.parametrize("seconds", [90.0, 0.0])
def test_the_clock_is_ahead_by_that_much(seconds: float) -> None:
    told = clocks_of(clock_ahead(seconds))
    for name in ("time", "time_ns", "now"):
        assert told[name] == pytest.approx(time.time() + seconds, abs=5), name
    assert told["monotonic"] == pytest.approx(time.monotonic(), abs=5)


def test_its_datetimes_are_plain_ones() -> None:
    told = clocks_of(clock_ahead(90))
    assert told["is"] is True
    assert told["made"] == "2026-11-20T18:30:00+00:00"
    assert told["plain"] == "datetime.datetime"
