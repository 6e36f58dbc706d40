"""What the tests of documents share: reading a good document with one thing changed."""

from collections.abc import Callable

import pytest

from pharmasync.documents import Document, DocumentType, read_document
from pharmasync.errors import FaultyDocumentError
from pharmasync.words import Words
from tests.documents.column import Fault, Read, Row, ValueRead

RowsOf = Callable[..., tuple[Row, list[Row]]]


@pytest.fixture(scope="session")
def read(rows_of: RowsOf) -> Read:
    """Reads a good document after changes to its "header" or to its one "line"."""

    def read_changed(kind: DocumentType, place: str, changes: Row) -> Document:
        return read_document(kind, *rows_of(kind, **{place: changes}))

    return read_changed


@pytest.fixture(scope="session")
def value_read(read: Read) -> ValueRead:
    """The value that one field has in the document when its column holds this."""

    def value(kind: DocumentType, place: str, name: str, raw: object) -> object:
        document = read(kind, place, {name: raw})
        return getattr(document if place == "header" else document.lines[0], name)

    return value


@pytest.fixture(scope="session")
def fault(read: Read) -> Fault:
    """The words of the fault that such a change leads to, without the number of the line."""

    def fault_of(kind: DocumentType, place: str, changes: Row) -> Words:
        with pytest.raises(FaultyDocumentError) as caught:
            read(kind, place, changes)
        words = caught.value.words
        assert isinstance(words, Words)
        if place == "header":
            return words
        assert words.vi.startswith("dòng 1: ")
        assert words.en.startswith("line 1: ")
        return Words(words.vi.removeprefix("dòng 1: "), words.en.removeprefix("line 1: "))

    return fault_of
