"""Whether more hosts add up: two groups beside one, with an API so slow that no processor is the limit."""

from attrs import frozen

from benchmarks.pharmasync_run import PharmasyncRun
from benchmarks.servers import ANSWER_MS
from benchmarks.subject import Job
from benchmarks.throughput import Run, Span, Track

SLOW_MS = 500
PROCESSES, THREADS = 1, 32
SPAN = Span(warm_up=128, last=128 + 640)


@frozen
class Groups:
    """A run of one group, each with its workers and its producer, and a run of two."""

    one: Run
    two: Run


def measure(track: Track, job: Job) -> Groups:
    """Runs one group and then two, at an answer time of :data:`SLOW_MS`."""
    track.servers.api.answer_after(SLOW_MS)
    try:
        runs = [
            track.run(PharmasyncRun(processes=PROCESSES, threads=THREADS, groups=groups), job, SPAN)
            for groups in (1, 2)
        ]
    finally:
        track.servers.api.answer_after(ANSWER_MS)
    return Groups(*runs)
