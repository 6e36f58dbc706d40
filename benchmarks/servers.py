"""The four servers of a benchmark: real Valkey and mongod, the light API, a practice or real SQL Server."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import attrs
from attrs import frozen

from benchmarks.counter import read_counter
from benchmarks.own_database import own_database
from pharmasync.sandbox.demo.practice_servers import DATABASE, PASSWORD, USER, SqlServerProcess, settings_of
from pharmasync.sandbox.demo.town import OURS
from pharmasync.sandbox.servers import Mongod, ServerProcess, Valkey, free_port
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.settings.tls import encryption_of
from pharmasync.sqlserver.connection import Address

ANSWER_MS = 100
"""How long the national API takes to answer."""


class CountedSqlServer(SqlServerProcess):
    """The practice SQL Server that counts the batches it receives."""

    name = "practice-sql-server"

    def __init__(self) -> None:
        super().__init__()
        self._counter_port = free_port()

    def trips(self) -> int:
        """How many batches it received since it started."""
        return read_counter(self._counter_port)

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        return [
            *(sys.executable, "-m", "benchmarks.sql_server", "--port", str(self.port)),
            *("--counter-port", str(self._counter_port), "--user", USER, "--password", PASSWORD),
            *("--database", DATABASE),
        ]


class SqlServerTap(ServerProcess):
    """Counts the round trips to a SQL Server that is not ours, for whoever goes there through it."""

    name = "sql-server-tap"

    def __init__(self, behind: Address) -> None:
        super().__init__()
        self._behind = behind
        self._counter_port = free_port()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{HOST}:{self.port}"

    def trips(self) -> int:
        """How many round trips went through it."""
        return read_counter(self._counter_port)

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        return [
            *(sys.executable, "-m", "benchmarks.tap", "--port", str(self.port)),
            *("--counter-port", str(self._counter_port)),
            *("--server", self._behind.server, "--server-port", str(self._behind.port)),
        ]

    def _ping(self) -> bool:
        return True


class NationalApiServer(ServerProcess):
    """The light national API."""

    name = "benchmark-national-api"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def state(self) -> dict[str, float]:
        """What it has counted."""
        return self._ask("GET", "/bench")

    def open_gate(self) -> None:
        """Lets the documents through."""
        self._ask("POST", "/bench/open")

    def reset(self) -> None:
        """Forgets what it counted and closes the gate."""
        self._ask("POST", "/bench/reset")

    def answer_after(self, milliseconds: int) -> None:
        """Lets answers take so long from now on."""
        self._ask("POST", f"/bench/delay/{milliseconds}")

    def _ask(self, method: str, path: str) -> dict[str, float]:
        connection = HTTPConnection(HOST, self.port, timeout=5.0)
        try:
            connection.request(method, path)
            answer: dict[str, float] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answer

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        command = [sys.executable, "-m", "benchmarks.api_server", "--host", HOST, "--port", str(self.port)]
        return [*command, "--delay-ms", str(ANSWER_MS)]

    def _ping(self) -> bool:
        try:
            self.state()
        except OSError:
            return False
        return True


@frozen(kw_only=True)
class Servers:
    """The servers while they run.

    Attributes:
        address: SQL Server.
        counted: Who counts its round trips: the practice server itself, or the tap before a real one.
    """

    valkey: Valkey
    mongod: Mongod
    api: NationalApiServer
    address: Address
    counted: CountedSqlServer | SqlServerTap

    @property
    def pids(self) -> dict[str, int]:
        """The process of each server of ours, by what the table calls it."""
        ours: dict[str, ServerProcess] = {"Redis": self.valkey, "MongoDB": self.mongod, "API": self.api}
        if isinstance(self.counted, CountedSqlServer):
            ours["SQL Server"] = self.counted
        return {name: server.pid for name, server in ours.items() if server.pid is not None}

    @property
    def counts_all(self) -> bool:
        """Whether the round trips of those are counted too who don't ask for it."""
        return isinstance(self.counted, CountedSqlServer)

    @property
    def counted_address(self) -> Address:
        """SQL Server, where round trips to it are counted."""
        return attrs.evolve(self.address, server=HOST, port=self.counted.port)

    def environment(self, environ: Mapping[str, str] = os.environ, *, counted: bool = False) -> dict[str, str]:
        """The environment of every process that is measured: the servers, and every other setting at its default.

        Args:
            environ: The environment of this process.
            counted: Whether the round trips are to be counted, at the cost of a tap where SQL Server is a real one.
        """
        kept = {name: value for name, value in environ.items() if not name.startswith(OURS)}
        return {
            **kept,
            "REDIS_URL": self.valkey.url,
            **settings_of(self.counted_address if counted else self.address),
            "MONGO_URI": self.mongod.url,
            "API_BASE_URL": self.api.url,
        }


@contextmanager
def open_servers(environ: Mapping[str, str] = os.environ) -> Iterator[Servers]:
    """Starts the servers and stops them at the end.

    Raises:
        ServerStartError: One of them cannot be started.
    """
    with ExitStack() as running:
        counted: CountedSqlServer | SqlServerTap
        if "MSSQL_SERVER" in environ:
            address = running.enter_context(own_database(_given(environ)))
            counted = running.enter_context(SqlServerTap(address))
        else:
            counted = running.enter_context(CountedSqlServer())
            address = counted.address
        yield Servers(
            valkey=running.enter_context(Valkey()),
            mongod=running.enter_context(Mongod()),
            api=running.enter_context(NationalApiServer()),
            address=address,
            counted=counted,
        )


def _given(environ: Mapping[str, str]) -> Address:
    """The server that MSSQL_… name."""
    return Address(
        server=environ["MSSQL_SERVER"],
        port=int(environ.get("MSSQL_PORT", "1433")),
        database=environ.get("MSSQL_DATABASE", "master"),
        user=environ["MSSQL_USER"],
        password=environ["MSSQL_PASSWORD"],
        encryption=environ.get("PHARMASYNC_MSSQL_ENCRYPTION") or encryption_of(environ["MSSQL_SERVER"]),
    )
