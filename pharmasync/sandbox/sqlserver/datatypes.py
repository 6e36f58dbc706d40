"""Column types, and how their values are kept in SQLite.

NVARCHAR is text and INT an integer. DECIMAL is text such as "12.50", compared by a collation, since a REAL would lose
digits. DATE is "2024-05-31" and DATETIME2 "2024-05-31 12:00:00.000000", always so long, so that the order of the texts
is the order of the times; the seventh digit of a DATETIME2 is dropped, since Python's times have six.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from attrs import frozen

from pharmasync.sandbox.sqlserver.errors import conversion_failed, overflow

Value: TypeAlias = int | str | None
"""What SQLite keeps and gives back."""

MAX = -1
"""The size of NVARCHAR(MAX)."""

LONGEST_NVARCHAR = 4000
"""The largest other size."""

LEAST_INT, MOST_INT = -(2**31), 2**31 - 1
TIME = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,7})?)?)?")
DAY_CHARACTERS = 10
EXACT = Context(prec=100)
"""Enough digits for every DECIMAL; Python's own default of 28 would round the widest."""


class Kind(StrEnum):
    """The types that the project's tables use."""

    NVARCHAR = "NVARCHAR"
    INT = "INT"
    DECIMAL = "DECIMAL"
    DATE = "DATE"
    DATETIME2 = "DATETIME2"


@frozen
class DataType:
    """A column type.

    Args:
        kind: Which type.
        size: NVARCHAR: characters, or MAX. DECIMAL: digits in all.
        scale: DECIMAL: digits after the point. DATETIME2: digits of the second's fraction.
    """

    kind: Kind
    size: int = 0
    scale: int = 0


INT = DataType(Kind.INT)
DATETIME2 = DataType(Kind.DATETIME2, scale=7)
LONG_TEXT = DataType(Kind.NVARCHAR, MAX)


def convert(value: Value, wanted: DataType) -> Value:
    """A value as it is kept for a type; whether a text is too long is not looked at.

    Raises:
        SQLServerError: The value does not read as the type, or is too large for it.
    """
    if value is None:
        return None
    match wanted.kind:
        case Kind.NVARCHAR:
            return str(value)
        case Kind.INT:
            return _whole_number(value)
        case Kind.DECIMAL:
            return _decimal(value, wanted)
        case Kind.DATE:
            return kept_time(str(value), DATETIME2.scale)[:DAY_CHARACTERS]
        case Kind.DATETIME2:
            return kept_time(str(value), wanted.scale)


def text_units(text: str) -> int:
    """The length of a text as NVARCHAR counts it: a character beyond the basic plane counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=1024)
def kept_time(text: str, scale: int) -> str:
    """A time of the forms that pymssql sends, rounded to a scale, as it is kept.

    Raises:
        SQLServerError: It is no time.
    """
    try:
        moment = datetime.fromisoformat(text) if TIME.fullmatch(text) else None
        if moment is None:
            raise conversion_failed(Kind.DATETIME2, text)
        step = 10 ** max(6 - scale, 0)
        moment += timedelta(microseconds=(moment.microsecond + step // 2) // step * step - moment.microsecond)
    except ValueError:
        raise conversion_failed(Kind.DATETIME2, text) from None
    except OverflowError:
        raise overflow(Kind.DATETIME2) from None
    return moment.isoformat(" ", "microseconds")


def _whole_number(value: Value) -> int:
    try:
        number = value if isinstance(value, int) else int(Decimal(str(value)))
    except InvalidOperation:
        raise conversion_failed(Kind.INT, value) from None
    if not LEAST_INT <= number <= MOST_INT:
        raise overflow(Kind.INT)
    return number


def _decimal(value: Value, wanted: DataType) -> str:
    try:
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-wanted.scale), ROUND_HALF_UP, EXACT)
    except InvalidOperation:
        raise conversion_failed("numeric", value) from None
    if len(number.as_tuple().digits) > wanted.size:
        raise overflow("numeric")
    return f"{number:f}"
