"""The processes of production, with each of their servers away at the start or going away in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import define

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.sandbox.servers import Mongod, Valkey, free_port
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.environment import environment
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.acceptance

PATIENCE = 60.0

WAITS = {
    "PHARMASYNC_SCAN_SECONDS": "0.2",
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "2",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "0.5",
    "PHARMASYNC_UNCERTAIN_SECONDS": "0.5",
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.1",
}


@define
class House:
    """Servers of the test's own, which it may stop, and the processes that use them."""

    valkey: Valkey
    sql_server: PracticeSQLServer
    api: PracticeNationalAPI
    mongo_url: str
    log: Path
    processes: list["subprocess.Popen[bytes]"]

    @property
    def address(self) -> Address:
        return Address(
            server="127.0.0.1", port=self.sql_server.port, database="pharmacy", user="sa", password="practice"
        )

    def pharmacy(self) -> Pharmacy:
        return Pharmacy(SqlServer(self.address))

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Starts a process in a group of its own, since Dramatiq's master does not take its children with it."""
        surroundings = {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment(self.address, redis_url=self.valkey.url, api_url=self.api.url, MONGO_URI=self.mongo_url),
            **WAITS,
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def start_worker(self) -> None:
        self.start("dramatiq", "pharmasync.actors", "--processes", "1", "--threads", "2")

    def start_scheduler(self) -> None:
        self.start(sys.executable, "-m", "pharmasync.schedulers")

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-3000:]
            time.sleep(0.05)

    def logged(self, text: str) -> bool:
        return text in self.log.read_text(errors="replace")

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):  # the test killed it itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def house(mongod: Mongod, tmp_path: Path) -> Iterator[House]:
    with (
        Valkey(port=free_port()) as valkey,
        PracticeSQLServer(port=free_port(), user="sa", password="practice", databases=("pharmacy",)) as sql_server,
        PracticeNationalAPI() as api,
    ):
        built = House(valkey, sql_server, api, mongod.url, tmp_path / "log", [])
        pharmacy = built.pharmacy()
        create_or_extend(pharmacy.sql)
        pharmacy.add_shop("S1")
        try:
            yield built
        finally:
            built.stop()


def delivered(house: House, row_id: int) -> Callable[[], bool]:
    pharmacy = house.pharmacy()
    return lambda: pharmacy.status(SALES_INVOICE, row_id) == "SYNC_SUCCESS"


def held(house: House) -> list[int]:
    return [document.times_stored for document in house.api.store.documents()]


def test_workers_wait_for_a_redis_that_is_away_at_their_start(house: House) -> None:
    house.valkey.kill()
    house.start_worker()
    house.wait_for(lambda: house.logged("Worker process is ready"))
    house.valkey.start()
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    house.wait_for(delivered(house, row_id))
    assert held(house) == [1]


def test_workers_wait_for_a_sql_server_that_is_away(house: House) -> None:
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    pharmacy = house.pharmacy()
    house.wait_for(lambda: pharmacy.status(SALES_INVOICE, row_id) == "SYNC_QUEUED")
    house.sql_server.stop()
    house.start_worker()
    house.wait_for(lambda: house.logged("SQL Server is away"))
    house.sql_server.start()
    house.wait_for(delivered(house, row_id))
    assert held(house) == [1]


def test_a_redis_that_is_killed_in_the_middle_loses_nothing(house: House) -> None:
    house.start_scheduler()
    house.wait_for(lambda: house.logged("scanning every"))
    first = house.pharmacy().add(SALES_INVOICE, "HD1")
    pharmacy = house.pharmacy()
    house.wait_for(lambda: pharmacy.status(SALES_INVOICE, first) == "SYNC_QUEUED")
    house.valkey.kill()
    second = house.pharmacy().add(SALES_INVOICE, "HD2")
    house.wait_for(lambda: house.logged("Redis is away"))
    house.valkey.start()
    house.start_worker()
    house.wait_for(delivered(house, first))
    house.wait_for(delivered(house, second))
    assert held(house) == [1, 1]


def test_a_national_server_that_goes_away_is_waited_for(house: House) -> None:
    house.start_scheduler()
    house.start_worker()
    first = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.wait_for(delivered(house, first))
    house.api.stop()
    second = house.pharmacy().add(SALES_INVOICE, "HD2")
    pharmacy = house.pharmacy()
    house.wait_for(lambda: pharmacy.row(SALES_INVOICE, second)["sync_response_message"] is not None)
    house.api.start()
    house.wait_for(delivered(house, second))
    assert held(house) == [1, 1]


def test_a_journal_that_is_away_delays_nothing(house: House) -> None:
    house.mongo_url = f"mongodb://127.0.0.1:{free_port()}/"
    house.start_scheduler()
    house.start_worker()
    ids = [house.pharmacy().add(SALES_INVOICE, f"HD{number}") for number in range(5)]
    for row_id in ids:
        house.wait_for(delivered(house, row_id))
    assert held(house) == [1] * 5


def test_a_worker_that_is_killed_while_it_sends_is_found_out_about(house: House) -> None:
    house.api.set_faults(stall=1.0, stall_seconds=30.0)
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    house.start_worker()
    house.wait_for(lambda: held(house) == [1])
    worker = house.processes[-1]
    os.killpg(worker.pid, signal.SIGKILL)
    house.api.set_faults(stall=0.0)
    house.pharmacy().make_due(SALES_INVOICE, row_id)
    house.start_worker()
    house.wait_for(delivered(house, row_id))
    assert held(house) == [1]
