"""How a document declares its fields: each with its name in both languages and the rule its value must keep.

A rule reads the raw value of a column into the value of the domain or raises :class:`Unfit`. The limits are those of
the API list's tables; a user's own tables may be wider, or hold a date as text.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

import attrs
from attrs import frozen

from pharmasync.words import Words

UNSEEN = "Cf"
"""Unicode's category of characters without a shape, such as the zero-width space."""

LARGEST = Decimal(10) ** 13
"""Amounts from here on cannot be written as a JSON number without losing digits."""


class Unfit(ValueError):  # noqa: N818 - a verdict on a value, caught where the faults are gathered
    """A value breaks its rule; ``words`` is the part of the fault that follows the field's name."""

    def __init__(self, vi: str, en: str) -> None:
        """Say what is wrong in both languages."""
        super().__init__(en)
        self.words = Words(vi, en)


class Rule(Protocol):
    """Reads one raw value that is not missing."""

    def read(self, value: object) -> object:
        """The domain's value; raises :class:`Unfit`."""


@frozen
class Text:
    """Text of at most ``limit`` characters (None: any length), without blanks around it."""

    limit: int | None

    def read(self, value: object) -> str:
        """The trimmed text."""
        text = str(value).strip()
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise Unfit("có ký tự hỏng", "has a broken character")
        if self.limit is not None and len(text) > self.limit:
            raise Unfit(
                f"dài {len(text)} ký tự, tối đa {self.limit}", f"has {len(text)} characters, at most {self.limit}"
            )
        return text


@frozen
class Code(Text):
    """Text that names a document, so that whatever SQL Server holds to be two codes must be two on the wire.

    It ignores blanks behind a text and nothing else; the text that is sent has no white space at either end.
    """

    def read(self, value: object) -> str:
        """The text without blanks behind it."""
        code = str(value).rstrip(" ")
        if code != code.strip():
            raise Unfit(
                "có khoảng trắng hoặc ký tự xuống dòng ở đầu hoặc cuối", "begins or ends with a blank or a line break"
            )
        return super().read(code)


@frozen
class Day:
    """A day: a DATE or DATETIME2, or text in ISO form or ``yyyyMMdd``."""

    def read(self, value: object) -> date:
        """The day without its time."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return datetime.fromisoformat(str(value).strip()).date()
        except ValueError:
            raise Unfit("không phải là ngày", "is not a date") from None


@frozen
class Number:
    """A number from ``least`` on (without ``least`` itself where ``above``), whole where ``whole``."""

    least: int = 0
    above: bool = False
    whole: bool = False

    def read(self, value: object) -> Decimal:
        """The number as a decimal."""
        number = _decimal(value)
        if self.whole and number != number.to_integral_value():
            raise Unfit("phải là số nguyên", "must be a whole number")
        if number < self.least or (self.above and number == self.least):
            bound = "phải lớn hơn" if self.above else "không được nhỏ hơn"
            limit = "above" if self.above else "at least"
            raise Unfit(f"{bound} {self.least}", f"must be {limit} {self.least}")
        if number >= LARGEST:
            raise Unfit("quá lớn", "is too large")
        return number


@frozen
class Choice:
    """One of a few whole numbers."""

    options: Mapping[int, Words]

    def read(self, value: object) -> int:
        """The number, which is one of the options."""
        number = _decimal(value)
        if number not in self.options:
            known = ", ".join(f"{key} ({words.vi})" for key, words in self.options.items())
            known_en = ", ".join(f"{key} ({words.en})" for key, words in self.options.items())
            raise Unfit(f"{number} không hợp lệ, chỉ nhận {known}", f"{number} is unknown, only {known_en}")
        return int(number)


@frozen(kw_only=True)
class Declared:
    """What a field declares beside its type.

    Attributes:
        name: What people call it.
        rule: What its value must keep.
        required: Whether a missing value (NULL or blank) is a fault.
        missing: What a missing value of an optional field becomes.
        personal: Whether it may name a person, so that it is masked in the journal and never printed.
        column: The column's type where the rule does not tell it.
    """

    name: Words
    rule: Rule
    required: bool = True
    missing: object = None
    personal: bool = False
    column: str | None = None


def declared(attribute: "attrs.Attribute[Any]") -> Declared:
    """What the attribute of a document class declares."""
    found: Declared = attribute.metadata["declared"]
    return found


def is_long(declaration: Declared) -> bool:
    """Whether it is a text of any length in the database."""
    any_length = isinstance(declaration.rule, Text) and declaration.rule.limit is None
    return any_length or declaration.column == "NVARCHAR(MAX)"


def _field(vi: str, en: str, rule: Rule, **more: Any) -> Any:
    declaration = Declared(name=Words(vi, en), rule=rule, **more)
    return attrs.field(metadata={"declared": declaration}, repr=not declaration.personal)


def text(vi: str, en: str, *, limit: int | None, **more: Any) -> Any:
    """Text of at most ``limit`` characters."""
    return _field(vi, en, Text(limit), **more)


def code(vi: str, en: str) -> Any:
    """A code that names a document, alone or with another one. All of the API's have at most 50 characters."""
    return _field(vi, en, Code(50))


def day(vi: str, en: str, **more: Any) -> Any:
    """A day."""
    return _field(vi, en, Day(), **more)


def quantity(vi: str, en: str) -> Any:
    """A whole number above 0. The table says "number", every known client sends whole ones."""
    return _field(vi, en, Number(above=True, whole=True))


def ratio(vi: str, en: str) -> Any:
    """A number above 0."""
    return _field(vi, en, Number(above=True))


def amount(vi: str, en: str, **more: Any) -> Any:
    """An amount of money, in dong, from 0 on."""
    return _field(vi, en, Number(), **more)


def choice(vi: str, en: str, options: Mapping[int, Words]) -> Any:
    """One of a few kinds, by number."""
    return _field(vi, en, Choice(options))


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: blanks, or characters that are not seen."""
    if text[:1].isalnum():
        return False
    return all(character.isspace() or unicodedata.category(character) == UNSEEN for character in text)


def _decimal(value: object) -> Decimal:
    text = str(value)
    try:
        number = Decimal("nan" if "_" in text else text)
    except InvalidOperation:
        raise Unfit("không phải là số", "is not a number") from None
    if not number.is_finite():
        raise Unfit("không phải là số", "is not a number")
    return number
