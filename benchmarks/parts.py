"""Which part of the work a sample of a stack belongs to: pure, so that the profile's table can be trusted."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

PARTS = (
    ("HTTP: requests, urllib3", r"requests/|urllib3/|http/client\.py|email/|pharmasync/national/transport\.py"),
    ("SQL: pymssql", r"pharmasync/sqlserver/connection\.py"),
    ("SQL: statements and their results", r"pharmasync/sqlserver/(begin|outcome|queued|statements|errand)\.py"),
    ("SQL: shared round trips", r"pharmasync/sqlserver/shared_trips\.py"),
    ("SQL: the producer's look and claims", r"pharmasync/sqlserver/|pharmasync/schedulers/|apscheduler/"),
    ("Redis: redis-py", r"redis/"),
    ("messages: dramatiq", r"dramatiq/|pharmasync/queues/"),
    ("journal: pymongo and entries", r"pymongo/|bson/|pharmasync/journal/|pharmasync/middleware/journalling\.py"),
    ("JSON", r"json/"),
    ("cattrs and the wire form", r"cattrs|pharmasync/national/v1/"),
    ("reading the document", r"pharmasync/documents/"),
    ("backoff", r"backoff/|pharmasync/repeating\.py"),
    ("the story: delivery, login, middleware", r"pharmasync/"),
)
"""The parts and the files that are theirs, the more particular ones first."""

OTHER = "the interpreter"
KERNEL = "the kernel: sockets, files, switches between threads"

_FILE = re.compile(r"\(([^()]*?)(?::\d+)?\)$")


def part_of(stack: str) -> str:
    """The part of the innermost frame that has one; frames as in py-spy's raw output, outermost first.

    What a library of Python's own does, such as waiting for a lock, belongs to whoever called it.
    """
    for frame in reversed(stack.split(";")):
        found = _FILE.search(frame)
        if found is None:
            continue
        for name, files in PARTS:
            if re.match(rf"(?:{files})", found[1]):
                return name
    return OTHER


def samples_by_part(lines: Iterable[str]) -> Counter[str]:
    """How many samples each part has, from the lines of py-spy's raw output: a stack, a blank and a count."""
    counted: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if count.strip().isdigit():
            counted[part_of(stack)] += int(count)
    return counted


def shared_out(cpu_ms: float, samples: Mapping[str, int]) -> dict[str, float]:
    """A processor time, shared out among the parts by their samples."""
    every = sum(samples.values())
    return {part: cpu_ms * count / every for part, count in samples.items()} if every else {OTHER: cpu_ms}
