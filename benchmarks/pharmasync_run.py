"""pharmasync as the Procfile starts it: workers and a producer, every setting at its default."""

from contextlib import AbstractContextManager

import attrs
from attrs import frozen

from benchmarks.processes import PYTHON, MeasuredProcess
from benchmarks.subject import Job, started
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.settings import Settings


@frozen(kw_only=True)
class PharmasyncRun:
    """pharmasync with so many worker processes and threads in each.

    Attributes:
        groups: How many times the Procfile is run, as on hosts of their own; ``processes`` are those of one.
    """

    processes: int
    threads: int
    groups: int = 1
    name: str = "pharmasync"
    share: float = 1.0
    writes_rows: bool = True
    counted: bool = True

    @property
    def in_flight(self) -> int:
        """One document a thread."""
        return self.groups * self.processes * self.threads

    @property
    def ahead(self) -> int:
        """The producer fills the queues, and the workers hold some."""
        return len(DOCUMENT_TYPES) * int(attrs.fields(Settings).queue_high_water.default or 0) + self.in_flight

    def start(self, job: Job) -> AbstractContextManager[list[MeasuredProcess]]:
        """Starts the workers and the producer of each group."""
        worker = f"dramatiq pharmasync.actors --processes {self.processes} --threads {self.threads}"
        producer = f"{PYTHON} -m pharmasync.schedulers"
        commands: dict[str, str] = {}
        for group in range(1, self.groups + 1):
            commands |= {f"worker-{group}": worker, f"producer-{group}": producer}
        return started(job, commands, counted=self.counted)
