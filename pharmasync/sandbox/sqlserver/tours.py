"""A tour: the one batch with variables and loops that is taken, which skips through an index from shop to shop.

SQL Server runs such a batch as it stands. Here its shape is recognised, its SELECTs go the way of all statements with
the variables' values in their places, and Python does what WHILE and IF do. Every other loop or variable is refused.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import attrs
from attrs import frozen

from pharmasync.sandbox.sqlserver.batches import Statement, read_batch
from pharmasync.sandbox.sqlserver.datatypes import INT, DataType, Kind, Value
from pharmasync.sandbox.sqlserver.errors import RefusedError
from pharmasync.sandbox.sqlserver.functions import compare_texts
from pharmasync.sandbox.sqlserver.tokens import OutputColumn

HEAD = """SET NOCOUNT ON;
DECLARE @now DATETIME2(3), @shop NVARCHAR(4000);
DECLARE @found TABLE (tour INT NOT NULL, shop NVARCHAR(4000) NOT NULL);
SET @now = SYSUTCDATETIME();
"""
TAIL = "SELECT tour, shop FROM @found"
LOOP = re.compile(
    r"SET @shop = \((?P<first>SELECT [^;@]+)\);\n"
    r"WHILE @shop IS NOT NULL\n"
    r"BEGIN\n"
    r"(?:IF EXISTS \((?P<test>SELECT [^;]+)\)\n)?INSERT INTO @found \(tour, shop\) VALUES \((?P<number>\d+), @shop\);\n"
    r"SET @shop = \((?P<following>SELECT [^;]+)\);\n"
    r"END;\n"
)
VARIABLES = re.compile(r"@(\w+)")
MEANT = {"shop": "N''", "now": "SYSUTCDATETIME()"}
"""What stands for a variable in a SELECT; the text is a literal, whose value changes from step to step."""

COLUMNS = (OutputColumn("tour", INT), OutputColumn("shop", DataType(Kind.NVARCHAR, 4000)))


class Ran(Protocol):
    """What a statement gave."""

    @property
    def rows(self) -> Sequence[Sequence[Value]]:
        """Its rows."""


Run = Callable[[Statement], Ran]


@frozen
class Step:
    """A SELECT of a loop.

    Args:
        statement: The statement with some literal in the place of ``@shop``.
        place: Which of its literals that is; None where it does not name the variable.
    """

    statement: Statement
    place: int | None

    def at(self, shop: Value) -> Statement:
        """The statement as it is when ``@shop`` has this value."""
        if self.place is None:
            return self.statement
        literals = list(self.statement.literals)
        literals[self.place] = shop
        return attrs.evolve(self.statement, literals=tuple(literals))


@frozen(kw_only=True)
class Loop:
    """One tour.

    Args:
        number: What is inserted with each of its shops.
        first: Finds the first shop.
        following: Finds the shop after ``@shop``.
        test: Whether there is a row, if only such shops are wanted.
    """

    number: int
    first: Step
    following: Step
    test: Step | None

    def rows(self, run: Run) -> Iterator[tuple[int, str]]:
        """The rows that it inserts.

        Raises:
            RefusedError: It does not go on to greater and greater shops, so that it would never end.
            SQLServerError: A statement fails.
        """
        shop = _single(run(self.first.at(None)))
        while shop is not None:
            if self.test is None or run(self.test.at(shop)).rows:
                yield self.number, shop
            before, shop = shop, _single(run(self.following.at(shop)))
            if shop is not None and compare_texts(shop, before) <= 0:
                raise RefusedError("a tour that turns back")


def read_tours(text: str) -> list[Loop] | None:
    """The tours of a batch; None where it is another batch.

    Raises:
        RefusedError: A SELECT in it is none that this server reads.
    """
    if not text.startswith(HEAD) or not text.endswith(TAIL):
        return None
    loops, position, end = [], len(HEAD), len(text) - len(TAIL)
    while position < end:
        found = LOOP.match(text, position, end)
        if found is None:
            return None
        loops.append(_loop(found))
        position = found.end()
    return loops


def _loop(found: re.Match[str]) -> Loop:
    test = found["test"]
    return Loop(
        number=int(found["number"]),
        first=_step(found["first"]),
        following=_step(found["following"]),
        test=None if test is None else _step(test.replace("SELECT ", "SELECT TOP (1) ", 1)),
    )


def _step(text: str) -> Step:
    """A SELECT.

    Raises:
        RefusedError: It is several statements, or names another variable.
    """
    pieces = VARIABLES.split(text)
    others = {*pieces[1::2]} - {*MEANT}
    if others or pieces[1::2].count("shop") > 1:
        raise RefusedError(f"@{others.pop()}" if others else "@shop in several places")
    place = None
    if "shop" in pieces:
        head = "".join(MEANT.get(piece, piece) for piece in pieces[: pieces.index("shop")])
        place = sum(len(statement.literals) for statement in read_batch(head))
    statements = read_batch(VARIABLES.sub(lambda found: MEANT[found[1]], text))
    if len(statements) != 1:
        raise RefusedError("several statements in the place of one")
    return Step(statements[0], place)


def _single(result: Ran) -> str | None:
    """The value of a query that stands for a value.

    Raises:
        RefusedError: It gives several.
    """
    if len(result.rows) > 1:
        raise RefusedError("several rows in the place of a value")
    return None if not result.rows or result.rows[0][0] is None else str(result.rows[0][0])
