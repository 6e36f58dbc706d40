"""SQL Server, watched: how many round trips are made, and by which threads."""

import threading
from collections.abc import Sequence
from typing import Any

from pharmasync.sqlserver.connection import Address, SqlServer, Trip


class WatchedSqlServer(SqlServer):
    """Counts its round trips, and notes the threads that make them; each of those has a connection."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self.trips = 0
        self.threads: set[str] = set()

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        self.trips += 1
        self.threads.add(threading.current_thread().name)
        return super().attempt(statement, parameters)
