"""A column of a document, as the tests of its rules name it, and what the fixtures here give."""

from collections.abc import Callable

from attrs import frozen

from pharmasync.documents import Document, DocumentType
from pharmasync.words import Words

Row = dict[str, object]

Read = Callable[[DocumentType, str, Row], Document]
ValueRead = Callable[[DocumentType, str, str, object], object]
Fault = Callable[[DocumentType, str, Row], Words]


@frozen
class Column:
    """One column: where it stands and what people call it."""

    kind: DocumentType
    place: str
    name: str
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.kind.name}.{self.name}"


@frozen(str=False)
class LimitedColumn(Column):
    """One of text, with its longest length in characters."""

    limit: int
