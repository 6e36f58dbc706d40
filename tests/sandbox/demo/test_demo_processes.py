"""The Procfile's commands, and the environment in which the demo runs them."""

import os
import select
import shlex
import sys
from pathlib import Path

import pytest

from pharmasync.sandbox.demo.practice_servers import NationalApiProcess
from pharmasync.sandbox.demo.processes import COMMANDS, ProcfileProcess, bounded, read_procfile
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sandbox.demo.town import Town

PROCFILE = Path(__file__).parents[3] / "Procfile"

A_STUBBORN_FAMILY = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    with open(sys.argv[1], "w") as told:
        told.write(f"{os.getpid()} {child}")
signal.pause()
"""


def test_without_a_procfile_the_commands_are_the_same(tmp_path: Path) -> None:
    assert read_procfile(tmp_path) == COMMANDS == read_procfile(PROCFILE.parent)


def test_a_procfile_of_ones_own_is_taken_for_workers_and_producer_only(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: pharmasync dashboard\nworker: dramatiq pharmasync.actors -t 2\n")

    assert read_procfile(tmp_path) == {**COMMANDS, "worker": "dramatiq pharmasync.actors -t 2"}


def test_another_projects_procfile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("worker: celery -A shop worker\n")

    assert read_procfile(tmp_path) == COMMANDS


@pytest.mark.parametrize(
    ("command", "processors", "run"),
    [
        (["dramatiq", "pharmasync.actors"], 8, ["dramatiq", "pharmasync.actors"]),
        (["dramatiq", "pharmasync.actors"], 64, ["dramatiq", "pharmasync.actors", "--processes", "8"]),
        (["dramatiq", "x", "--processes", "30"], 64, ["dramatiq", "x", "--processes", "30"]),
        (["python", "-m", "pharmasync.schedulers"], 64, ["python", "-m", "pharmasync.schedulers"]),
    ],
)
def test_many_processors_do_not_mean_a_worker_process_each(command: list[str], processors: int, run: list[str]) -> None:
    assert bounded(command, processors) == run


def test_settings_of_the_machine_do_not_reach_the_demo() -> None:
    town = Town(national=NationalApiProcess(SHOPS, {}, 1))
    machine = {
        "HOME": "/home/a",
        "MSSQL_SERVER": "the-real-one",
        "API_USERNAME": "a-real-account",
        "PHARMASYNC_ATTEMPTS": "1",
        "REDIS_HOST": "the-real-one",
    }

    environment = town.environment(machine)

    assert environment["HOME"] == "/home/a"
    assert environment["MSSQL_SERVER"] == "127.0.0.1"
    assert not {"API_USERNAME", "PHARMASYNC_ATTEMPTS", "REDIS_HOST"} & environment.keys()
    assert town.read_settings().api_username is None


@pytest.mark.integration
def test_a_process_that_does_not_want_to_end_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharmasync.sandbox.demo.processes.STOP_SECONDS", 0.2)
    program = tmp_path / "family.py"
    program.write_text(A_STUBBORN_FAMILY)
    pipe = tmp_path / "pids"
    os.mkfifo(pipe)
    with ProcfileProcess("worker", f"{sys.executable} {program} {pipe}", os.environ, tmp_path):
        handles = [os.pidfd_open(int(pid)) for pid in pipe.read_text().split()]

    for handle in handles:
        ended, _, _ = select.select([handle], [], [], 5)
        os.close(handle)
        assert ended


@pytest.mark.integration
def test_a_process_that_ended_by_itself_is_noticed_and_its_log_can_be_read(tmp_path: Path) -> None:
    pipe = tmp_path / "ended"
    os.mkfifo(pipe)
    program = f"import sys; told = open({str(pipe)!r}, 'w'); print('no such setting')"
    with ProcfileProcess("scheduler", shlex.join([sys.executable, "-c", program]), os.environ, tmp_path) as process:
        pipe.read_bytes()  # until the process has ended, which closes its side
        while not process.ended:
            os.sched_yield()
        assert process.tail == "no such setting\n"
