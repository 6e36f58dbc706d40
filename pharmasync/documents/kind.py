"""What a document type is: its classes, its tables, its queue. Each has one file beside this one."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import attrs
from attrs import frozen

from pharmasync.documents.fields import declared, is_long
from pharmasync.words import Words


@runtime_checkable
class Document(Protocol):
    """What every document has, whatever its type."""

    @property
    def facility_code(self) -> str:
        """The facility's code, issued nationally."""

    @property
    def lines(self) -> tuple[Any, ...]:
        """The lines, at least one."""


Check = Callable[[Mapping[str, object]], Words | None]
"""A rule over several header fields, given their values: None where missing, no key where unfit."""


@frozen(kw_only=True)
class DocumentType:
    """One type of document.

    Attributes:
        name: Its English name, as in the journal and on the command line.
        title: What people call it.
        document: The attrs class of the whole document; its header fields are named like the columns.
        line: The attrs class of one line, likewise.
        table: The header table.
        lines_table: The table of its lines.
        parent: The column of ``lines_table`` that points to the header's id.
        local_id: The column with the facility's own code.
        national_id: The column for the id that the national database gives.
        queue: The queue of its messages.
        actor: The name of its actor.
        checks: The rules over several fields.
    """

    name: str
    title: Words
    document: type[Any]
    line: type[Any]
    table: str
    lines_table: str
    parent: str
    local_id: str
    national_id: str
    queue: str
    actor: str
    checks: tuple[Check, ...] = ()

    @property
    def header_fields(self) -> tuple["attrs.Attribute[Any]", ...]:
        """The document's attributes without its lines."""
        return tuple(a for a in attrs.fields(self.document) if a.name != "lines")

    @property
    def header_columns(self) -> tuple[str, ...]:
        """The header table's columns that hold the document, without the facility's code, which a setting chooses."""
        return tuple(a.name for a in self.header_fields if a.name != "facility_code")

    @property
    def line_columns(self) -> tuple[str, ...]:
        """The columns of a line."""
        return tuple(a.name for a in attrs.fields(self.line))

    @cached_property
    def long_columns(self) -> frozenset[str]:
        """The columns, header and line, that hold texts of any length."""
        fields = (*self.header_fields, *attrs.fields(self.line))
        return frozenset(a.name for a in fields if is_long(declared(a)))

    @property
    def personal_fields(self) -> frozenset[str]:
        """The fields, header and line, that name a person."""
        fields = (*self.header_fields, *attrs.fields(self.line))
        return frozenset(a.name for a in fields if declared(a).personal)

    def personal_values(self, document: Document) -> tuple[str, ...]:
        """What the document holds in the fields that name a person."""
        names = self.personal_fields
        held = (getattr(part, name, None) for part in (document, *document.lines) for name in names)
        return tuple(str(value) for value in held if value)

    def own_code(self, document: Document) -> str:
        """The facility's own code of a document."""
        return str(getattr(document, self.local_id))
