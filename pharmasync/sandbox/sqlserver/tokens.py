"""The tokens of an answer, as TDS 7.4 writes them: columns, rows, errors, notices, and the end of each statement."""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

from attrs import frozen

from pharmasync.sandbox.sqlserver.datatypes import MAX, DataType, Kind, Value
from pharmasync.sandbox.sqlserver.errors import SQLServerError

COLMETADATA = 0x81
ERROR = 0xAA
INFO = 0xAB
LOGINACK = 0xAD
ROW = b"\xd1"
ENVCHANGE = 0xE3
DONE = 0xFD

DONE_MORE = 0x01
DONE_ERROR = 0x02
DONE_COUNT = 0x10
DONE_ATTENTION = 0x20

ENV_DATABASE = 1
ENV_PACKET_SIZE = 4
ENV_COLLATION = 7
NULLABLE = 0x0001
TDS_7_4 = bytes.fromhex("74000004")
SERVER_NAME = "practice"
COMMAND_SELECT = 0xC1
SEVERITY = 16
"""An error that the user can correct."""

INTN = 0x26
DATEN = 0x28
DATETIME2N = 0x2A
DECIMALN = 0x6A
NVARCHAR = 0xE7
COLLATION = bytes.fromhex("0904d00034")
"""SQL_Latin1_General_CP1_CI_AS."""

Encoder: TypeAlias = Callable[[str], bytes]


@frozen
class OutputColumn:
    """A column of a result."""

    name: str
    type: DataType


def result_set(columns: Sequence[OutputColumn], rows: Iterable[Sequence[Value]]) -> bytes:
    """The columns and the rows of one result."""
    answer = bytearray(struct.pack("<BH", COLMETADATA, len(columns)))
    for column in columns:
        answer += struct.pack("<IH", 0, NULLABLE) + _type_info(column.type) + _short_text(column.name)
    encoders = [_encoder(column.type) for column in columns]
    for row in rows:
        answer += ROW
        for encode, value in zip(encoders, row, strict=True):
            answer += encode(value)
    return bytes(answer)


def done(status: int = 0, count: int | None = None) -> bytes:
    """The end of a statement.

    Args:
        status: DONE_MORE, DONE_ERROR or DONE_ATTENTION, added up.
        count: Rows given or changed; None for a statement that has no such number.
    """
    if count is not None:
        status |= DONE_COUNT
    return struct.pack("<BHHQ", DONE, status, 0 if count is None else COMMAND_SELECT, count or 0)


def error(failure: SQLServerError) -> bytes:
    """An error."""
    return _message(ERROR, failure.number, SEVERITY, failure.message)


def info(number: int, text: str) -> bytes:
    """A notice, which is no error."""
    return _message(INFO, number, 0, text)


def database_changed(new: str, old: str) -> bytes:
    """The current database is another one now."""
    change = bytes((ENV_DATABASE,)) + _short_text(new) + _short_text(old)
    return _sized(ENVCHANGE, change) + info(5701, f"Changed database context to '{new}'.")


def login_accepted(packet_size: int) -> bytes:
    """The login is fine; answers come in packets of that size."""
    collation = bytes((ENV_COLLATION, len(COLLATION))) + COLLATION + b"\0"
    sizes = bytes((ENV_PACKET_SIZE,)) + 2 * _short_text(str(packet_size))
    acknowledgement = b"\x01" + TDS_7_4 + _short_text("Microsoft SQL Server") + bytes((15, 0, 0, 0))
    return _sized(ENVCHANGE, collation) + _sized(LOGINACK, acknowledgement) + _sized(ENVCHANGE, sizes)


def _message(token: int, number: int, severity: int, text: str) -> bytes:
    encoded = text[:4000].encode("utf-16-le", "replace")
    body = struct.pack("<IBBH", number, 1, severity, len(encoded) // 2) + encoded
    return _sized(token, body + _short_text(SERVER_NAME) + _short_text("") + struct.pack("<I", 1))


def _sized(token: int, body: bytes) -> bytes:
    return struct.pack("<BH", token, len(body)) + body


def _short_text(text: str) -> bytes:
    encoded = text[:127].encode("utf-16-le", "replace")
    return bytes((len(encoded) // 2,)) + encoded


def _type_info(column: DataType) -> bytes:
    """The TYPE_INFO of a column."""
    match column.kind:
        case Kind.NVARCHAR:
            return struct.pack("<BH", NVARCHAR, 0xFFFF if column.size == MAX else column.size * 2) + COLLATION
        case Kind.DECIMAL:
            return bytes((DECIMALN, _decimal_bytes(column.size) + 1, column.size, column.scale))
        case Kind.DATETIME2:
            return bytes((DATETIME2N, column.scale))
        case Kind.DATE:
            return bytes((DATEN,))
        case Kind.INT:
            return bytes((INTN, 4))


@lru_cache(maxsize=256)
def _encoder(column: DataType) -> Callable[[Value], bytes]:
    """What writes the values of a column."""
    if column.kind is Kind.INT:
        return lambda value: b"\0" if value is None else struct.pack("<Bi", 4, value)
    is_text = column.kind is Kind.NVARCHAR
    null = (b"\xff" * 8 if column.size == MAX else b"\xff\xff") if is_text else b"\0"
    encode = _text_encoder(column)
    return lambda value: null if value is None else encode(str(value))


def _text_encoder(column: DataType) -> Encoder:
    """What writes the values that SQLite keeps as texts."""
    match column.kind:
        case Kind.NVARCHAR:
            return _long_text if column.size == MAX else _text
        case Kind.DECIMAL:
            return _decimal_encoder(column)
        case Kind.DATE:
            return lambda kept: b"\x03" + _day(date.fromisoformat(kept))
        case _:
            return _time_encoder(column.scale)


def _text(kept: str) -> bytes:
    encoded = kept.encode("utf-16-le", "surrogatepass")
    return struct.pack("<H", len(encoded)) + encoded


def _long_text(kept: str) -> bytes:
    encoded = kept.encode("utf-16-le", "surrogatepass")
    chunk = struct.pack("<I", len(encoded)) + encoded if encoded else b""
    return struct.pack("<Q", len(encoded)) + chunk + bytes(4)


def _decimal_bytes(digits: int) -> int:
    return next(size for size, most in ((4, 9), (8, 19), (12, 28), (16, 38)) if digits <= most)


def _decimal_encoder(column: DataType) -> Encoder:
    size = _decimal_bytes(column.size)

    def encode(kept: str) -> bytes:
        digits = int(kept.replace("-", "").replace(".", ""))
        return bytes((size + 1, not kept.startswith("-"))) + digits.to_bytes(size, "little")

    return encode


def _time_encoder(scale: int) -> Encoder:
    size = 3 if scale <= 2 else 4 if scale <= 4 else 5  # noqa: PLR2004 - TDS's table of sizes

    def encode(kept: str) -> bytes:
        moment = datetime.fromisoformat(kept)
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        ticks: int = (seconds * 1_000_000 + moment.microsecond) * 10**scale // 1_000_000
        return bytes((size + 3,)) + ticks.to_bytes(size, "little") + _day(moment)

    return encode


def _day(day: date) -> bytes:
    return (day.toordinal() - 1).to_bytes(3, "little")
