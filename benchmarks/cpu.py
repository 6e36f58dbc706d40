"""The processor time and the memory of a tree of processes, from /proc."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@frozen(kw_only=True)
class Usage:
    """One process.

    Attributes:
        parent: Its parent's process id.
        user: User time, with that of its children that have ended.
        system: The same of system time.
    """

    parent: int
    user: int
    system: int

    @property
    def ticks(self) -> int:
        """Both."""
        return self.user + self.system


def read_stat(line: str) -> Usage:
    """What a line of /proc/PID/stat says; the command's name in it may hold blanks and brackets."""
    fields = line.rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(value) for value in fields[11:15])
    return Usage(parent=int(fields[1]), user=user + ended_user, system=system + ended_system)


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of these processes and of all below them, since each of them started."""
    every = _processes()
    return sum(every[pid].ticks for pid in _trees(roots, every)) / TICKS_A_SECOND


def usage_of(pid: int) -> tuple[float, float]:
    """User and system time of one process."""
    usage = read_stat((PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace"))
    return usage.user / TICKS_A_SECOND, usage.system / TICKS_A_SECOND


def processes_below(root: int) -> list[int]:
    """A process and all below it."""
    return _trees([root], _processes())


def busy_seconds() -> float:
    """How long all processors together have worked, or a hypervisor kept them from it, since the machine started."""
    user, nice, system, _idle, _waiting, *interrupts_and_stolen = _machine_ticks()
    return (user + nice + system + sum(interrupts_and_stolen[:3])) / TICKS_A_SECOND


def memory_by_process(roots: Iterable[int], threads: int) -> list[int]:
    """The resident bytes of each process in these trees that has at least so many threads."""
    found = []
    for pid in _trees(roots, _processes()):
        status = dict(_status(pid))
        if int(status.get("Threads", "0")) >= threads:
            found.append(int(status["VmRSS"].split()[0]) * 1024)
    return found


def _machine_ticks() -> list[int]:
    first = (PROC / "stat").read_text(encoding="ascii").splitlines()[0]
    return [int(value) for value in first.split()[1:]]


def _trees(roots: Iterable[int], every: dict[int, Usage]) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for pid, usage in every.items():
        children[usage.parent].append(pid)
    left = [pid for pid in roots if pid in every]
    found: dict[int, None] = {}
    while left:
        pid = left.pop()
        found[pid] = None
        left += [child for child in children[pid] if child not in found]
    return list(found)


def _processes() -> dict[int, Usage]:
    return dict(_read_processes())


def _read_processes() -> Iterator[tuple[int, Usage]]:
    for directory in PROC.iterdir():
        if directory.name.isdigit():
            try:
                line = (directory / "stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                continue
            yield int(directory.name), read_stat(line)


def _status(pid: int) -> Iterator[tuple[str, str]]:
    try:
        text = (PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return
    for line in text.splitlines():
        name, _, value = line.partition(":")
        yield name, value.strip()
