"""A worker that is told to stop: it ends in time, and nothing of what it had in hand is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.servers import Mongod
from tests.house import House, house_with

pytestmark = pytest.mark.acceptance

HEROKUS_PATIENCE = 30.0
ROWS = 8


@pytest.fixture
def house(mongod: Mongod, tmp_path: Path) -> Iterator[House]:
    with house_with(tmp_path / "log", MONGO_URI=mongod.url, MONGO_DB_NAME=tmp_path.name) as built:
        yield built


@pytest.mark.parametrize("tell", [os.kill, os.killpg], ids=["the master", "every process of the group"])
def test_a_worker_whose_calls_hang_stops_within_30_s_and_loses_nothing(
    house: House, mongod: Mongod, tmp_path: Path, tell: Callable[[int, int], None]
) -> None:
    house.api.set_faults(stall=1.0, stall_seconds=120.0)
    pharmacy = house.pharmacy()
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}") for number in range(ROWS)]
    house.start_scheduler()
    house.start_worker()
    house.wait_for(lambda: house.times_stored() == [1, 1])
    worker = house.processes[-1]
    told = time.monotonic()
    tell(worker.pid, signal.SIGTERM)
    worker.wait(timeout=60)
    assert time.monotonic() - told < HEROKUS_PATIENCE
    statuses = [pharmacy.status(SALES_INVOICE, row_id) for row_id in ids]
    assert "SYNC_SENDING" not in statuses, "what was being sent has its outcome"
    with MongoClient[dict[str, object]](mongod.url) as client:
        journal = client[tmp_path.name]["task_logs"]
        assert journal.count_documents({"outcome": "uncertain"}) == 2, "the journal was written before the end"
    house.api.set_faults(stall=0.0)
    house.start_worker()
    for row_id in ids:
        house.wait_until_delivered(SALES_INVOICE, row_id)
    assert house.times_stored() == [1] * ROWS
