"""The demo as people run it: a verdict at the end, and no process left behind however it ends."""

import os
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

COMMAND = [sys.executable, "-m", "pharmasync", "demo", "--documents", "120"]
MARK = "DEMO_TEST_MARK"
SECONDS = 120


@pytest.fixture
def mark() -> str:
    """What every process of one run carries in its environment."""
    return uuid.uuid4().hex


@pytest.fixture
def running(mark: str) -> Iterator[subprocess.Popen[str]]:
    """A demo; whatever it leaves behind is ended after the test."""
    environment = {**os.environ, MARK: mark}
    with subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE, text=True, process_group=0) as demo:
        yield demo
        demo.kill()
    for pid in processes_with(mark):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes_with(mark: str) -> list[int]:
    """The processes, wherever they come from, that inherited the mark."""
    found = []
    for directory in Path("/proc").iterdir():
        with suppress(OSError):
            if directory.name.isdigit() and f"{MARK}={mark}".encode() in (directory / "environ").read_bytes():
                found.append(int(directory.name))
    return found


def read_until(demo: subprocess.Popen[str], words: str) -> None:
    """Read its output until a line has these words."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if words in line:
            return
    pytest.fail(f"the demo ended before it said {words!r}")


def test_nothing_is_lost_and_nothing_doubled(mark: str) -> None:
    environment = {**os.environ, MARK: mark}

    result = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "lost 0, doubled 0" in result.stdout.splitlines()
    assert not result.stderr
    assert processes_with(mark) == []


@pytest.mark.parametrize("words", ["Redis", "national API (", "worker:", "scheduler:", "sales invoice"])
def test_ctrl_c_leaves_no_process_behind(running: subprocess.Popen[str], mark: str, words: str) -> None:
    read_until(running, words)

    running.send_signal(signal.SIGINT)

    assert running.wait(SECONDS) == 128 + signal.SIGINT
    assert processes_with(mark) == []


def test_a_killed_demo_leaves_no_process_behind(running: subprocess.Popen[str], mark: str) -> None:
    read_until(running, "sales invoice")
    handles = [os.pidfd_open(pid) for pid in processes_with(mark) if pid != running.pid]
    assert len(handles) >= 6, "four servers, workers, producer"

    running.kill()

    for handle in handles:
        ended, _, _ = select.select([handle], [], [], 10)
        os.close(handle)
        assert ended
    assert processes_with(mark) == []
