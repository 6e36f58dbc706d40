"""The processes of production with RabbitMQ between them, and Redis for the tokens alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE
from pharmasync.queues import connect_broker
from pharmasync.sandbox.servers import Mongod, free_port
from tests.house import House, house_with
from tests.rabbitmq import RabbitMQ

pytestmark = pytest.mark.acceptance


@pytest.fixture
def house(mongod: Mongod, rabbitmq_url: str, tmp_path: Path) -> Iterator[House]:
    settings = {"MONGO_URI": mongod.url, "PHARMASYNC_BROKER_URL": rabbitmq_url, "PHARMASYNC_QUEUE_HIGH_WATER": "50"}
    with house_with(tmp_path / "log", **settings) as built:
        yield built


def rows_in(house: House, status: str) -> Callable[[], int]:
    """Counts the rows of all document types in a state."""
    sql = house.pharmacy().sql
    one = "SELECT COUNT(*) AS n FROM {} WHERE status = %s"
    return lambda: sum(int(str(sql.rows(one.format(kind.table), (status,))[0]["n"])) for kind in DOCUMENT_TYPES)


def test_every_row_goes_the_whole_way_once(house: House, rabbitmq_url: str) -> None:
    pharmacy, delivered = house.pharmacy(), rows_in(house, "SYNC_SUCCESS")
    for number in range(40):
        for kind in DOCUMENT_TYPES:
            pharmacy.add(kind, f"{kind.queue}-{number}")
    house.start_scheduler()
    house.start_worker()
    house.wait_for(lambda: delivered() == 120)
    assert house.times_stored() == [1] * 120
    broker = connect_broker(rabbitmq_url)
    assert [broker.waiting(kind.queue) for kind in DOCUMENT_TYPES] == [0, 0, 0]
    broker.close()
    with redis.Redis.from_url(house.valkey.url) as client:
        assert client.keys() == [b"token:S1"]


def test_a_rabbitmq_that_is_killed_in_the_middle_and_comes_back_empty_loses_nothing(
    house: House, rabbitmq: RabbitMQ
) -> None:
    pharmacy, delivered, queued = house.pharmacy(), rows_in(house, "SYNC_SUCCESS"), rows_in(house, "SYNC_QUEUED")
    house.api.set_faults(stall=1.0, stall_seconds=0.05)
    house.start_scheduler()
    house.start_worker()
    for number in range(100):
        pharmacy.add(SALES_INVOICE, f"before-{number}")
    house.wait_for(lambda: delivered() > 10 and queued() > 10)
    rabbitmq.lose_everything()
    pharmacy.add(SALES_INVOICE, "meanwhile")
    house.wait_for(lambda: house.logged("RabbitMQ is away"))
    rabbitmq.start()
    house.wait_for(lambda: delivered() == 101)
    assert Counter(house.times_stored()) == {1: 101}


def test_a_rabbitmq_that_is_away_at_the_start_is_one_line(house: House) -> None:
    house.settings["PHARMASYNC_BROKER_URL"] = f"amqp://127.0.0.1:{free_port()}"
    assert house.start_scheduler().wait(60) == 1
    (line,) = house.log.read_text().splitlines()
    assert line.startswith("pharmasync: RabbitMQ is away")
