"""What callers want of SQL Server, put so that many callers' wants can be asked for at once.

An errand knows how to ask for one thing or for many in the same statements, and how to deal out what comes back.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Protocol, TypeVar

from attrs import frozen

from pharmasync.sqlserver.connection import Row, SqlServer, TakenBack
from pharmasync.sqlserver.statements import NEXT

Wanted = TypeVar("Wanted")
Given = TypeVar("Given")
Asked_contra = TypeVar("Asked_contra", contravariant=True)


@frozen
class Question:
    """Statements that travel together.

    Attributes:
        statements: Each of them has one result set.
        parameters: Those of all of them, in order.
        repeatable: Whether they may be asked again where their answer was lost.
        taken_back: Where the server refused one of them, what takes back those before it, whose result sets it gets.
    """

    statements: Sequence[str]
    parameters: Sequence[Any]
    repeatable: bool = True
    taken_back: TakenBack | None = None

    @property
    def text(self) -> str:
        """What is sent."""
        return NEXT.join(self.statements)


class Errand(Hashable, Protocol[Asked_contra, Given]):
    """One sort of want."""

    def ask(self, wanted: Sequence[Asked_contra]) -> Question:
        """The statements that ask for all of these; each row's guard is in them, whoever else is asked for."""

    def deal(self, wanted: Sequence[Asked_contra], results: Sequence[Sequence[Row]]) -> list[Given]:
        """What each gets, in the order of ``wanted``; ``results`` has one result set for each statement."""


class Trips(Protocol):
    """Runs errands: each one alone, or those of many callers together."""

    def run(self, errand: Errand[Wanted, Given], wanted: Wanted) -> Given:
        """What this caller gets.

        Raises:
            ServerAwayError, StatementError: As :meth:`SqlServer.run` does.
        """


@frozen
class LoneTrips:
    """Runs each errand alone.

    Attributes:
        sql: The server.
    """

    sql: SqlServer

    def run(self, errand: Errand[Wanted, Given], wanted: Wanted) -> Given:
        """See :class:`Trips`."""
        (given,) = together(self.sql, errand, [wanted])
        return given


def together(sql: SqlServer, errand: Errand[Wanted, Given], wanted: Sequence[Wanted]) -> list[Given]:
    """What each of these gets, in one round trip; raises as :meth:`SqlServer.run` does."""
    question = errand.ask(wanted)
    results = sql.run(
        question.text, question.parameters, repeatable=question.repeatable, taken_back=question.taken_back
    )
    return errand.deal(wanted, results)
