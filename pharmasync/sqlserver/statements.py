"""Pieces that the statements on rows share."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType

T = TypeVar("T")

NOW = "SYSUTCDATETIME()"
IN_SECONDS = f"DATEADD(MILLISECOND, %d, {NOW})"
"""Due so many milliseconds from now; its parameter comes from :func:`milliseconds`."""

NEXT = ";\n"
"""Stands between statements that travel together."""

Statement = tuple[str, Sequence[Any]]
"""What is run, and its values."""

LONGEST_MILLISECONDS = 2_000_000_000


def milliseconds(seconds: float) -> int:
    """A parameter for :data:`IN_SECONDS`; DATEADD takes an INT, which is 23 days."""
    return min(max(0, round(seconds * 1000)), LONGEST_MILLISECONDS)


def joined(statements: Sequence[Statement]) -> Statement:
    """Statements that travel together, as one."""
    return NEXT.join(text for text, _ in statements), [value for _, values in statements for value in values]


def places(values: Iterable[object]) -> str:
    """As many placeholders as there are values, for ``IN (…)``."""
    return ", ".join("%s" for _ in values)


def listed(statuses: Iterable[Status]) -> tuple[str, ...]:
    """Parameters for ``status IN (…)``."""
    return tuple(status.value for status in statuses)


def padded(values: Sequence[T]) -> list[T]:
    """At least one value, and more, with the last one repeated up to a power of two.

    Statements about many rows so come in few lengths, whose plans a server with forced parameterization finds again.
    """
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *([values[-1]] * (size - len(values)))]


def of_the_rows_shop(kind: DocumentType) -> str:
    """The condition that a row of AccountShop is about the shop of a row of this type.

    A user's columns may have another collation than the AccountShop that `init-db` made in their database, which has
    the database's: without a word about it SQL Server would not compare them. It is said of the document's code, which
    is at hand already, so that AccountShop's is still sought in its index.
    """
    return f"AccountShop.shop_pharmacy_code = {kind.table}.shop_pharmacy_code COLLATE DATABASE_DEFAULT"


def not_paused(kind: DocumentType) -> str:
    """The condition that the shop of a row of this type is not paused."""
    return (
        f"NOT EXISTS (SELECT 1 FROM AccountShop WHERE {of_the_rows_shop(kind)}"
        " AND AccountShop.sync_paused_reason IS NOT NULL)"
    )
