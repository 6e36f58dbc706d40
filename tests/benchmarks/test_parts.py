"""Samples of stacks belong to the part of the work that their innermost telling frame is of."""

import pytest

from benchmarks.parts import OTHER, PARTS, part_of, samples_by_part, shared_out

THREAD = "Thread._bootstrap (threading.py:1002);WorkerThread.run (dramatiq/worker.py:531)"
SENDING = f"{THREAD};deliver (pharmasync/delivery.py:70);Transport.__call__ (pharmasync/national/transport.py:71)"


@pytest.mark.parametrize(
    ("stack", "part"),
    [
        (f"{SENDING};HTTPAdapter.send (requests/adapters.py:600);send (http/client.py:999)", "HTTP: requests, urllib3"),
        (f"{THREAD};Condition.wait (threading.py:320)", "messages: dramatiq"),
        (f"{THREAD};_fetch (pharmasync/sqlserver/connection.py:150)", "SQL: pymssql"),
        (f"{THREAD};claim (pharmasync/sqlserver/claim.py:60)", "SQL: the producer's look and claims"),
        (f"{THREAD};_json (pharmasync/national/v1/adapter.py:90);dumps (json/__init__.py:238)", "JSON"),
        (f"{THREAD};take (pharmasync/in_hand.py:60)", "the story: delivery, login, middleware"),
        ("<module> (site.py:1)", OTHER),
        ("", OTHER),
    ],
)
def test_the_innermost_frame_that_tells_a_part_decides(stack: str, part: str) -> None:
    assert part_of(stack) == part


def test_samples_are_counted_by_part() -> None:
    lines = [f"{THREAD} 3", f"{THREAD};take (pharmasync/in_hand.py:60) 2", f"{THREAD} 1", "", "no count"]
    assert samples_by_part(lines) == {"messages: dramatiq": 4, "the story: delivery, login, middleware": 2}


def test_a_processor_time_is_shared_out_whole() -> None:
    assert shared_out(2.0, {"JSON": 1, "Redis: redis-py": 3}) == {"JSON": 0.5, "Redis: redis-py": 1.5}
    assert shared_out(2.0, {}) == {OTHER: 2.0}


def test_every_part_has_a_name_of_its_own() -> None:
    assert len({name for name, _ in PARTS}) == len(PARTS)
