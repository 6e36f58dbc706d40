"""Two turnstiles on one Redis, as two processes have them: the limits hold over both."""

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import redis

from pharmasync.errors import LimitReachedError
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.limits.shared import LINE, RATE
from tests.calls import Calls, busy, many

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]

SOON = Patience(shop=0.1, overall=0.2)

HOLDER = """
import redis, sys, threading
from pharmasync.limits import LimitedTurnstile, Limits
url, longest_call = sys.argv[1:]
turnstile = LimitedTurnstile.on(redis.Redis.from_url(url), Limits(max_calls=1), float(longest_call))
with turnstile.pass_for("A"):
    print("calling", flush=True)
    threading.Event().wait()
"""


def test_a_cap_is_never_exceeded(a_process: AProcess) -> None:
    assert busy([a_process(Limits(max_calls=3)) for _ in range(2)], callers=20).most == 3


def test_a_shops_cap_is_never_exceeded(a_process: AProcess) -> None:
    processes = [a_process(Limits(max_calls_per_shop=2)) for _ in range(2)]
    of_shop = {shop: Calls() for shop in "AB"}

    def work(number: int) -> None:
        for shop in "ABAB":
            of_shop[shop].make(processes[number % 2], shop)

    with many(12) as start:
        for number in range(12):
            start(work, number)
    assert [calls.most for calls in of_shop.values()] == [2, 2]


def test_the_rate_is_kept(a_process: AProcess, client: "redis.Redis") -> None:
    spacing = 0.01
    processes, calls = [a_process(Limits(max_rps=1 / spacing)) for _ in range(2)], Calls()
    calls.make(processes[0], "A")
    start_at = int(client.get(RATE) or 0)

    def work(number: int) -> None:
        for _ in range(5):
            calls.make(processes[number % 2], "A")

    with many(12) as start:
        for number in range(12):
            start(work, number)
    assert int(client.get(RATE) or 0) - start_at >= 60 * spacing * 1e6
    began = sorted(moment for moment, _ in calls.began)
    assert began[-1] - began[0] >= 50 * spacing  # the first one may have been seen late


def test_a_process_that_takes_its_slots_again_and_again_does_not_starve_another(a_process: AProcess) -> None:
    busy, other = (a_process(Limits(max_calls=1)) for _ in range(2))
    calls, served = Calls(), threading.Event()

    def keep_busy() -> None:
        while not served.is_set():
            calls.make(busy, "A")

    def once() -> None:
        try:
            calls.make(other, "B")
        finally:
            served.set()

    with many(5) as start:
        for _ in range(4):
            start(keep_busy)
        start(once)
    assert "B" in {shop for _, shop in calls.began}
    assert calls.most == 1


def test_a_process_that_was_killed_in_line_is_passed_over(
    a_process: AProcess, client: "redis.Redis", redis_url: str, until: Until
) -> None:
    first, other, calls = a_process(Limits(max_calls=1)), a_process(Limits(max_calls=1)), Calls()
    command = [sys.executable, "-c", HOLDER, redis_url, "60"]
    with many(1) as start, first.pass_for("A"), subprocess.Popen(command, stdout=subprocess.PIPE) as dies:
        until(lambda: client.zcard(LINE) == 1)
        start(calls.make, other, "B")
        until(lambda: client.zcard(LINE) == 2)
        dies.kill()
    assert len(calls.began) == 1


def test_the_slot_of_a_process_that_was_killed_comes_free_for_who_asks_then(
    a_process: AProcess, redis_url: str, until: Until
) -> None:
    longest_call = 0.5
    command = [sys.executable, "-c", HOLDER, redis_url, str(longest_call)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"calling\n"
        holder.kill()
    other = a_process(Limits(max_calls=1), patience=SOON)

    def passes() -> bool:
        try:
            with other.pass_for("A"):
                return True
        except LimitReachedError:
            return False

    until(passes)


def test_a_slot_is_not_free_before_its_holder_is_given_up(a_process: AProcess) -> None:
    limits = Limits(max_calls=1)
    with a_process(limits).pass_for("A"), pytest.raises(LimitReachedError, match="PHARMASYNC_API_MAX_CALLS allows"):
        a_process(limits, patience=SOON).pass_for("B").__enter__()
