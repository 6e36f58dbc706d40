"""A variable that no setting has is most likely a typo: it is told, and stops nobody."""

import os
import sys
from multiprocessing import Pipe, current_process

import pytest
from dramatiq.compat import StreamablePipe

from pharmasync.settings import load, unknown
from pharmasync.wiring import settings_or_exit

Least = dict[str, str]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PHARMASYNC_API_MAX_RSP", "PHARMASYNC_API_MAX_RPS"),
        ("PHARMASYNC_SCAN_SECOND", "PHARMASYNC_SCAN_SECONDS"),
        ("PHARMASYNC_scan_seconds", "PHARMASYNC_SCAN_SECONDS"),
    ],
)
def test_a_variable_that_no_setting_has_is_told_with_the_nearest_setting(least: Least, name: str, nearest: str) -> None:
    assert list(unknown({**least, name: "s3cret"})) == [f"{name} is no setting; the nearest one is {nearest}"]


def test_what_bears_another_prefix_or_that_of_the_tests_is_nobodys_business(least: Least) -> None:
    assert (
        list(
            unknown(
                {**least, "PATH": "/bin", "MSSQL_PROT": "1", "PHARMASYNC_ATTEMPTS": "3", "PHARMASYNC_TEST_MSSQL": "1"}
            )
        )
        == []
    )


def test_a_process_says_so_in_one_line_and_goes_on(least: Least, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {**least, "PHARMASYNC_API_MAX_RSP": "5"}
    assert settings_or_exit(environ) == load(least)
    said = "pharmasync: warning: PHARMASYNC_API_MAX_RSP is no setting; the nearest one is PHARMASYNC_API_MAX_RPS"
    assert capsys.readouterr().err == said + os.linesep


def test_a_worker_says_so_too(least: Least, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, dramatiqs = Pipe()
    monkeypatch.setattr(sys, "stderr", StreamablePipe(dramatiqs))  # type: ignore[no-untyped-call] # dramatiq has no annotations
    settings_or_exit({**least, "PHARMASYNC_API_MAX_RSP": "5"})
    assert b"PHARMASYNC_API_MAX_RSP is no setting" in ours.recv_bytes()


def test_of_several_worker_processes_one_says_so(
    least: Least, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_process(), "_name", "Process-2")
    settings_or_exit({**least, "PHARMASYNC_API_MAX_RSP": "5"})
    assert capsys.readouterr().err == ""
