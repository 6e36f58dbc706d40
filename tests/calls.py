"""Calls that threads make through turnstiles, and what the national server would see of them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import redis
from attrs import define, field

from pharmasync.limits import LimitedTurnstile

CALL_SECONDS = 0.003


@define
class Calls:
    """What the national server would see: when each call began, and how many there were at once."""

    began: list[tuple[float, str]] = field(factory=list)
    under_way: int = 0
    most: int = 0
    _lock: threading.Lock = field(factory=threading.Lock)

    def make(self, turnstile: LimitedTurnstile, shop: str) -> None:
        with turnstile.pass_for(shop):
            with self._lock:
                self.began.append((time.monotonic(), shop))
                self.under_way += 1
                self.most = max(self.most, self.under_way)
            time.sleep(CALL_SECONDS)  # the call itself
            with self._lock:
                self.under_way -= 1


@contextmanager
def many(callers: int) -> Iterator[Callable[..., "Future[None]"]]:
    """Many threads; whatever went wrong in one of them is raised at the end."""
    futures: list[Future[None]] = []
    with ThreadPoolExecutor(callers) as pool:

        def start(action: Callable[..., None], *arguments: object) -> "Future[None]":
            futures.append(pool.submit(action, *arguments))
            return futures[-1]

        yield start
    for future in futures:
        future.result(timeout=60)


def busy(processes: Sequence[LimitedTurnstile], callers: int, turns: int = 6) -> Calls:
    """What the national server sees of so many threads, spread over the processes, each with calls for four shops."""
    calls = Calls()

    def work(number: int) -> None:
        for turn in range(turns):
            calls.make(processes[number % len(processes)], f"S{(number + turn) % 4}")

    with many(callers) as start:
        for number in range(callers):
            start(work, number)
    assert len(calls.began) == callers * turns
    return calls


def waiting(turnstile: LimitedTurnstile) -> int:
    return len(turnstile.gate.line._waiting)


def trips(client: "redis.Redis") -> int:
    """How often Redis ran the script and somebody waited for its answer."""
    return count(client, "evalsha")


def runs(client: "redis.Redis") -> int:
    """How often Redis ran the script, for somebody who waited or not."""
    return trips(client) + count(client, "eval")


def count(client: "redis.Redis", command: str) -> int:
    """How often Redis ran a command."""
    return int(client.info("commandstats").get(f"cmdstat_{command}", {}).get("calls", 0))
