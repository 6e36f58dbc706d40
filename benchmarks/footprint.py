"""What it takes to be there: the time of an import, and the producer's rate, each in a process of its own."""

import json
import subprocess

from attrs import frozen

from benchmarks.processes import PYTHON
from benchmarks.servers import Servers
from benchmarks.throughput import Track
from pharmasync.decisions.status import Status

LONGEST_SECONDS = 120
IMPORT = "import time; began = time.perf_counter(); import pharmasync.actors; print(time.perf_counter() - began)"


@frozen(kw_only=True)
class ProducerRate:
    """The producer alone.

    Attributes:
        rate: Rows claimed and enqueued a second.
        cpu_ms: Its processor time a row.
    """

    rate: float
    cpu_ms: float


def import_seconds(servers: Servers) -> float:
    """The time of ``import pharmasync.actors`` in a fresh interpreter, its byte code cached."""
    return float(_output(servers, "-c", IMPORT))


def producer_rate(track: Track) -> ProducerRate | None:
    """The producer's rate over all loaded rows; None where they are too few for more than its first scan."""
    track.clear(Status.PENDING)
    told = json.loads(_output(track.servers, "-m", "benchmarks.producer_rate"))
    if not told["rows"]:
        return None
    return ProducerRate(rate=told["rows"] / told["seconds"], cpu_ms=told["cpu_seconds"] * 1000 / told["rows"])


def _output(servers: Servers, *arguments: str) -> str:
    ended = subprocess.run(  # noqa: S603 - the benchmark's own commands
        [PYTHON, *arguments],
        env=servers.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_SECONDS,
    )
    return ended.stdout
