"""The figures that are promised, from the results, each beside its target."""

from collections.abc import Sequence
from statistics import mean, median

from attrs import frozen

from benchmarks.groups import SLOW_MS
from benchmarks.results import Results
from benchmarks.statistics import Summary, percentile, ratios, summary
from benchmarks.throughput import Run

PHARMASYNC = "pharmasync"
BARE = "bare requests loop"
AS_WRITTEN = "Celery as written"
TUNED = "Celery tuned"


@frozen(kw_only=True)
class Figure:
    """One figure.

    Attributes:
        number: Its number.
        name: What it is.
        unit: Its unit.
        value: What was measured; None where nothing was.
        at_least: The target, where more is better.
        at_most: The target, where less is better.
    """

    number: str
    name: str
    unit: str
    value: Summary | None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the median meets the target; None without either of them."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        if self.at_least is not None:
            return self.value.median >= self.at_least
        return self.at_most is not None and self.value.median <= self.at_most


def figures(results: Results) -> list[Figure]:
    """Every figure, measured or not."""
    return [
        *_throughput(results),
        *_costs(results),
        *_idle(results),
        *_flatness(results),
        *_footprint(results),
        *_groups(results),
    ]


def _throughput(results: Results) -> list[Figure]:
    ours = [run.rate for run in results.of(PHARMASYNC)]

    def beside(subject: str, number: str, target: float) -> Figure:
        theirs = [run.rate for run in results.of(subject)]
        value = summary(ratios(ours, theirs)) if len(ours) == len(theirs) else None
        name = f"throughput beside {subject}"
        return Figure(number=number, name=name, unit="times", value=value, at_least=target)

    return [beside(BARE, "1a", 0.60), beside(AS_WRITTEN, "1b", 20.0), beside(TUNED, "1c", 3.5)]


def _costs(results: Results) -> list[Figure]:
    ours: Sequence[Run] = results.of(PHARMASYNC)
    loaded = summary([run.round_trips for run in ours if run.round_trips is not None])
    idle = summary([one.round_trips for one in results.idle])
    cpu = summary([run.cpu_ms for run in ours])
    return [
        Figure(number="2", name="CPU a document, workers and producer", unit="ms", value=cpu, at_most=2.2),
        Figure(number="3a", name="SQL round trips a document under load", unit="trips", value=loaded, at_most=0.3),
        Figure(number="3b", name="SQL round trips a document when idle", unit="trips", value=idle, at_most=3.0),
    ]


def _idle(results: Results) -> list[Figure]:
    half = summary([percentile(one.latencies, 0.5) * 1000 for one in results.idle])
    most = summary([percentile(one.latencies, 0.95) * 1000 for one in results.idle])
    producer = summary([one.producer_cpu * 100 for one in results.idle])
    workers = summary([one.workers_cpu * 100 for one in results.idle])
    return [
        Figure(number="4a", name="from due to stored on an idle system, p50", unit="ms", value=half),
        Figure(number="4b", name="from due to stored on an idle system, p95", unit="ms", value=most, at_most=1_000),
        Figure(number="4c", name="CPU of an idle producer", unit="% of one", value=producer),
        Figure(number="4d", name="CPU of idle workers", unit="% of one", value=workers),
    ]


def _flatness(results: Results) -> list[Figure]:
    both = [(one.few, one.many) for one in results.flatness]
    series = [pair for few, many in both for pair in zip(few.series, many.series, strict=True)]
    # The mean, since not every batch has a look of its own.
    claims = summary([mean(many.milliseconds) / mean(few.milliseconds) for few, many in series])
    server = summary(
        [many.server_cpu_ms / few.server_cpu_ms for few, many in series if many.server_cpu_ms and few.server_cpu_ms]
    )
    memory = summary([max(many.memory_mb[name] / few.memory_mb[name] for name in few.memory_mb) for few, many in both])
    unfair = summary([float(max(one.most - one.least for one in pair)) for pair in series])
    producer = summary([one.idle.producer_cpu * 100 for one in results.flatness])
    trips = summary([one.idle.trips_a_scan for one in results.flatness])
    paused, waiting = (
        summary([median(found.milliseconds) for found in scans])
        for scans in ([one.paused for one in results.flatness], [one.waiting for one in results.flatness])
    )
    return [
        Figure(number="5a", name="claim with 1,000,000 due rows beside 1,000", unit="times", value=claims, at_most=1.3),
        Figure(number="5b", name="SQL Server's CPU for it, likewise", unit="times", value=server, at_most=1.3),
        Figure(
            number="5c", name="rows between the shop with most and with least", unit="rows", value=unfair, at_most=1
        ),
        Figure(
            number="5d", name="memory of producer, workers or Redis, likewise", unit="times", value=memory, at_most=1.1
        ),
        Figure(number="5e", name="CPU of an idle producer, 1,000 shops", unit="% of one", value=producer, at_most=1.0),
        Figure(number="5f", name="SQL round trips of an idle scan", unit="trips", value=trips, at_most=1.05),
        Figure(number="5g", name="a scan past 1,000,000 rows of paused shops", unit="ms", value=paused),
        Figure(number="5h", name="a scan past 1,000,000 rows due later", unit="ms", value=waiting),
    ]


def _groups(results: Results) -> list[Figure]:
    value = summary([found.two.rate / found.one.rate for found in results.groups])
    name = f"two worker groups beside one, at {SLOW_MS} ms"
    return [Figure(number="8", name=name, unit="times", value=value, at_least=1.9)]


def _footprint(results: Results) -> list[Figure]:
    rate = summary([one.rate for one in results.producer])
    cpu = summary([one.cpu_ms for one in results.producer])
    imports = summary([seconds * 1000 for seconds in results.imports])
    memory = summary([run.memory_mb for run in results.of(PHARMASYNC) if run.memory_mb is not None])
    return [
        Figure(
            number="6a", name="rows claimed and enqueued by the producer", unit="rows/s", value=rate, at_least=5_000
        ),
        Figure(number="6b", name="CPU of the producer a row", unit="ms", value=cpu),
        Figure(number="7a", name="import of pharmasync.actors", unit="ms", value=imports, at_most=500),
        Figure(number="7b", name="memory of a worker process with 80 threads", unit="MB", value=memory, at_most=120),
    ]
