"""Which of an answer's values is the national id, and which only repeats what was sent."""

import re
from collections.abc import Callable, Collection, Mapping

from attrs import field, frozen

from pharmasync.national.http import BEFORE_A_BODY
from pharmasync.national.v1.fields import value_in, value_of

NATIONAL = "_QG_"
"""What every known national id has in it."""

LONGEST_ID = 100
ID = re.compile(r"(?!err)(?=.*(?:\d|_QG_))[\w./-]{4,}", re.ASCII | re.IGNORECASE)
"""One word with a digit or the national mark; a sentence, a status or an address is none."""

Hidden = Callable[[], Collection[str]]


@frozen(kw_only=True)
class Own:
    """What of the document that was sent is needed to understand the answer.

    Attributes:
        code: Its own code.
        code_key: The key that the API has for it.
        id_key: The key that the API has for the national id.
        facility: Its facility's code.
        hidden: Gives what names a person in it, which no error's words may quote; only an error asks for it.
    """

    code: str
    code_key: str
    id_key: str
    facility: str = ""
    hidden: Hidden = field(default=tuple, repr=False)

    def is_code(self, value: object) -> bool:
        """Whether a value repeats the own code; a server may write it in its own way."""
        return folded(value) == folded(self.code)

    def is_sent(self, value: object) -> bool:
        """Whether a value only repeats what was sent."""
        return self.is_code(value) or folded(value) == folded(self.facility)


def folded(value: object) -> str:
    """A code as it is compared."""
    return str(value).strip().casefold()


def as_id(value: object, own: Own) -> str | None:
    """The national id that a value is, None where it is none: never what was sent ("PN_QG_12345678")."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > LONGEST_ID or own.is_sent(value):
        return None
    return value if ID.fullmatch(value) else None


def given_id(answer: Mapping[str, object], own: Own) -> str | None:
    """The national id from the key that is made for it."""
    return as_id(value_of(answer, own.id_key), own)


def id_of(answer: Mapping[str, object], own: Own) -> str | None:
    """The national id: from the key made for it, else from the own code's key or "data", where clients found it."""
    wrapped = value_in(answer, "data")
    return (
        given_id(answer, own)
        or as_id(value_of(answer, own.code_key), own)
        or (as_id(wrapped, own) if isinstance(wrapped, str) and NATIONAL in wrapped else None)
    )


def bare_id(body: bytes, own: Own) -> str | None:
    """The national id that is the whole body, without quotes."""
    text = body.strip(BEFORE_A_BODY).decode("ascii", "replace")
    return as_id(text, own) if NATIONAL in text else None


def is_about_another(answer: Mapping[str, object], own: Own) -> bool:
    """Whether an answer that has both ids names another own code than the one that was sent."""
    echo, given = value_of(answer, own.code_key), value_of(answer, own.id_key)
    both = isinstance(echo, str) and isinstance(given, str)
    return both and not own.is_code(echo) and folded(echo) != folded(given)
