"""`python -m pharmasync.sandbox.sqlserver`."""

import os
import signal
import subprocess
import sys

import pymssql
import pytest

pytestmark = pytest.mark.integration

COMMAND = [sys.executable, "-m", "pharmasync.sandbox.sqlserver"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_when_it_is_told(number: signal.Signals) -> None:
    environment = os.environ | {"PRACTICE_SQL_PASSWORD": "from-environment"}
    command = [*COMMAND, "--port", "0", "--database", "one", "--database", "two"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:")
        port = line.strip().rpartition(":")[2]
        connection = pymssql.connect(
            server="127.0.0.1", port=port, user="sa", password="from-environment", database="two", login_timeout=5
        )
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
        connection.close()


def test_it_wants_a_password() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PRACTICE_SQL_PASSWORD"}
    ended = subprocess.run(COMMAND, capture_output=True, text=True, env=environment, check=False, timeout=20)
    assert ended.returncode == 2
    assert "PRACTICE_SQL_PASSWORD" in ended.stderr


def test_it_tells_of_each_victim_of_a_deadlock() -> None:
    environment = os.environ | {"PRACTICE_SQL_PASSWORD": "from-environment"}
    command = [*COMMAND, "--deadlocks", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip().rpartition(":")[2]
        with pymssql.connect(
            server="127.0.0.1", port=port, user="sa", password="from-environment", login_timeout=5
        ) as connection:
            with pytest.raises(pymssql.OperationalError, match="deadlock victim"):
                connection.cursor().execute("SELECT 1 AS one")
            assert process.stdout.readline() == "deadlock victim 1\n"
        process.terminate()
        assert process.wait(10) == 0
