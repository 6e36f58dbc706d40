"""From the columns of a row to a document, or to all of its faults at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen

from pharmasync.documents.fields import Unfit, declared, is_blank
from pharmasync.documents.kind import Document, DocumentType
from pharmasync.errors import FaultyDocumentError
from pharmasync.words import Words

Row = Mapping[str, object]


@frozen
class Fault:
    """One thing that is wrong with a document; ``line`` counts from 1, None is the header."""

    line: int | None
    words: Words

    def in_words(self) -> Words:
        """The fault with its place: "dòng 2: thiếu số lô / line 2: lot number is missing"."""
        if self.line is None:
            return self.words
        return Words(f"dòng {self.line}: {self.words.vi}", f"line {self.line}: {self.words.en}")


def read_document(kind: DocumentType, header: Row, lines: Sequence[Row]) -> Document:
    """The document that these rows hold.

    Args:
        kind: Its type.
        header: The header's columns by name, and ``facility_code``.
        lines: The columns of each line, in order.

    Raises:
        FaultyDocumentError: The rows break the API's table; its words list every fault, line by line.
    """
    faults: list[Fault] = []
    fields = _read_fields(kind.header_fields, header, None, faults)
    faults += [Fault(None, words) for check in kind.checks if (words := check(fields)) is not None]
    if not lines:
        faults.append(Fault(None, Words("không có dòng thuốc nào", "there are no lines")))
    read = [_read_fields(attrs.fields(kind.line), line, number, faults) for number, line in enumerate(lines, start=1)]
    if faults:
        raise FaultyDocumentError(_all(faults))
    document: Document = kind.document(**fields, lines=tuple(kind.line(**line) for line in read))
    return document


def _all(faults: Sequence[Fault]) -> Words:
    words = [fault.in_words() for fault in faults]
    return Words("; ".join(w.vi for w in words), "; ".join(w.en for w in words))


def _read_fields(
    attributes: Sequence["attrs.Attribute[Any]"], row: Row, line: int | None, faults: list[Fault]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for attribute in attributes:
        try:
            values[attribute.name] = _read_field(attribute, row.get(attribute.name))
        except Unfit as unfit:
            faults.append(Fault(line, unfit.words))
    return values


def _read_field(attribute: "attrs.Attribute[Any]", value: object) -> object:
    declaration = declared(attribute)
    name = declaration.name
    if value is None or (isinstance(value, str) and is_blank(value)):
        if declaration.required:
            raise Unfit(f"thiếu {name.vi}", f"{name.en} is missing")
        return declaration.missing
    try:
        return declaration.rule.read(value)
    except Unfit as unfit:
        raise Unfit(f"{name.vi} {unfit.words.vi}", f"{name.en} {unfit.words.en}") from None
