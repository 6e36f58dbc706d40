"""The run's own connection to SQL Server: what is broken for the crew is not to break the count."""

from collections.abc import Sequence
from typing import Any

from pharmasync.errors import ServerAwayError
from pharmasync.repeating import repeat
from pharmasync.sqlserver.connection import Row, SqlServer

TRIES = 20
TRY_SECONDS = 0.05


class OwnSqlServer(SqlServer):
    """Runs a statement until it is no deadlock's victim; the run has none that must not be repeated after that."""

    def run(self, statement: str, parameters: Sequence[Any] = (), **more: Any) -> list[list[Row]]:
        """See :class:`~pharmasync.sqlserver.connection.SqlServer`."""
        once = super().run
        return repeat(
            lambda: once(statement, parameters, **more),
            ServerAwayError,
            times=TRIES,
            seconds=TRY_SECONDS,
        )
