"""Figure 5: whether a claim costs the same with 1,000,000 due rows as with 1,000, both of 1,000 shops.

It works in a database of its own, which it fills step by step.
"""

import json
import logging
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import mean

import attrs
import redis
from attrs import frozen

from benchmarks import documents, thousand_shops
from benchmarks.claim_batches import Batches
from benchmarks.cpu import cpu_seconds, memory_by_process
from benchmarks.own_database import own_database
from benchmarks.processes import PYTHON, MeasuredProcess
from benchmarks.subject import Job, Subject, started
from benchmarks.thousand_shops import SHOPS, WHOLE
from benchmarks.throughput import WORKER_THREADS, Track
from pharmasync.decisions.status import Status
from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.demo.loading import load_documents, load_shops
from pharmasync.settings import load
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.schema import create_or_extend

logger = logging.getLogger(__name__)

FEW, MANY = 1_000, 1_000_000
SERIES = 3
BATCHES = 20
SENT = 4_000
"""So many documents are sent while memory is watched; those that are stored become due again, so that it lasts."""

ROWS_AN_UPDATE = 20_000
IDLE_SECONDS = 20.0
LOOK_SECONDS = 0.25
LONGEST_SECONDS = 600


@frozen(kw_only=True)
class Size:
    """What was measured with so many due rows.

    Attributes:
        due: How many rows were due.
        series: The producer's batches, measured so many times.
        memory_mb: The most resident memory of the producer, of all workers together and of Redis, while they send as
            many documents as with the other size.
    """

    due: int
    series: Sequence[Batches]
    memory_mb: dict[str, float]


@frozen(kw_only=True)
class Idle:
    """A producer that scans a database of 1,000 shops in which nothing is due.

    Attributes:
        producer_cpu: Its share of a processor.
        server_cpu: SQL Server's; None where it is not ours.
        trips_a_scan: Round trips to SQL Server for a scan.
    """

    producer_cpu: float
    server_cpu: float | None
    trips_a_scan: float


@frozen(kw_only=True)
class Flatness:
    """Everything.

    Attributes:
        few: With 1,000 due rows.
        many: With 1,000,000.
        idle: With none.
        paused: Scans that find nothing, since all 1,000,000 rows are of paused shops.
        waiting: Scans that find nothing, since all 1,000,000 rows are due later.
    """

    few: Size
    many: Size
    idle: Idle
    paused: Batches
    waiting: Batches


def measure(track: Track, job: Job, subject: Subject) -> Flatness:
    """Fills a database step by step and measures."""
    with _own_track(track) as own:
        own_job = attrs.evolve(job, servers=own.servers)
        made = thousand_shops.whole_documents()
        create_or_extend(own.sql)
        load_shops(own.sql, thousand_shops.shops())
        load_documents(own.sql, made[:FEW])
        few = _size(own, own_job, subject, FEW)
        documents.set_all(own.sql, Status.SUCCESS)
        idle = _idle(own, own_job)
        documents.set_all(own.sql, Status.PENDING)
        load_documents(own.sql, made[FEW:])
        thousand_shops.fill(own.sql, MANY)
        many = _size(own, own_job, subject, MANY)
        return Flatness(few=few, many=many, idle=idle, paused=_paused(own), waiting=_waiting(own))


def _size(track: Track, job: Job, subject: Subject, due: int) -> Size:
    series = [_batches(track) for _ in range(SERIES)]
    logger.info("%d due rows: %s ms a batch", due, [round(mean(batches.milliseconds)) for batches in series])
    return Size(due=due, series=series, memory_mb=_memory(track, job, subject))


def _paused(track: Track) -> Batches:
    track.sql.run("UPDATE AccountShop SET sync_paused_reason = %s", ("the benchmark says so",))
    found = _batches(track)
    track.sql.run("UPDATE AccountShop SET sync_paused_reason = NULL")
    return found


def _waiting(track: Track) -> Batches:
    tomorrow = "DATEADD(DAY, 1, SYSUTCDATETIME())"
    for start in range(0, MANY, ROWS_AN_UPDATE):
        track.sql.run(
            f"UPDATE {SALES_INVOICE.table} SET sync_due_at = {tomorrow} WHERE id > %d AND id <= %d",
            (start, start + ROWS_AN_UPDATE),
        )
    return _batches(track)


def _batches(track: Track) -> Batches:
    server = track.servers.pids.get("SQL Server")
    ended = subprocess.run(  # noqa: S603 - the benchmark's own command
        [
            *(PYTHON, "-m", "benchmarks.claim_batches", "--batches", str(BATCHES), "--shops", str(SHOPS)),
            *(() if server is None else ("--server", str(server))),
        ],
        env=track.servers.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_SECONDS,
    )
    return Batches(**json.loads(ended.stdout))


def _memory(track: Track, job: Job, subject: Subject) -> dict[str, float]:
    """The most of each while documents are sent."""
    _empty_redis(track)
    track.servers.api.reset()
    most: dict[str, float] = {}
    with subject.start(job) as processes:
        track.open_gate(subject, processes)
        weigh = _scales(track, processes)

        def is_done() -> bool:
            for name, bytes_now in weigh().items():
                most[name] = max(most.get(name, 0.0), bytes_now / 2**20)
            _make_due_again(track.sql)
            time.sleep(LOOK_SECONDS)
            return track.answered() >= SENT

        track.wait(is_done, processes)
    return most


def _make_due_again(sql: SqlServer) -> None:
    sql.run(
        f"UPDATE {SALES_INVOICE.table} SET status = %s, sync_due_at = NULL, sync_attempts = 0,"
        f" {SALES_INVOICE.national_id} = NULL WHERE id <= %d AND status = %s",
        (Status.PENDING.value, WHOLE, Status.SUCCESS.value),
    )


def _scales(track: Track, processes: Sequence[MeasuredProcess]) -> Callable[[], dict[str, int]]:
    workers = [process.pid for process in processes if process.name.startswith("worker")]
    producers = [process.pid for process in processes if process.name.startswith("producer")]
    servers = [track.servers.pids["Redis"]]

    def weigh() -> dict[str, int]:
        return {
            "producer": sum(memory_by_process(producers, 1)),
            "workers": sum(memory_by_process(workers, WORKER_THREADS)),
            "Redis": sum(memory_by_process(servers, 1)),
        }

    return weigh


def _idle(track: Track, job: Job) -> Idle:
    _empty_redis(track)
    scan_seconds = load(track.servers.environment()).scan_seconds
    with started(job, {"producer": f"{PYTHON} -m pharmasync.schedulers"}, counted=True) as processes:
        time.sleep(2.0)  # its imports, and the first scan
        pid = processes[0].pid
        begin, own = track.read([pid]), cpu_seconds([pid])
        time.sleep(IDLE_SECONDS)
        end, spent = track.read([pid]), cpu_seconds([pid]) - own
    took = end.time - begin.time
    server = end.servers.get("SQL Server")
    return Idle(
        producer_cpu=spent / took,
        server_cpu=None if server is None else (server - begin.servers["SQL Server"]) / took,
        trips_a_scan=(end.trips - begin.trips) / (took / scan_seconds),
    )


def _empty_redis(track: Track) -> None:
    with redis.Redis.from_url(track.servers.valkey.url) as client:
        client.flushall()


@contextmanager
def _own_track(track: Track) -> Iterator[Track]:
    """The same in a database of its own."""
    with own_database(track.servers.address) as own:
        servers = attrs.evolve(track.servers, address=attrs.evolve(own, timeout=LONGEST_SECONDS))
        sql = SqlServer(servers.counted_address)
        try:
            yield Track(sql=sql, servers=servers)
        finally:
            sql.close()
