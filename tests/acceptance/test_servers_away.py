"""The processes of production, with each of their servers away at the start or going away in the middle."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.servers import Mongod, free_port
from tests.house import House, house_with

pytestmark = pytest.mark.acceptance


@pytest.fixture
def house(mongod: Mongod, tmp_path: Path) -> Iterator[House]:
    with house_with(tmp_path / "log", MONGO_URI=mongod.url) as built:
        yield built


def test_workers_wait_for_a_redis_that_is_away_at_their_start(house: House) -> None:
    house.valkey.kill()
    house.start_worker()
    house.wait_for(lambda: house.logged("Worker process is ready"))
    house.valkey.start()
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    house.wait_until_delivered(SALES_INVOICE, row_id)
    assert house.times_stored() == [1]


def test_workers_wait_for_a_sql_server_that_is_away(house: House) -> None:
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    pharmacy = house.pharmacy()
    house.wait_for(lambda: pharmacy.status(SALES_INVOICE, row_id) == "SYNC_QUEUED")
    house.sql_server.stop()
    house.start_worker()
    house.wait_for(lambda: house.logged("SQL Server is away"))
    house.sql_server.start()
    house.wait_until_delivered(SALES_INVOICE, row_id)
    assert house.times_stored() == [1]


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
    house.wait_until_delivered(SALES_INVOICE, first)
    house.wait_until_delivered(SALES_INVOICE, second)
    assert house.times_stored() == [1, 1]


def test_a_national_server_that_goes_away_is_waited_for(house: House) -> None:
    house.start_scheduler()
    house.start_worker()
    first = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.wait_until_delivered(SALES_INVOICE, first)
    house.api.stop()
    second = house.pharmacy().add(SALES_INVOICE, "HD2")
    pharmacy = house.pharmacy()
    house.wait_for(lambda: pharmacy.row(SALES_INVOICE, second)["sync_response_message"] is not None)
    house.api.start()
    house.wait_until_delivered(SALES_INVOICE, second)
    assert house.times_stored() == [1, 1]


def test_a_journal_that_is_away_delays_nothing(house: House) -> None:
    house.settings["MONGO_URI"] = f"mongodb://127.0.0.1:{free_port()}/"
    house.start_scheduler()
    house.start_worker()
    ids = [house.pharmacy().add(SALES_INVOICE, f"HD{number}") for number in range(5)]
    for row_id in ids:
        house.wait_until_delivered(SALES_INVOICE, row_id)
    assert house.times_stored() == [1] * 5


def test_a_worker_that_is_killed_while_it_sends_is_found_out_about(house: House) -> None:
    house.api.set_faults(stall=1.0, stall_seconds=30.0)
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start_scheduler()
    house.start_worker()
    house.wait_for(lambda: house.times_stored() == [1])
    worker = house.processes[-1]
    os.killpg(worker.pid, signal.SIGKILL)
    house.api.set_faults(stall=0.0)
    house.pharmacy().make_due(SALES_INVOICE, row_id)
    house.start_worker()
    house.wait_until_delivered(SALES_INVOICE, row_id)
    assert house.times_stored() == [1]
