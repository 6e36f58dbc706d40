"""What is less safe than it could be is said once by the workers, of however many processes, and by the producer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.servers import Mongod
from tests.house import House, house_with

pytestmark = pytest.mark.acceptance

CLEAR_TEXT = "passwords in clear text in AccountShop: 1"
NO_TLS = "SQL Server may be talked to in clear text"


@pytest.fixture
def house(mongod: Mongod, tmp_path: Path) -> Iterator[House]:
    with house_with(tmp_path / "log", MONGO_URI=mongod.url) as built:
        yield built


def times_logged(house: House) -> tuple[int, int]:
    log = house.log.read_text(errors="replace")
    return log.count(CLEAR_TEXT), log.count(NO_TLS)


def test_the_workers_and_the_producer_warn_once_each(house: House) -> None:
    row_id = house.pharmacy().add(SALES_INVOICE, "HD1")
    house.start("dramatiq", "pharmasync.actors", "--processes", "3", "--threads", "1")
    house.wait_for(lambda: house.log.read_text().count("Worker process is ready") == 3)
    assert times_logged(house) == (1, 1)
    house.start_scheduler()
    house.wait_until_delivered(SALES_INVOICE, row_id)
    house.wait_for(lambda: times_logged(house) == (2, 2))


def test_a_sql_server_that_is_away_does_not_keep_the_workers_from_starting(house: House) -> None:
    house.sql_server.stop()
    house.start_worker()
    house.wait_for(lambda: house.logged("Worker process is ready"))
    assert times_logged(house) == (0, 1)
