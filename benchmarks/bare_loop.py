"""The bare loop: the same bodies posted with `requests`, one session a thread, and nothing else.

No SQL, no queue, no journal: what Python and `requests` can do at most with so many processes and threads.
"""

import argparse
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import requests
from attrs import frozen

from benchmarks.processes import PYTHON, MeasuredProcess
from benchmarks.subject import Job, started

HEADERS = {"Content-Type": "application/json; charset=utf-8", "Authorization": "bearer benchmark"}
TIMEOUT_SECONDS = 60


@frozen(kw_only=True)
class BareLoop:
    """The bare loop with so many processes and threads in each."""

    processes: int
    threads: int
    name: str = "bare requests loop"
    share: float = 1.0
    writes_rows: bool = False
    counted: bool = False

    @property
    def in_flight(self) -> int:
        """One document a thread."""
        return self.processes * self.threads

    @property
    def ahead(self) -> int:
        """What is in flight; the processes may differ by some."""
        return 2 * self.in_flight

    def start(self, job: Job) -> AbstractContextManager[list[MeasuredProcess]]:
        """Starts the processes; the documents are dealt out to them."""
        common = f"{PYTHON} -m benchmarks.bare_loop --calls {job.calls} --documents {job.documents}"
        deal = f"--threads {self.threads} --processes {self.processes}"
        return started(job, {f"bare-{place}": f"{common} {deal} --place {place}" for place in range(self.processes)})


def post_all(base_url: str, calls: Iterator[tuple[str, bytes]]) -> None:
    """Posts what is left of the calls, which all threads take from; each answer must say that it is stored."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(HEADERS)
        for path, body in calls:
            response = session.post(base_url + path, data=body, timeout=TIMEOUT_SECONDS)
            response.raise_for_status()
            if response.json()["code"] != requests.codes.ok:
                raise RuntimeError(response.text)


def read_calls(file: Path) -> list[tuple[str, bytes]]:
    """The calls of a file: path and body."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(path, body.encode()) for path, _, body in (line.partition("\t") for line in lines)]


def main() -> None:
    """One process of the loop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bare_loop", description=__doc__)
    parser.add_argument("--calls", type=Path, required=True)
    for name in ("--documents", "--threads", "--processes", "--place"):
        parser.add_argument(name, type=int, required=True)
    given = parser.parse_args()
    calls = iter(read_calls(given.calls)[: given.documents][given.place :: given.processes])
    base_url = os.environ["API_BASE_URL"]
    threads = [threading.Thread(target=post_all, args=(base_url, calls)) for _ in range(given.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
