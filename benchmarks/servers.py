"""The four servers of a benchmark: real Valkey and mongod, the light API, a practice or real SQL Server."""

import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from attrs import frozen

from benchmarks.own_database import own_database
from pharmasync.sandbox.demo.practice_servers import DATABASE, PASSWORD, USER, SqlServerProcess
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

    def batches(self) -> int:
        """How many batches it received since it started."""
        with socket.create_connection((HOST, self._counter_port), timeout=5.0) as connection:
            return int(connection.recv(64))

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        return [
            *(sys.executable, "-m", "benchmarks.sql_server", "--port", str(self.port)),
            *("--counter-port", str(self._counter_port), "--user", USER, "--password", PASSWORD),
            *("--database", DATABASE),
        ]


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
    """The servers while they run; ``practice_sql`` is None where SQL Server is a real one."""

    valkey: Valkey
    mongod: Mongod
    api: NationalApiServer
    address: Address
    practice_sql: CountedSqlServer | None

    @property
    def pids(self) -> dict[str, int]:
        """The process of each server of ours, by what the table calls it."""
        ours: dict[str, ServerProcess] = {"Redis": self.valkey, "MongoDB": self.mongod, "API": self.api}
        if self.practice_sql is not None:
            ours["SQL Server"] = self.practice_sql
        return {name: server.pid for name, server in ours.items() if server.pid is not None}

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment of every process that is measured: the servers, and every other setting at its default."""
        kept = {name: value for name, value in environ.items() if not name.startswith(OURS)}
        return {
            **kept,
            "REDIS_URL": self.valkey.url,
            "MSSQL_SERVER": self.address.server,
            "MSSQL_PORT": str(self.address.port),
            "MSSQL_DATABASE": self.address.database,
            "MSSQL_USER": self.address.user,
            "MSSQL_PASSWORD": self.address.password,
            "PHARMASYNC_MSSQL_ENCRYPTION": self.address.encryption,
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
        practice = None if "MSSQL_SERVER" in environ else running.enter_context(CountedSqlServer())
        address = practice.address if practice is not None else running.enter_context(own_database(_given(environ)))
        yield Servers(
            valkey=running.enter_context(Valkey()),
            mongod=running.enter_context(Mongod()),
            api=running.enter_context(NationalApiServer()),
            address=address,
            practice_sql=practice,
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
