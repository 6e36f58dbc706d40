"""An idle system: how long a row takes that becomes due, its SQL round trips, and what the waiting producer costs."""

import time
from random import Random

from attrs import frozen

from benchmarks import documents
from benchmarks.cpu import cpu_seconds
from benchmarks.pharmasync_run import PharmasyncRun
from benchmarks.processes import MeasuredProcess
from benchmarks.subject import Job
from benchmarks.throughput import Track
from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.settings import load

SEED = 2
WARM_UP_OF_EACH_TYPE = 250
"""More than one worker process takes at once, so that each of them has its connections before anything is counted."""

QUIET_SECONDS = 4.0


@frozen(kw_only=True)
class Idle:
    """What was seen of an idle system.

    Attributes:
        latencies: Seconds from the row's being due to the national API's answer, which takes its own time.
        round_trips: Those to SQL Server for a document, the producer's looks apart.
        trips_a_scan: Those for a scan while nothing happens.
        producer_cpu: The producer's share of a processor while nothing happens.
        workers_cpu: That of all workers together.
    """

    latencies: list[float]
    round_trips: float
    trips_a_scan: float
    producer_cpu: float
    workers_cpu: float


@frozen(kw_only=True)
class Quiet:
    """A stretch of time in which nothing is due, and how often the producer scans."""

    scan_seconds: float
    producer_cpu: float
    workers_cpu: float
    trips_a_scan: float


def watch(track: Track, subject: PharmasyncRun, job: Job, rows: int) -> Idle:
    """Lets ``rows`` rows become due, one after the other, each at a moment of its own between two scans."""
    scan_seconds = load(job.servers.environment()).scan_seconds
    track.clear(Status.SUCCESS)
    documents.set_all(track.sql, Status.PENDING, WARM_UP_OF_EACH_TYPE)
    with subject.start(job) as processes:
        track.open_gate(subject, processes)
        track.wait(lambda: documents.count(track.sql, Status.PENDING) == 0, processes)
        track.wait(lambda: documents.count(track.sql, Status.SUCCESS) == job.documents, processes)
        quiet = _watch_nothing(track, processes, scan_seconds)
        return _watch_rows(track, processes, rows, quiet)


def _watch_nothing(track: Track, processes: list[MeasuredProcess], scan_seconds: float) -> Quiet:
    worker, producer = (process.pid for process in processes)
    begin = track.read([worker])
    before = cpu_seconds([producer])
    scans = max(1, round(QUIET_SECONDS / scan_seconds))
    time.sleep(scans * scan_seconds)
    end = track.read([worker])
    took = end.time - begin.time
    return Quiet(
        scan_seconds=scan_seconds,
        producer_cpu=(cpu_seconds([producer]) - before) / took,
        workers_cpu=(end.own - begin.own) / took,
        trips_a_scan=(end.trips - begin.trips) / scans,
    )


def _watch_rows(track: Track, processes: list[MeasuredProcess], rows: int, quiet: Quiet) -> Idle:
    dice = Random(SEED)  # noqa: S311 - the same moments in every run
    scan_seconds = quiet.scan_seconds
    begin = track.read([])
    latencies = []
    for place in range(rows):
        time.sleep(dice.uniform(0, scan_seconds))
        latencies.append(_one_row(track, processes, place))
    # A whole number of turns, so that it is known how many scans were counted; the last row is written meanwhile.
    time.sleep(2 * scan_seconds - (time.monotonic() - begin.time) % scan_seconds)
    end = track.read([])
    others = rows + quiet.trips_a_scan * round((end.time - begin.time) / scan_seconds)
    return Idle(
        latencies=latencies,
        round_trips=(end.trips - begin.trips - others) / rows,
        trips_a_scan=quiet.trips_a_scan,
        producer_cpu=quiet.producer_cpu,
        workers_cpu=quiet.workers_cpu,
    )


def _one_row(track: Track, processes: list[MeasuredProcess], place: int) -> float:
    """Makes one row due, in one round trip, and waits for the API's answer."""
    kind = DOCUMENT_TYPES[place % len(DOCUMENT_TYPES)]
    before = track.answered()
    documents.set_one(track.sql, kind, place // len(DOCUMENT_TYPES) + 1, Status.PENDING)
    due = time.monotonic()
    track.wait(lambda: track.answered() > before, processes)
    return track.servers.api.state()["last_answered"] - due
