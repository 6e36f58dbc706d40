"""Texts of any length, read with a blank behind them, which is dropped with the blanks around a field.

FreeTDS takes the connection for dead where an NVARCHAR(MAX) ends in half of a character, as one does that somebody's
software cut off in an emoji; in the middle it makes a question mark of it. All rows of the trip would be held up.
"""

from collections.abc import Iterable, Iterator

from pharmasync.documents import DocumentType

BLANK = " "


def as_read(kind: DocumentType, columns: Iterable[str], source: str = "") -> Iterator[str]:
    """The columns as a SELECT or an OUTPUT names them; :func:`blanks_behind` has the parameters.

    Args:
        kind: Whose columns they are.
        columns: Their names.
        source: What stands before each name, with its dot.
    """
    for name in columns:
        yield f"{source}{name} + %s AS {name}" if name in kind.long_columns else f"{source}{name}"


def blanks_behind(kind: DocumentType, columns: Iterable[str]) -> list[str]:
    """A parameter for each of the columns that is a text of any length."""
    return [BLANK for name in columns if name in kind.long_columns]
