"""One run of one subject: documents a second, and who spent how much processor time on them.

The clock starts after the warm-up and stops while documents are left, so that neither start-up nor the last stragglers
count. The API's gate is closed while the processes start, so that none of them has a head start.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence

import attrs
import redis
from attrs import frozen
from pymongo import MongoClient

from benchmarks import documents
from benchmarks.cpu import busy_seconds, cpu_seconds, memory_by_process
from benchmarks.processes import MeasuredProcess
from benchmarks.servers import Servers
from benchmarks.subject import Job, Subject
from pharmasync.decisions.status import Status
from pharmasync.sqlserver.connection import SqlServer

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.02
START_SECONDS = 60.0
STEADY_SECONDS = 4.0
"""A gate at which nobody new arrives for so long is opened, whoever is missing."""
LONGEST_SECONDS = 900.0
WORKER_THREADS = 8
"""A process with so many threads is a worker that sends."""


class BenchmarkError(Exception):
    """A run that measured nothing: a process ended, or documents were lost, doubled or late. The message says which."""


@frozen(kw_only=True)
class Reading:
    """The meters at one moment."""

    time: float
    answered: int
    own: float
    servers: dict[str, float]
    trips: int
    busy: float


@frozen(kw_only=True)
class Run:
    """What a run gave. All but the first are for one document.

    Attributes:
        rate: Documents a second.
        documents: How many were counted.
        cpu_ms: The subject's own processor time, workers and producer together.
        server_cpu_ms: That of each server.
        round_trips: Those to SQL Server; None where they were not counted.
        elsewhere: The share of the machine's processors that went to something else than the subject, the servers and
            this program. A run with more than a few hundredths was disturbed.
        in_flight: How many stood before the gate when it was opened.
        memory_mb: The resident memory of the largest worker process.
    """

    rate: float
    documents: int
    cpu_ms: float
    server_cpu_ms: dict[str, float]
    round_trips: float | None
    elsewhere: float
    in_flight: int = 0
    memory_mb: float | None = None


@frozen
class Span:
    """Which documents are counted: those from ``warm_up`` to ``last``, in the order of their answers."""

    warm_up: int
    last: int

    def part(self, share: float) -> "Span":
        """A share of it."""
        return Span(round(self.warm_up * share), round(self.last * share))


@frozen(kw_only=True)
class Track:
    """Where the runs take place."""

    sql: SqlServer
    servers: Servers

    def run(self, subject: Subject, job: Job, span: Span) -> Run:
        """Runs a subject and measures it in the middle, where as much is under way at the end as at the beginning.

        Raises:
            BenchmarkError: A process ended, it took too long, or a row failed.
        """
        self.clear(Status.PENDING)
        with subject.start(job.of(span.last + subject.ahead)) as processes:
            roots = [process.pid for process in processes]
            in_flight = self.open_gate(subject, processes)
            self.wait(lambda: self.answered() >= span.warm_up, processes)
            begin = self.read(roots)
            self.wait(lambda: self.answered() >= span.last, processes)
            end = self.read(roots)
            memory = memory_by_process(roots, WORKER_THREADS)
        if subject.writes_rows:
            self._check_rows(subject, end.answered - subject.in_flight)
        counted = subject.counted or self.servers.counts_all
        measured = between(begin, end, os.cpu_count() or 1, counted=counted)
        memory_mb = max(memory) / 2**20 if memory else None
        return attrs.evolve(measured, in_flight=in_flight, memory_mb=memory_mb)

    def _check_rows(self, subject: Subject, least: int) -> None:
        written, failed = (documents.count(self.sql, status) for status in (Status.SUCCESS, Status.FAILED))
        if failed or written < least:
            raise BenchmarkError(f"{subject.name}: {written} rows written, at least {least} expected; {failed} failed")

    def clear(self, status: Status) -> None:
        """Empties Redis, the journal and the API, and puts every row into a state."""
        with redis.Redis.from_url(self.servers.valkey.url) as client:
            client.flushall()
        with MongoClient[dict[str, object]](self.servers.mongod.url) as mongo:
            mongo.drop_database("sync_data_logs")
        documents.set_all(self.sql, status)
        self.servers.api.reset()

    def open_gate(self, subject: Subject, processes: Sequence[MeasuredProcess]) -> int:
        """Opens the gate as soon as all that can be in flight stand before it; returns how many those are."""
        held, since, began = 0, time.monotonic(), time.monotonic()
        while held < subject.in_flight:
            _check(processes)
            now = time.monotonic()
            found = int(self.servers.api.state()["held"])
            if found != held:
                held, since = found, now
            if held and now - since > STEADY_SECONDS:
                logger.warning("%s: only %d of %d in flight", subject.name, held, subject.in_flight)
                break
            if now - began > START_SECONDS:
                raise BenchmarkError(f"{subject.name}: no document within {START_SECONDS:g} s")
            time.sleep(LOOK_SECONDS)
        self.servers.api.open_gate()
        return held

    def answered(self) -> int:
        """How many documents the API has answered."""
        return int(self.servers.api.state()["answered"])

    def read(self, roots: Sequence[int]) -> Reading:
        """Reads the meters; the own processor time is that of ``roots`` and all below them."""
        return Reading(
            time=time.monotonic(),
            answered=self.answered(),
            own=cpu_seconds(roots),
            servers={name: cpu_seconds([pid]) for name, pid in self.servers.pids.items()},
            trips=self.servers.counted.trips(),
            busy=busy_seconds() - time.process_time(),
        )

    def wait(self, done: Callable[[], bool], processes: Sequence[MeasuredProcess]) -> None:
        """Waits until it is done.

        Raises:
            BenchmarkError: A process ended, or it takes too long.
        """
        deadline = time.monotonic() + LONGEST_SECONDS
        while not done():
            _check(processes)
            if time.monotonic() > deadline:
                raise BenchmarkError(f"not done within {LONGEST_SECONDS:g} s\n{processes[0].tail}")
            time.sleep(LOOK_SECONDS)


def _check(processes: Sequence[MeasuredProcess]) -> None:
    for process in processes:
        if process.ended:
            raise BenchmarkError(f"{process.name} ended:\n{process.tail}")


def between(begin: Reading, end: Reading, processors: int, *, counted: bool = True) -> Run:
    """What the meters say of the time between two readings, for each of the documents that were answered in it.

    Args:
        begin: The first reading.
        end: The second one.
        processors: How many the machine has.
        counted: Whether the round trips of what was measured were counted.
    """
    answered = end.answered - begin.answered
    took, own = end.time - begin.time, end.own - begin.own
    servers = {name: end.servers[name] - begin.servers[name] for name in end.servers}
    return Run(
        rate=answered / took,
        documents=answered,
        cpu_ms=own * 1000 / answered,
        server_cpu_ms={name: seconds * 1000 / answered for name, seconds in servers.items()},
        round_trips=(end.trips - begin.trips) / answered if counted else None,
        elsewhere=max(0.0, end.busy - begin.busy - own - sum(servers.values())) / (took * processors),
    )
