"""A batch's text is cut into statements, and each statement into its shape and its literals.

The shape is the statement's text with a mark in the place of each literal: "@i" an INT, "@n" a text, and so on. The
same statement with other values has the same shape, so a shape is read and translated once and then only bound again.
"""

import re
from decimal import Decimal

from attrs import field, frozen

from pharmasync.sandbox.sqlserver.datatypes import (
    INT,
    LEAST_INT,
    LONG_TEXT,
    MOST_INT,
    DataType,
    Kind,
    Value,
)
from pharmasync.sandbox.sqlserver.errors import RefusedError

LITERALS = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<text>(?<!\w)[Nn]?'(?:[^']|'')*')
    |(?P<kept>\[[^]@\0]*\]|"[^"@\0]*"|\b(?:NVARCHAR|DECIMAL|DATETIME2|IDENTITY)\s*\([\s\w,]*\))
    |(?P<null>(?<=[(,])\s*NULL\s*(?=[,)]))
    |(?P<number>(?:(?<=[(,=<>+])\s*-\s*|(?<!\w))(?:\d+(?:\.\d*)?|\.\d+)(?![\w.]))
    |(?P<end>;)
    |(?P<odd>[?{}`'"@\#$:\\\0]|==|\b(?:LIMIT|RETURNING)\b|,\s*(?:[);]|\Z|FROM\b|WHERE\b))""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""What is marked, left or refused; "odd" is what the reader knows from other dialects and SQL Server does not have."""

MARK = re.compile(r"\s*@(d\d+|[invz])")
INSERTED_ROWS = re.compile(r"\s*INSERT\b.*?\bVALUES\b", re.IGNORECASE | re.DOTALL)


@frozen
class Statement:
    """One statement.

    Args:
        shape: Its text with marks in the place of literals.
        literals: Their values, in order.
        text: What the client wrote.
    """

    shape: str
    literals: tuple[Value, ...]
    text: str

    word: str = field(init=False)
    """Its first word, in upper case."""

    @word.default
    def _first_word(self) -> str:
        return self.shape.split(None, 1)[0].upper()


def read_batch(text: str) -> list[Statement]:
    """The statements of a batch, which semicolons keep apart.

    Raises:
        RefusedError: A character or word that SQL Server does not have.
    """
    literals: list[Value] = []
    ends: list[int] = []

    def mark(found: re.Match[str]) -> str:
        match found.lastgroup:
            case "kept":
                return found[0]
            case "comment":
                return " "
            case "end":
                ends.append(found.start())
                return "\0"
            case "odd":
                raise RefusedError(f"near {found[0]}")
        kind, value = _literal(found)
        literals.append(value)
        return "@" + kind

    masked = LITERALS.sub(mark, text).split("\0")
    starts = [0, *(end + 1 for end in ends)]
    statements, position = [], 0
    for shape, start, end in zip(masked, starts, [*ends, len(text)], strict=True):
        count = shape.count("@")
        if not shape.isspace() and shape:
            found = tuple(literals[position : position + count])
            statements.append(Statement(_without_types(shape.strip()), found, text[start:end].strip()))
        position += count
    return statements


def numbered(shape: str) -> tuple[str, list[str]]:
    """A shape with its marks made names of their own, such as "@i_0", and these names."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        names.append(f"{found[1]}_{len(names)}")
        return f" @{names[-1]} "

    return MARK.sub(number, shape), names


def literal_type(name: str) -> DataType | None:
    """The type of the literal behind a name such as "i_0"; None for NULL and for what is inserted as it is."""
    kind = name.partition("_")[0]
    if kind.startswith("d"):
        return DataType(Kind.DECIMAL, 38, int(kind[1:]))
    return {"i": INT, "n": LONG_TEXT}.get(kind)


def _literal(found: re.Match[str]) -> tuple[str, Value]:
    """A literal's kind and its value."""
    if found.lastgroup == "null":
        return "z", None
    if found.lastgroup == "text":
        value = found[0][found[0].index("'") + 1 : -1].replace("''", "'")
        return "n", value
    digits = "".join(found[0].split())
    if "." not in digits and LEAST_INT <= int(digits) <= MOST_INT:
        return "i", int(digits)
    return f"d{len(digits.partition('.')[2])}", f"{Decimal(digits):f}"


def _without_types(shape: str) -> str:
    """An INSERT's rows share one shape, whatever is NULL in them: what is inserted gets its column's type."""
    head = INSERTED_ROWS.match(shape) if shape[:6].upper() == "INSERT" else None
    return head[0] + MARK.sub(" @v", shape[head.end() :]) if head else shape
