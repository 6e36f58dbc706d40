"""SQL Server as a player reaches it: the statements and what they do are real, whether their answers arrive is not."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from attrs import frozen

from pharmasync.errors import ServerAwayError
from pharmasync.sqlserver.connection import SqlServer, Trip
from tests.properties.players import stop_before


class SqlFate(Enum):
    """What becomes of a round trip."""

    WELL = "it is made"
    AWAY = "SQL Server is away"
    ANSWER_LOST = "it takes effect, and its answer is lost"
    ANSWER_LOST_WHEN_IDLE = "likewise, over a connection that had been idle: it is asked again at once"


@frozen
class Statement:
    """What is about to be sent, maybe several in one round trip."""

    text: str
    parameters: tuple[Any, ...]

    @property
    def changes(self) -> bool:
        """Whether it can change a row."""
        return "UPDATE " in self.text

    def carried_out(self, sql: SqlServer, fate: SqlFate) -> Trip:
        """What its sender gets."""
        if fate is SqlFate.AWAY:
            return Trip([], ServerAwayError("SQL Server", "the test says so"))
        trip = sql.attempt(self.text, self.parameters)
        if trip.error is not None:
            raise trip.error
        if fate is SqlFate.WELL:
            return trip
        again = fate is SqlFate.ANSWER_LOST_WHEN_IDLE
        return Trip([], ServerAwayError("SQL Server", "the answer is lost"), may_be_repeated=again)


class PlayersSql(SqlServer):
    """A player's connection: it stops before each round trip."""

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        """See :class:`~pharmasync.sqlserver.connection.SqlServer`."""
        trip: Trip = stop_before(Statement(statement, tuple(parameters)))
        return trip


class FatedSql(SqlServer):
    """A connection whose every round trip has the same fate.

    Args:
        sql: What it is made over.
        fate: Its fate.
    """

    def __init__(self, sql: SqlServer, fate: SqlFate) -> None:
        super().__init__(sql._address)
        self._sql = sql
        self._fate = fate

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        """See :class:`~pharmasync.sqlserver.connection.SqlServer`."""
        return Statement(statement, tuple(parameters)).carried_out(self._sql, self._fate)
