"""The warnings at start are said by one of the workers' processes, once."""

import multiprocessing

import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker

from pharmasync.middleware import TellExposure


def told_in(name: str, monkeypatch: pytest.MonkeyPatch, *, starts: int = 1) -> int:
    told: list[str] = []
    broker = StubBroker(middleware=[TellExposure(lambda: told.append("told"))])
    monkeypatch.setattr(multiprocessing.current_process(), "name", name)
    for _ in range(starts):
        worker = Worker(broker, worker_timeout=50, worker_threads=1)
        worker.start()
        worker.stop()
    return len(told)


@pytest.mark.parametrize("name", ["MainProcess", "Process-1", "gunicorn"])
def test_the_first_process_tells_once(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert told_in(name, monkeypatch, starts=2) == 1


@pytest.mark.parametrize("name", ["Process-2", "Process-10", "Process-11"])
def test_the_others_do_not(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert told_in(name, monkeypatch) == 0
