import os
import time

from benchmarks.cpu import cpu_seconds, memory_by_process, read_stat


def test_a_process_name_may_hold_brackets_and_blanks() -> None:
    usage = read_stat("77 (a) b (c) S 12 77 77 0 -1 0 1 2 3 4 100 20 3 4 20 0 1 0")
    assert (usage.parent, usage.ticks) == (12, 127)


def test_work_shows_as_processor_time() -> None:
    before = cpu_seconds([os.getpid()])
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    assert cpu_seconds([os.getpid()]) - before >= 0.03


def test_a_process_that_is_not_there_costs_nothing() -> None:
    assert cpu_seconds([2**30]) == 0.0


def test_only_processes_with_enough_threads_are_weighed() -> None:
    assert memory_by_process([os.getpid()], threads=1)[0] > 2**20
    assert memory_by_process([os.getpid()], threads=10_000) == []
