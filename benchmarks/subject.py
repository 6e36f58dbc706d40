"""What is measured: a subject starts its processes and delivers the loaded documents."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import attrs
from attrs import frozen

from benchmarks.processes import MeasuredProcess
from benchmarks.servers import Servers


@frozen(kw_only=True)
class Job:
    """What a subject has to do.

    Attributes:
        servers: The servers.
        documents: How many documents it is given.
        calls: The file with a call for each loaded document.
    """

    servers: Servers
    documents: int
    calls: Path

    @property
    def logs(self) -> Path:
        """Where logs go."""
        return self.calls.parent

    def of(self, documents: int) -> "Job":
        """The same with fewer documents."""
        return attrs.evolve(self, documents=documents)


class Subject(Protocol):
    """One of the designs that are compared."""

    @property
    def name(self) -> str:
        """What the table calls it."""

    @property
    def in_flight(self) -> int:
        """How many documents it sends at the same time."""

    @property
    def share(self) -> float:
        """The share of the documents that is enough to measure it."""

    @property
    def ahead(self) -> int:
        """How many documents it takes up at most before it sends them, those that it sends included."""

    @property
    def counted(self) -> bool:
        """Whether its round trips to a real SQL Server are counted, which costs it a tap on the way."""

    @property
    def writes_rows(self) -> bool:
        """Whether it works on the rows."""

    def start(self, job: Job) -> AbstractContextManager[list[MeasuredProcess]]:
        """Starts its processes, and ends them with the context."""


@contextmanager
def started(job: Job, commands: dict[str, str], *, counted: bool = False) -> Iterator[list[MeasuredProcess]]:
    """Processes by name and command, started one after the other and ended together; ``counted`` as of a subject."""
    environment = job.servers.environment(counted=counted)
    with ExitStack() as running:
        yield [
            running.enter_context(MeasuredProcess(name, command, environment, job.logs))
            for name, command in commands.items()
        ]
