"""The producer's process: what it says when it cannot start, and that it scans and stops."""

import os
import signal
import subprocess
import sys

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.errors import GaveWayError
from pharmasync.queues import RowBroker
from pharmasync.sandbox.servers import free_port
from pharmasync.schedulers import Producer
from pharmasync.schedulers import __main__ as process
from pharmasync.sqlserver.connection import Address
from tests.environment import environment
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


def process_environment(address: Address, redis_url: str, **more: str) -> dict[str, str]:
    servers = environment(address, redis_url=redis_url, api_url="http://127.0.0.1:9", PHARMASYNC_SCAN_SECONDS="0.2")
    return {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **servers, **more}


def start(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "pharmasync.schedulers"], env=env, stderr=subprocess.PIPE, text=True)


def outcome(env: dict[str, str]) -> tuple[int, list[str]]:
    with start(env) as process:
        _, errors = process.communicate(timeout=60)
    return process.returncode, errors.splitlines()


def test_a_redis_that_is_away_at_start_is_one_line(empty_database: Address, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    status, lines = outcome(process_environment(empty_database, f"redis://127.0.0.1:{free_port()}/0"))
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("pharmasync: Redis is away")


def test_a_sql_server_that_is_away_at_start_is_one_line(empty_database: Address, redis_url: str) -> None:
    status, lines = outcome(process_environment(empty_database, redis_url, MSSQL_PORT=str(free_port())))
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("pharmasync: SQL Server is away")


def test_missing_tables_at_start_are_one_line(empty_database: Address, redis_url: str) -> None:
    status, lines = outcome(process_environment(empty_database, redis_url))
    assert status == 1
    assert len(lines) == 1
    assert "`pharmasync check` tells more" in lines[0]


def test_somebody_elses_lock_at_start_is_waited_for(
    empty_database: Address, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the settings or the tables, and the next scan may find it gone."""
    ticked: list[Producer] = []

    def gives_way(_: Producer) -> None:
        raise GaveWayError("somebody else's transaction holds a lock")

    def tick(producer: Producer, _: float) -> None:
        ticked.append(producer)

    for name, value in process_environment(empty_database, redis_url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Producer, "scan", gives_way)
    monkeypatch.setattr(process, "_tick", tick)
    assert process.main() == 0
    assert len(ticked) == 1


def test_a_missing_setting_is_one_line_that_names_it(empty_database: Address, redis_url: str) -> None:
    status, lines = outcome(process_environment(empty_database, redis_url, MSSQL_DATABASE=""))
    assert status == 2
    assert len(lines) == 1
    assert "MSSQL_DATABASE" in lines[0]


def test_it_scans_until_it_is_told_to_stop(
    empty_database: Address, redis_url: str, redis_broker: RowBroker, pharmacy: Pharmacy
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    with start(process_environment(empty_database, redis_url)) as process:
        assert process.stderr is not None
        assert any("scanning every" in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        assert process.wait(30) == 0
    assert redis_broker.waiting("sale_queue") == 1
