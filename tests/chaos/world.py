"""The world of a row: its servers, the proxies before two of them, its crew, and what was done to them."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import define, field

from pharmasync.sandbox.demo.practice_servers import NationalApiProcess, SqlServerProcess
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sandbox.demo.town import Town
from pharmasync.sqlserver.schema import create_or_extend
from tests.chaos.crew import Crew, crew_of
from tests.chaos.incidents import Incident
from tests.chaos.ledger import Ledger, RowKey
from tests.chaos.orders import Orders
from tests.chaos.own_sql_server import OwnSqlServer
from tests.chaos.proxy import Proxy
from tests.chaos.row import Row, StrikeMissedError
from tests.chaos.surroundings import surroundings

SWITCHES: dict[str, object] = {"second_post": "store", "delay_ms": 50, "jitter_ms": 100}
"""The worst that the national server may do with a second POST, and an answer that takes time."""

STRIKE_SECONDS = 40.0
"""How long a strike waits for what it is to break."""

LOOK_SECONDS = 0.05

VICTIM = "deadlock victim"


class UnsafeSqlServer(SqlServerProcess):
    """The practice SQL Server, with deadlocks.

    Args:
        deadlocks: The share of statements that are their victims.
        seed: What these are drawn from.
    """

    def __init__(self, deadlocks: float, seed: int) -> None:
        super().__init__()
        self._more = ["--deadlocks", str(deadlocks), "--seed", str(seed)]
        self._output = Path(os.devnull)

    @property
    def victims(self) -> int:
        """How many statements were victims so far."""
        return self._output.read_text().count(VICTIM)

    def _command(self, directory: Path) -> list[str]:
        self._output = directory / "output.log"
        return [*super()._command(directory), *self._more]


@define
class World:
    """A row's world.

    Attributes:
        town: The four servers.
        sql_server: The one of them that has deadlocks.
        sql_proxy: The crew's way to SQL Server.
        mongo_proxy: Its way to MongoDB.
        crew: The processes.
        orders: Orders to die.
        ledger: The rows.
        logs: Where the crew's logs are.
        done: What was done, by name.
        incidents: When it was done, and to which rows.
    """

    town: Town
    sql_server: UnsafeSqlServer
    sql_proxy: Proxy
    mongo_proxy: Proxy
    crew: Crew
    orders: Orders
    ledger: Ledger
    logs: Path
    done: Counter[str] = field(factory=Counter)
    incidents: list[Incident] = field(factory=list)

    def wait_for(self, what: Callable[[], bool], seconds: float = STRIKE_SECONDS) -> None:
        """Waits until it is so.

        Raises:
            StrikeMissedError: It did not become so in time.
        """
        deadline = time.monotonic() + seconds
        while not what():
            if time.monotonic() > deadline:
                raise StrikeMissedError
            time.sleep(LOOK_SECONDS)

    def wait_for_traffic(self, rows: int = 20) -> None:
        """Waits until so many rows are on their way."""
        self.wait_for(lambda: len(self.ledger.on_their_way()) >= rows)

    @contextmanager
    def incident(self, name: str, count: int = 1) -> Iterator[None]:
        """Notes that something is done inside, and which rows it touches."""
        before = self.ledger.on_their_way()
        yield
        self.note(name, count, before)

    def note(self, name: str, count: int = 1, before: Collection[RowKey] = ()) -> None:
        """Notes that something was just done, and which rows it touched."""
        self.done[name] += count
        over = datetime.now(UTC).replace(tzinfo=None)
        self.incidents.append(Incident(over, {*before, *self.ledger.on_their_way()}))


def _start(town: Town, opened: ExitStack) -> None:
    """Starts the servers side by side; at the end they are killed, since nobody wants what they would save."""
    for server in town.servers.values():
        opened.callback(server.stop)
        opened.callback(server.kill)
    with ThreadPoolExecutor() as pool:
        for started in [pool.submit(server.start) for server in town.servers.values()]:
            started.result()


@contextmanager
def open_world(row: Row, seed: int) -> Iterator[World]:
    """Starts the servers, with empty tables; the crew is started later.

    Raises:
        ServerStartError: One of them cannot be started.
    """
    sql_server = UnsafeSqlServer(row.deadlocks, seed)
    town = Town(sql_server=sql_server, national=NationalApiProcess(SHOPS, {**SWITCHES, **row.switches}, seed))
    with ExitStack() as opened:
        _start(town, opened)
        sql_proxy = opened.enter_context(Proxy(town.sql_server.port))
        mongo_proxy = opened.enter_context(Proxy(town.mongod.port))
        logs = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="pharmasync-chaos-")))
        orders = logs / "orders"
        orders.mkdir()
        environment = surroundings(
            town.environment(),
            sql_port=sql_proxy.port,
            mongo_port=mongo_proxy.port,
            orders=str(orders),
            more=row.settings,
        )
        sql = OwnSqlServer(town.sql_server.address)
        opened.callback(sql.close)
        create_or_extend(sql)
        yield World(
            town=town,
            sql_server=sql_server,
            sql_proxy=sql_proxy,
            mongo_proxy=mongo_proxy,
            crew=crew_of(row.hosts, environment, logs),
            orders=Orders(orders),
            ledger=Ledger(sql),
            logs=logs,
        )
