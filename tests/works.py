"""A producer and a worker in this process, and what the practice national API knows of their work."""

from collections import Counter
from typing import Any

import dramatiq
from attrs import define

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.queues.redis_broker import PromptRedisBroker
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.schedulers.producer import Producer


@define
class Works:
    """A producer and a worker that run when a test says so."""

    producer: Producer
    broker: PromptRedisBroker
    actors: dict[str, Any]

    def run(self) -> None:
        """Scans once and works until every queue is empty."""
        self.producer.scan()
        self.work()

    def work(self) -> None:
        worker = dramatiq.Worker(self.broker, worker_timeout=50, worker_threads=4)
        worker.start()
        for kind in DOCUMENT_TYPES:
            self.broker.join(kind.queue, interval=20, timeout=20_000)
        worker.join()
        worker.stop()


def held(api: PracticeNationalAPI) -> dict[tuple[str, str], int]:
    """How often the national API holds each document."""
    return {(document.facility, document.code): document.times_stored for document in api.store.documents()}


def calls(api: PracticeNationalAPI, kind: str = "hoa_don") -> dict[str, int]:
    state: Any = api.state
    return dict(state["kinds"][kind]["calls"])


def all_calls(api: PracticeNationalAPI) -> dict[str, int]:
    """The calls for documents of any type."""
    state: Any = api.state
    return dict(sum((Counter(kind["calls"]) for kind in state["kinds"].values()), Counter[str]()))


def account(api: PracticeNationalAPI, name: str) -> dict[str, int]:
    state: Any = api.state
    return dict(state["logins"][name])


def logins(api: PracticeNationalAPI, name: str) -> int:
    return account(api, name)["logins"]


def bad_logins(api: PracticeNationalAPI, name: str) -> int:
    return account(api, name)["bad_logins"]
