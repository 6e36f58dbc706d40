"""What the tests of the whole way share: servers, settings, a producer and a worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo.database import Database

from pharmasync.queues.redis_broker import PromptRedisBroker
from pharmasync.sandbox.national import Account, PracticeNationalAPI
from pharmasync.sandbox.servers import Mongod
from pharmasync.schedulers.opening import open_producer
from pharmasync.settings import Settings, load
from pharmasync.sqlserver.connection import Address
from pharmasync.workers import assemble
from tests.environment import environment
from tests.pharmacy import Pharmacy
from tests.works import Works

WAITS = {
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.05",
    "PHARMASYNC_LOGIN_RETRY_SECONDS": "0.05",
    "PHARMASYNC_READ_TIMEOUT_SECONDS": "2",
}


@pytest.fixture
def api() -> Iterator[PracticeNationalAPI]:
    accounts = {name: Account("right") for name in ("S1", "S2")} | {"S5": Account("right", frozenset({"GPP-S5"}))}
    with PracticeNationalAPI(accounts=accounts) as server:
        yield server


@pytest.fixture
def settings(
    empty_database: Address, redis_url: str, mongod: Mongod, mongo_database: Database[Any], api: PracticeNationalAPI
) -> Settings:
    return load(
        environment(
            empty_database,
            redis_url=redis_url,
            api_url=api.url,
            MONGO_URI=mongod.url,
            MONGO_DB_NAME=mongo_database.name,
            **WAITS,
        )
    )


@pytest.fixture
def works(settings: Settings, pharmacy: Pharmacy) -> Iterator[Works]:
    pharmacy.add_shop("S1")
    pharmacy.add_shop("S2")
    broker, actors = assemble(settings)
    assert isinstance(broker, PromptRedisBroker)
    yield Works(open_producer(settings), broker, actors)
    broker.close()


@pytest.fixture
def flushed(works: Works) -> Callable[[], None]:
    """Waits until the journal has written everything."""
    (journalling,) = (each for each in works.broker.middleware if type(each).__name__ == "Journalling")
    return lambda: journalling._journal.flush(10) or None  # type: ignore[attr-defined]
