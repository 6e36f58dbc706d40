"""The four servers of the demo, and the environment in which pharmasync finds them."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from attrs import field, frozen

from pharmasync.sandbox.demo.practice_api import PracticeApi
from pharmasync.sandbox.demo.practice_servers import NationalApiProcess, SqlServerProcess, settings_of
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sandbox.servers import Mongod, ServerProcess, Valkey
from pharmasync.settings import Settings, load

OURS = ("REDIS_", "MSSQL_", "MONGO_", "API_", "PHARMASYNC_")
"""Settings of the machine that must not reach the demo: a real server could be among them."""

SWITCHES: dict[str, object] = {"second_post": "store", "token_lifetime": 12, "delay_ms": 100, "jitter_ms": 200}
"""The worst that the national server may do with a second POST, tokens that end soon, and an answer that takes time."""

WAITS = {
    "PHARMASYNC_SCAN_SECONDS": "0.5",
    "PHARMASYNC_QUEUE_HIGH_WATER": "60",
    "PHARMASYNC_QUEUED_LEASE_SECONDS": "20",
    "PHARMASYNC_SENDING_LEASE_SECONDS": "15",
    "PHARMASYNC_CONNECT_TIMEOUT_SECONDS": "3",
    "PHARMASYNC_READ_TIMEOUT_SECONDS": "10",
    "PHARMASYNC_SEND_RETRY_SECONDS": "0.5",
    "PHARMASYNC_LOGIN_RETRY_SECONDS": "0.5",
    "PHARMASYNC_RETRY_FIRST_SECONDS": "1",
    "PHARMASYNC_RETRY_LONGEST_SECONDS": "5",
    "PHARMASYNC_UNCERTAIN_SECONDS": "3",
}
"""Seconds instead of minutes, and short queues, so that a run ends while somebody watches."""


@frozen(kw_only=True)
class Town:
    """Four servers that run."""

    valkey: Valkey = field(factory=Valkey)
    mongod: Mongod = field(factory=Mongod)
    sql_server: SqlServerProcess = field(factory=SqlServerProcess)
    national: NationalApiProcess

    @property
    def servers(self) -> dict[str, ServerProcess]:
        """Every server by what people call it."""
        return {
            "Redis (Valkey)": self.valkey,
            "MongoDB": self.mongod,
            "SQL Server (practice)": self.sql_server,
            "national API (practice)": self.national,
        }

    @property
    def api(self) -> PracticeApi:
        """What the national server can be asked and told."""
        return PracticeApi(self.national.url)

    @property
    def settings(self) -> dict[str, str]:
        """The settings that point at these servers."""
        return {
            "REDIS_URL": self.valkey.url,
            **settings_of(self.sql_server.address),
            "MONGO_URI": self.mongod.url,
            "MONGO_DB_NAME": "sync_data_logs",
            "API_BASE_URL": self.national.url,
            **WAITS,
        }

    def read_settings(self) -> Settings:
        """The same, as pharmasync reads them."""
        return load(self.settings)

    def environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment of the processes: the machine's own without its settings for pharmasync."""
        kept = {name: value for name, value in environ.items() if not name.startswith(OURS)}
        return {**kept, **self.settings}


@contextmanager
def open_town(seed: int, say: Callable[[str, str], None]) -> Iterator[Town]:
    """Starts the servers one after the other and stops them at the end.

    Args:
        seed: What the national server's faults are drawn from.
        say: Called with each server's name and address once it answers.

    Raises:
        ServerStartError: One of them cannot be started; the message says what to do.
    """
    town = Town(national=NationalApiProcess(SHOPS, SWITCHES, seed))
    with ExitStack() as running:
        for name, server in town.servers.items():
            running.enter_context(server)
            say(name, server.url)
        yield town
