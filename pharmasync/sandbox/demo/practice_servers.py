"""The two practice servers as processes of their own, like the two real ones."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pharmasync.errors import PharmasyncError
from pharmasync.sandbox.demo.practice_api import PracticeApi
from pharmasync.sandbox.demo.shops import RIGHT_PASSWORD, Shop
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.sandbox.servers.process import ServerProcess
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer

USER = "sa"
PASSWORD = "Practice-1"  # noqa: S105 - a practice password
DATABASE = "pharmacy"


def settings_of(address: Address) -> dict[str, str]:
    """The settings that name a SQL Server."""
    return {
        "MSSQL_SERVER": address.server,
        "MSSQL_PORT": str(address.port),
        "MSSQL_DATABASE": address.database,
        "MSSQL_USER": address.user,
        "MSSQL_PASSWORD": address.password,
        "PHARMASYNC_MSSQL_ENCRYPTION": address.encryption,
    }


class SqlServerProcess(ServerProcess):
    """The practice SQL Server; it keeps everything in memory."""

    name = "practice-sql-server"

    @property
    def url(self) -> str:
        """Where it listens, host and port."""
        return f"{HOST}:{self.port}"

    @property
    def address(self) -> Address:
        """The address with the login."""
        return Address(server=HOST, port=self.port, database=DATABASE, user=USER, password=PASSWORD, encryption=OFF)

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        return [
            *(sys.executable, "-m", "pharmasync.sandbox.sqlserver", "--host", HOST, "--port", str(self.port)),
            *("--user", USER, "--password", PASSWORD, "--database", DATABASE),
        ]

    def _ping(self) -> bool:
        sql = SqlServer(self.address)
        try:
            sql.rows("SELECT 1 AS one")
        except PharmasyncError:
            return False
        finally:
            sql.close()
        return True


class NationalApiProcess(ServerProcess):
    """The practice national API.

    Args:
        shops: The pharmacies that have an account; each may send for its own facility alone.
        switches: How it behaves, by name.
        seed: What its faults are drawn from.
    """

    name = "practice-national-api"

    def __init__(self, shops: Sequence[Shop], switches: dict[str, object], seed: int) -> None:
        super().__init__()
        self._shops = shops
        self._switches = switches
        self._seed = seed

    @property
    def url(self) -> str:
        """Its address, and that of its page."""
        return f"http://{HOST}:{self.port}"

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        command = [
            *(sys.executable, "-m", "pharmasync.sandbox.national", "--host", HOST, "--port", str(self.port)),
            *("--seed", str(self._seed)),
        ]
        for shop in self._shops:
            command += ["--account", f"{shop.account}={RIGHT_PASSWORD}"]
            command += ["--facilities", f"{shop.account}={shop.facility}"]
        for name, value in self._switches.items():
            command += ["--switch", f"{name}={value}"]
        return command

    def _ping(self) -> bool:
        try:
            PracticeApi(self.url).state()
        except PharmasyncError:
            return False
        return True
