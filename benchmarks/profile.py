"""Where a delivery's processor time goes: ``python -m benchmarks.profile``, a table of milliseconds a document.

py-spy looks at the workers and the producer while they work, hundreds of times a second, and only at the thread that
holds the interpreter. These samples share out the user time that the system counted for each process; its system time
is a line of its own.
"""

import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen
from rich.console import Console
from rich.table import Table

from benchmarks.__main__ import Plan, loaded, read_arguments, subjects
from benchmarks.cpu import processes_below, usage_of
from benchmarks.parts import KERNEL, samples_by_part, shared_out
from benchmarks.processes import MeasuredProcess
from benchmarks.servers import open_servers
from benchmarks.subject import Job, Subject
from benchmarks.throughput import Track

SAMPLES_A_SECOND = 250
SECONDS = 10
DOCUMENTS = 10_000


@frozen(kw_only=True)
class Profile:
    """What was seen.

    Attributes:
        documents: How many were answered meanwhile.
        parts: Milliseconds a document, by part.
        samples: How many samples that rests on.
    """

    documents: int
    parts: dict[str, float]
    samples: int


def watch(track: Track, subject: Subject, job: Job, plan: Plan) -> Profile:
    """Starts the subject and looks at it while it works."""
    with subject.start(job) as processes:
        track.open_gate(subject, processes)
        track.wait(lambda: track.answered() >= plan.span.warm_up, processes)
        return _look(track, [pid for process in processes for pid in processes_below(_pid(process))])


def _pid(process: MeasuredProcess) -> int:
    return process.pid


def _look(track: Track, pids: Sequence[int]) -> Profile:
    with tempfile.TemporaryDirectory(prefix="pharmasync-profile-") as directory:
        files = [Path(directory, f"{pid}.txt") for pid in pids]
        spies = [_spy(pid, file) for pid, file in zip(pids, files, strict=True)]
        time.sleep(1)  # py-spy reads the interpreters' symbols first, which is not to be counted
        answered, before = track.answered(), [usage_of(pid) for pid in pids]
        for spy in spies:
            spy.wait(timeout=10 * SECONDS)
        documents = track.answered() - answered
        after = [usage_of(pid) for pid in pids]
        seen = [samples_by_part(file.read_text().splitlines()) if file.exists() else Counter() for file in files]
    parts: defaultdict[str, float] = defaultdict(float)
    for (user, system), (users, systems), samples in zip(before, after, seen, strict=True):
        parts[KERNEL] += (systems - system) * 1000 / documents
        for part, cost in shared_out((users - user) * 1000 / documents, samples).items():
            parts[part] += cost
    return Profile(documents=documents, parts=dict(parts), samples=sum(sum(one.values()) for one in seen))


def _spy(pid: int, file: Path) -> "subprocess.Popen[bytes]":
    py_spy = Path(sys.executable).with_name("py-spy")
    options = ["--gil", "--rate", str(SAMPLES_A_SECOND), "--duration", str(SECONDS), "--format", "raw", "--nonblocking"]
    return subprocess.Popen(  # noqa: S603 - the benchmark's own command
        [py_spy, "record", "--pid", str(pid), "--output", file, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def main() -> int:
    """Prints the table."""
    logging.basicConfig(level=logging.WARNING)
    plan = read_arguments(["--quick", "--documents", str(DOCUMENTS)])
    subject = subjects()["pharmasync"]
    with open_servers() as servers, loaded(servers, plan) as (track, job):
        profile = watch(track, subject, job, plan)
    table = Table("part", "ms a document", title=f"{profile.documents} documents, {profile.samples} samples")
    for part, cost in sorted(profile.parts.items(), key=lambda item: -item[1]):
        table.add_row(part, f"{cost:.2f}")
    table.add_row("together", f"{sum(profile.parts.values()):.2f}")
    Console(width=100).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
