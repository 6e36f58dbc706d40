"""One thread, however many need it, and a new try where the system had none to give."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pharmasync.late_thread import LateThread


def test_it_starts_once_however_many_need_it_at_once() -> None:
    started, over = threading.Semaphore(0), threading.Event()

    def work() -> None:
        started.release()
        over.wait(10)

    late = LateThread(work, "late")
    with ThreadPoolExecutor(8) as callers:
        for _ in range(50):
            callers.submit(late.start)
    assert started.acquire(timeout=10)
    over.set()
    assert not started.acquire(blocking=False)


def test_who_comes_after_one_that_got_no_thread_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    worked = threading.Event()
    late = LateThread(worked.set, "late")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="no thread"):
            late.start()
    assert not worked.is_set()
    late.start()
    assert worked.wait(10)


def refuse(_: threading.Thread) -> None:
    raise RuntimeError("no thread to give")
