"""The processes of a run, and the supervisor that starts each of them again when it ended, as systemd would."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import define, field, frozen

from tests.chaos.clocks import clock_ahead
from tests.chaos.member import Member

LOOK_SECONDS = 0.3
"""How long a process stays away."""

SCANS = "scanning every"
WORKS = "Worker process is ready for action"
"""What producers and worker processes log once they are at work."""

ROOT = Path(__file__).parents[2]


@frozen(kw_only=True)
class Hosts:
    """Which processes run, and whose clock is wrong.

    Attributes:
        producers: How many producers.
        groups: How many worker groups.
        processes: The worker processes of a group.
        ahead: Seconds that the clock of the last producer's and the last group's host is ahead.
    """

    producers: int = 1
    groups: int = 1
    processes: int = 2
    ahead: float = 0.0


@define
class Crew:
    """The processes.

    Attributes:
        producers: The producers.
        groups: The worker groups.
    """

    producers: list[Member]
    groups: list[Member]
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _ending: threading.Event = field(factory=threading.Event, init=False)

    @property
    def members(self) -> list[Member]:
        """All of them."""
        return [*self.producers, *self.groups]

    @property
    def ready(self) -> bool:
        """Whether all of them are at work."""
        return all(member.ready for member in self.members)

    @property
    def lives(self) -> int:
        """How often any of them was started."""
        return sum(member.lives for member in self.members)

    @contextmanager
    def unattended(self) -> Iterator[None]:
        """Keeps the supervisor from starting anything meanwhile."""
        with self._lock:
            yield

    def attend(self) -> None:
        """Starts whoever is not there, again and again until the end; the supervisor's life."""
        while not self._ending.is_set():
            with self._lock:
                for member in self.members:
                    if member.ended:
                        member.start()
            self._ending.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """Ends the supervisor, and then all of them."""
        self._ending.set()
        with self._lock:
            for member in self.members:
                member.ask_to_stop()
            for member in self.members:
                member.see_it_stopped()


def crew_of(hosts: Hosts, environment: Mapping[str, str], logs: Path) -> Crew:
    """The crew; nobody is started yet."""

    def member(name: str, command: list[str], ready: tuple[str, int], *, last: bool) -> Member:
        shifted = clock_ahead(hosts.ahead if last else 0.0)
        path = ":".join(filter(None, (shifted.get("PYTHONPATH"), str(ROOT), environment.get("PYTHONPATH"))))
        surroundings = {**environment, **shifted, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
        return Member(name, [sys.executable, "-m", *command], surroundings, logs, *ready)

    workers = ["dramatiq", "tests.chaos.actors", "--processes", str(hosts.processes)]
    return Crew(
        producers=[
            member(f"producer-{place}", ["tests.chaos.producer"], (SCANS, 1), last=place == hosts.producers)
            for place in range(1, hosts.producers + 1)
        ],
        groups=[
            member(f"workers-{place}", workers, (WORKS, hosts.processes), last=place == hosts.groups)
            for place in range(1, hosts.groups + 1)
        ],
    )


@contextmanager
def running(crew: Crew) -> Iterator[None]:
    """Starts the crew and its supervisor; stops them at the end, however that comes."""
    supervisor = threading.Thread(target=crew.attend, name="supervisor", daemon=True)
    supervisor.start()
    try:
        yield
    finally:
        crew.stop()
        supervisor.join()
