"""The errors that the practice SQL Server answers with, numbered as SQL Server numbers them."""

import re
import sqlite3

from attrs import frozen

SHOWN_CHARACTERS = 600
"""How much of a refused statement an error's text shows."""

GOING_ON = frozenset({515, 547, 2601, 2627, 2628})
"""Errors that end their statement, and not the batch."""

KEY_VIOLATIONS = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID})


@frozen
class SQLServerError(Exception):
    """An error for the client.

    Args:
        number: SQL Server's number of the error; 50000 for a statement that the practice server does not take.
        message: The text for the client.
    """

    number: int
    message: str

    @property
    def ends_batch(self) -> bool:
        """Whether the statements that follow in the same batch are skipped."""
        return self.number not in GOING_ON


class RefusedError(Exception):
    """The practice server does not take the statement that it reads; the text says what it stumbled over."""


class ProtocolError(Exception):
    """The client's bytes are not TDS, or larger than the practice server takes: the connection is closed."""


SAID_BY_SQLITE = (
    (r"NOT NULL constraint failed: (\S+)\.(\S+)", 515, r"Cannot insert NULL into column '\2', table '\1'."),
    (r"UNIQUE constraint failed: (?:index ')?(\w+).*", 2601, r"Cannot insert duplicate key row in object 'dbo.\1'."),
    (r"FOREIGN KEY constraint failed", 547, "The statement conflicted with a FOREIGN KEY or REFERENCE constraint."),
    (r"table (\S+) already exists", 2714, r"There is already an object named '\1' in the database."),
    (r"index (\S+) already exists", 1913, r"An index with the name '\1' already exists."),
    (r"duplicate column name: (\S+)", 2705, r"The column name '\1' is specified more than once."),
    (r"ambiguous column name: (\S+)", 209, r"Ambiguous column name '\1'."),
    (r"no such (?:table|index): (\S+)", 3701, r"Cannot drop '\1', because it does not exist."),
    (r"Cannot add a NOT NULL column with.*", 4901, "A column that is added must allow NULL or have a default."),
)
"""SQLite's words, and the number and text that SQL Server has for the same mistake."""


def from_sqlite(failure: sqlite3.Error, statement: str) -> SQLServerError:
    """SQLite's error as SQL Server's; one that is not known counts as a statement that is not taken."""
    for words, number, text in SAID_BY_SQLITE:
        found = re.fullmatch(words, str(failure))
        if found:
            is_key = getattr(failure, "sqlite_errorcode", 0) in KEY_VIOLATIONS
            return SQLServerError(2627 if is_key else number, found.expand(text))
    return refused(str(failure), statement)


def refused(reason: str, statement: str) -> SQLServerError:
    """A statement that the practice server does not take.

    Args:
        reason: What it stumbled over.
        statement: The statement, shown in the text of the error.
    """
    shown = " ".join(statement.split())
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[:SHOWN_CHARACTERS] + "…"
    return SQLServerError(50000, f"The practice SQL Server does not take this statement ({reason}): {shown}")


def missing_column(name: str) -> SQLServerError:
    """No column of that name in the tables that the statement names."""
    return SQLServerError(207, f"Invalid column name '{name}'.")


def too_long(table: str, column: str, value: str) -> SQLServerError:
    """A text that is longer than its column."""
    text = f"String or binary data would be truncated in table '{table}', column '{column}': '{value}'."
    return SQLServerError(2628, text)


def conversion_failed(kind: str, value: object) -> SQLServerError:
    """A value that does not read as the wanted type."""
    if kind in {"DATE", "DATETIME2"}:
        return SQLServerError(241, "Conversion failed when converting date and/or time from character string.")
    return SQLServerError(245, f"Conversion failed when converting the value '{value}' to data type {kind.lower()}.")


def overflow(kind: str) -> SQLServerError:
    """A value that is outside the range of the wanted type."""
    return SQLServerError(8115, f"Arithmetic overflow error converting expression to data type {kind.lower()}.")
