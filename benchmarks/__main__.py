"""``python -m benchmarks``: runs what is asked for and writes the table."""

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from benchmarks import documents, flatness, footprint, groups, idle
from benchmarks.bare_loop import BareLoop
from benchmarks.celery_run import as_written, tuned
from benchmarks.figures import figures
from benchmarks.machine import describe
from benchmarks.pharmasync_run import PharmasyncRun
from benchmarks.results import Results
from benchmarks.servers import ANSWER_MS, Servers, open_servers
from benchmarks.subject import Job, Subject
from benchmarks.table import Setup, as_json, markdown
from benchmarks.throughput import BenchmarkError, Span, Track
from pharmasync.sandbox.servers import ServerStartError
from pharmasync.sqlserver.connection import SqlServer

logger = logging.getLogger("benchmarks")

PROCESSES, THREADS = 2, 80
WARM_UP = 1_000
PARTS = ("bare", "pharmasync", "celery-tuned", "celery", "idle", "producer", "import", "groups", "flatness")
QUICK_PARTS = ("bare", "pharmasync", "celery-tuned", "celery", "idle")
RESULTS = Path(__file__).parent / "results"
IMPORTS = 5


@frozen(kw_only=True)
class Plan:
    """What is asked for.

    Attributes:
        parts: Which parts.
        documents: Documents a run, without the warm-up.
        runs: How many runs.
        idle_rows: How many rows become due on the idle system, in each run.
        output: Where the table goes; None prints it only.
    """

    parts: Sequence[str]
    documents: int
    runs: int
    idle_rows: int
    output: Path | None

    @property
    def span(self) -> Span:
        """Which documents are counted."""
        return Span(WARM_UP, WARM_UP + self.documents)


def read_arguments(arguments: Sequence[str] | None = None) -> Plan:
    """The plan that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one small run, about a minute; prints the table only")
    parser.add_argument("--documents", type=int, help="documents a run (5,000; quick: 1,000)")
    parser.add_argument("--runs", type=int, help="how many runs (3; quick: 1)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part only; may be repeated")
    parser.add_argument("--output", type=Path, help="folder of bench.md and bench.json (benchmarks/results)")
    given = parser.parse_args(arguments)
    return Plan(
        parts=given.only or (QUICK_PARTS if given.quick else PARTS),
        documents=given.documents or (1_000 if given.quick else 5_000),
        runs=given.runs or (1 if given.quick else 3),
        idle_rows=5 if given.quick else 20,
        output=given.output or (None if given.quick else RESULTS),
    )


def subjects() -> dict[str, Subject]:
    """What is compared, by its part's name."""
    return {
        "bare": BareLoop(processes=PROCESSES, threads=THREADS),
        "pharmasync": PharmasyncRun(processes=PROCESSES, threads=THREADS),
        "celery-tuned": tuned(),
        "celery": as_written(),
    }


@contextmanager
def loaded(servers: Servers, plan: Plan) -> Iterator[tuple[Track, Job]]:
    """The documents in SQL Server and as calls in a file."""
    most = plan.span.last + max(subject.ahead for subject in subjects().values())
    made = documents.make(most, datetime.now(UTC).date())
    sql = SqlServer(servers.counted_address)
    documents.load(sql, made)
    with tempfile.TemporaryDirectory(prefix="pharmasync-bench-") as directory:
        calls = Path(directory, "calls.txt")
        calls.write_text("\n".join(documents.calls(made)), encoding="utf-8")
        yield Track(sql=sql, servers=servers), Job(servers=servers, documents=len(made), calls=calls)
    sql.close()


def run(plan: Plan) -> Results:
    """Does what is asked for.

    Raises:
        BenchmarkError: A run measured nothing.
    """
    results = Results()
    with open_servers() as servers, loaded(servers, plan) as (track, job):
        for turn in range(1, plan.runs + 1):
            logger.info("run %d of %d", turn, plan.runs)
            _one_turn(plan, track, job, results)
        if "flatness" in plan.parts:
            results.flatness.append(flatness.measure(track, job, subjects()["pharmasync"]))
    return results


def _one_turn(plan: Plan, track: Track, job: Job, results: Results) -> None:
    for part, subject in subjects().items():
        if part in plan.parts:
            found = track.run(subject, job, plan.span.part(subject.share))
            results.throughput.setdefault(subject.name, []).append(found)
            logger.info("%s: %.1f documents/s, %.2f ms CPU each", subject.name, found.rate, found.cpu_ms)
    if "idle" in plan.parts:
        workers = PharmasyncRun(processes=PROCESSES, threads=THREADS)
        results.idle.append(idle.watch(track, workers, job, plan.idle_rows))
    if "producer" in plan.parts and (rate := footprint.producer_rate(track)) is not None:
        results.producer.append(rate)
    if "groups" in plan.parts:
        results.groups.append(groups.measure(track, job))
    if "import" in plan.parts:
        results.imports += [footprint.import_seconds(job.servers) for _ in range(IMPORTS)]


def main() -> int:
    """Runs, prints the table and writes it; the exit status is 1 where a run failed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    plan, machine = read_arguments(), describe()
    try:
        results = run(plan)
    except (BenchmarkError, ServerStartError) as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return 1
    setup = Setup(
        documents=plan.documents,
        warm_up=WARM_UP,
        runs=plan.runs,
        answer_ms=ANSWER_MS,
        sql_server=os.environ.get("MSSQL_SERVER", "the practice server, which is slow Python"),
    )
    found = figures(results)
    text = markdown(machine, setup, results, found)
    sys.stdout.write(text)
    if plan.output is not None:
        plan.output.mkdir(parents=True, exist_ok=True)
        (plan.output / "bench.md").write_text(text, encoding="utf-8")
        (plan.output / "bench.json").write_text(as_json(machine, setup, results, found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
