"""What the property tests share: one database for all examples, since an empty one is as good as a new one."""

import uuid
from collections.abc import Iterator

import attrs
import pytest

from pharmasync import desk
from pharmasync.settings import load
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.wiring import delivery_desk
from tests.environment import environment
from tests.pharmacy import Pharmacy
from tests.properties.machine import MakeWorld
from tests.properties.national_api import Habits
from tests.properties.world import FACILITIES, World

SETTINGS = {
    "PHARMASYNC_ATTEMPTS": "4",
    "PHARMASYNC_POISON_ATTEMPTS": "3",
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "600",
    "PHARMASYNC_SENDING_LEASE_SECONDS": "600",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "600",
    "PHARMASYNC_UNCERTAIN_SECONDS": "900",
    "PHARMASYNC_SEND_RETRIES": "1",
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.0001",
    "PHARMASYNC_LOGIN_RETRIES": "0",
}
"""Few attempts, so that their end is reached; and long waits, since time passes when the machine says so."""


@pytest.fixture
def world_sql(sql_server_address: Address) -> Iterator[SqlServer]:
    """A database with the tables and the shops."""
    name = f"pharmasync_{uuid.uuid4().hex}"
    master = SqlServer(sql_server_address)
    master.run(f"CREATE DATABASE {name}")
    sql = SqlServer(attrs.evolve(sql_server_address, database=name))
    create_or_extend(sql)
    for shop in FACILITIES:
        Pharmacy(sql).add_shop(shop)
    yield sql
    sql.close()
    master.run(f"DROP DATABASE {name}")
    master.close()


@pytest.fixture
def make_world(world_sql: SqlServer, monkeypatch: pytest.MonkeyPatch) -> MakeWorld:
    """Makes worlds; workers are patient with SQL Server for one more try, and at once."""
    monkeypatch.setattr(desk, "SQL_REPEATS", 1)
    monkeypatch.setattr(desk, "SQL_REPEAT_SECONDS", 0)
    address = world_sql._address
    environ = environment(address, redis_url="redis://127.0.0.1:1/0", api_url="http://127.0.0.1:1", **SETTINGS)
    settings = load(environ)
    template = delivery_desk(settings)

    def make(habits: Habits, limited: bool) -> World:  # noqa: FBT001 - the machine's one caller names it
        return World(world_sql, settings, template, habits, limited)

    return make
