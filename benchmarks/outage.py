"""``python -m benchmarks.outage``: what an outage of the national server costs while 100,000 rows wait, and its end.

The same processes run through three stretches: a quiet one in which nothing is due, one in which the national server
refuses every connection and 100,000 rows of 1,000 shops are due, and the first minute after it is back.
"""

import argparse
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import attrs
from attrs import define, frozen
from pymongo import MongoClient

from benchmarks import documents, thousand_shops
from benchmarks.cpu import cpu_seconds, memory_by_process
from benchmarks.own_database import own_database
from benchmarks.pharmasync_run import PharmasyncRun
from benchmarks.processes import MeasuredProcess
from benchmarks.servers import Servers, open_servers
from benchmarks.subject import Job
from benchmarks.table import grid, number
from benchmarks.throughput import WORKER_THREADS
from pharmasync.decisions.status import Status
from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.demo.loading import load_documents, load_shops
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.schema import create_or_extend

logger = logging.getLogger("benchmarks.outage")

WAITING = 100_000
WARM_UP = 1_000
"""So many documents are delivered first, so that the quiet stretch is that of processes which have worked."""

LOOK_SECONDS = 0.5
SETTLING_SECONDS = 5.0
"""After so long the journal has what was delivered before."""

AFTERWARDS_SECONDS = 60
LONGEST_SECONDS = 120.0


@frozen(kw_only=True)
class Stretch:
    """A stretch of time.

    Attributes:
        seconds: How long it was.
        memory_mb: The most resident memory of the workers, of the producer and of Redis.
        log_bytes: What workers and producer wrote to their logs, a minute.
        journal_entries: What they wrote to the journal, a minute.
        cpu: The share of a processor that workers and producer had.
    """

    seconds: float
    memory_mb: dict[str, float]
    log_bytes: float
    journal_entries: float
    cpu: float


@define
class Scene:
    """What is looked at."""

    servers: Servers
    sql: SqlServer
    processes: Sequence[MeasuredProcess]

    def watch(self, seconds: float) -> Stretch:
        """Watches for so long."""
        roots = [process.pid for process in self.processes]
        began, written, entries, spent = time.monotonic(), self._log_bytes(), self._entries(), cpu_seconds(roots)
        most: dict[str, float] = {}
        while (took := time.monotonic() - began) < seconds:
            for name, now in self._memory().items():
                most[name] = max(most.get(name, 0.0), now)
            time.sleep(LOOK_SECONDS)
        return Stretch(
            seconds=took,
            memory_mb=most,
            log_bytes=(self._log_bytes() - written) * 60 / took,
            journal_entries=(self._entries() - entries) * 60 / took,
            cpu=(cpu_seconds(roots) - spent) / took,
        )

    def calls_a_second(self, seconds: int) -> list[int]:
        """How many documents the national server answers in each of so many seconds."""
        began, counts = time.monotonic(), [self._answered()]
        for second in range(1, seconds + 1):
            time.sleep(max(0.0, began + second - time.monotonic()))
            counts.append(self._answered())
        return [after - before for before, after in pairwise(counts)]

    def wait(self, done: Callable[[], bool]) -> None:
        """Waits until it is done.

        Raises:
            TimeoutError: It takes too long.
        """
        deadline = time.monotonic() + LONGEST_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(self.processes[0].tail)
            time.sleep(LOOK_SECONDS)

    def _answered(self) -> int:
        return int(self.servers.api.state()["answered"])

    def _memory(self) -> dict[str, float]:
        worker, producer = ([process.pid] for process in self.processes)
        redis = [self.servers.pids["Redis"]]
        found = {
            "workers": memory_by_process(worker, WORKER_THREADS),
            "producer": memory_by_process(producer, 1),
            "Redis": memory_by_process(redis, 1),
        }
        return {name: sum(each) / 2**20 for name, each in found.items()}

    def _log_bytes(self) -> int:
        return sum(process.log.stat().st_size for process in self.processes)

    def _entries(self) -> int:
        with MongoClient[dict[str, object]](self.servers.mongod.url) as mongo:
            return mongo["sync_data_logs"]["task_logs"].count_documents({})


@contextmanager
def scene() -> Iterator[Scene]:
    """The servers, 100,000 invoices that are delivered, and the processes of the Procfile."""
    with open_servers() as servers, own_database(servers.address) as address, tempfile.TemporaryDirectory() as logs:
        own = attrs.evolve(servers, address=address)
        sql = SqlServer(address)
        create_or_extend(sql)
        load_shops(sql, thousand_shops.shops())
        load_documents(sql, thousand_shops.whole_documents())
        thousand_shops.fill(sql, WAITING)
        documents.set_all(sql, Status.SUCCESS)
        documents.set_all(sql, Status.PENDING, WARM_UP)
        job = Job(servers=own, documents=WAITING, calls=Path(logs, "calls.txt"))
        with PharmasyncRun(processes=2, threads=80).start(job) as processes:
            own.api.open_gate()
            yield Scene(servers=own, sql=sql, processes=processes)
        sql.close()


def measure(quiet_seconds: float, outage_seconds: float) -> tuple[Stretch, Stretch, list[int]]:
    """The quiet stretch, the outage, and the calls of each second after it."""
    with scene() as stage:
        stage.wait(lambda: documents.count(stage.sql, Status.SUCCESS) == WAITING)
        time.sleep(SETTLING_SECONDS)
        logger.info("quiet for %g s", quiet_seconds)
        quiet = stage.watch(quiet_seconds)
        stage.servers.api.stop()
        stage.sql.run(
            f"UPDATE {SALES_INVOICE.table} SET status = %s, sync_due_at = NULL WHERE id > %d",
            (Status.PENDING.value, WARM_UP),
        )
        logger.info("down for %g s", outage_seconds)
        outage = stage.watch(outage_seconds)
        stage.servers.api.start()
        stage.servers.api.open_gate()
        logger.info("back")
        return quiet, outage, stage.calls_a_second(AFTERWARDS_SECONDS)


def told(quiet: Stretch, outage: Stretch, calls: Sequence[int]) -> str:
    """The tables."""
    rows = [
        ["seconds", *(number(each.seconds) for each in (quiet, outage))],
        *(
            [f"memory of {name}, MB", *(number(each.memory_mb[name]) for each in (quiet, outage))]
            for name in quiet.memory_mb
        ),
        ["log, bytes a minute", *(number(each.log_bytes) for each in (quiet, outage))],
        ["journal, entries a minute", *(number(each.journal_entries) for each in (quiet, outage))],
        ["CPU of workers and producer, % of one", *(number(each.cpu * 100) for each in (quiet, outage))],
    ]
    steps = [
        [f"{start} to {start + 10}", number(sum(calls[start : start + 10])), number(max(calls[start : start + 10]))]
        for start in range(0, len(calls), 10)
    ]
    stretches = grid(["", "quiet", f"down, {WAITING:,} rows due"], rows)
    return f"{stretches}\n\n{grid(['seconds after', 'documents', 'most in a second'], steps)}\n"


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outage", description=__doc__)
    parser.add_argument("--quiet", type=float, default=120.0, help="seconds of the quiet stretch (120)")
    parser.add_argument("--outage", type=float, default=600.0, help="seconds of the outage (600)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.stdout.write(told(*measure(given.quiet, given.outage)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
