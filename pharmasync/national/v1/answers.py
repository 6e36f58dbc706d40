"""What version 1's answers mean: from any bytes to a value or to one of the named errors, never to another exception.

Sources: API list and clients, section "Answers" of the API's facts. The list and the clients disagree: both forms are
understood. Anything that says neither "stored" nor "refused" is uncertain, never a success and never a refusal.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NoReturn

from attrs import field, frozen

from pharmasync.errors import (
    AlreadyStoredError,
    NotStoredError,
    RefusedError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response
from pharmasync.national.v1.phrases import Said, said_by
from pharmasync.national.v1.quoting import quoted
from pharmasync.words import Words

OK = 200
UNAUTHORISED = 401
NOT_FOUND = 404
CONFLICT = 409
FIRST_REFUSAL = 400
UNAVAILABLE = frozenset({408, 425, 429})
FIRST_SERVER_ERROR = 500
EXCERPT = 20_000
"""How many bytes of a body are looked at for people."""

LONGEST_ID = 100

NO_ID = Words("hệ thống quốc gia không trả mã", "the national server gave no id of its own")


Hidden = Callable[[], Collection[str]]


@frozen(kw_only=True)
class Own:
    """What of the document that was sent is needed to understand the answer.

    Attributes:
        code: Its own code.
        code_key: The key that the API has for it.
        id_key: The key that the API has for the national id.
        hidden: Gives what names a person in it, which no error's words may quote; only an error asks for it.
    """

    code: str
    code_key: str
    id_key: str
    hidden: Hidden = field(default=tuple, repr=False)


def read_stored(response: Response, own: Own) -> Stored:
    """The meaning of an answer to a create or correct call.

    Raises:
        AlreadyStoredError: "Đã tồn tại" of the document, or 409 without words about what is there.
        NotStoredError: "Không tồn tại" of the document, or 404 without words about what is there.
        RefusedError: Any other refusal.
        TokenRefusedError: 401.
        UnavailableError: 408, 429, 5xx, a redirect or an HTML page.
        UnreadableAnswerError: It says neither stored nor refused.
    """
    raise_unless_answered(response, own.hidden)
    answer = parse(response)
    if response.status >= FIRST_REFUSAL:
        refuse(response.status, _said(answer, response, own), response.status)
    if isinstance(answer, str) and _looks_like_id(answer, own):
        return stored_as(answer, own)
    if isinstance(answer, dict):
        return _read_object(answer, response, own)
    raise unreadable(response, own)


def raise_unless_answered(response: Response, hidden: Hidden) -> None:
    """Lets pass only an answer of the API itself about the call: not a server in trouble, not somebody's HTML page."""
    status = response.status
    if status == UNAUTHORISED:
        raise TokenRefusedError(Words("mã truy cập bị từ chối", "the token was refused"), http_status=status)
    if status in UNAVAILABLE or status >= FIRST_SERVER_ERROR or 300 <= status < 400 or is_html(response):  # noqa: PLR2004 - the range of redirects
        shown = excerpt(response.body, hidden())
        raise UnavailableError(
            Words(f"máy chủ quốc gia trả lời HTTP {status}: {shown}", f"the national server answered HTTP {status}"),
            http_status=status,
            retry_after=response.retry_after,
        )


def parse(response: Response) -> object:
    """The JSON value of the body, or None where it is none."""
    try:
        return response.json()
    except ValueError:
        return None


def refuse(code: int, words: str, status: int) -> NoReturn:
    """Raises the refusal that the API's words mean, or its ``code`` where they say nothing of what is there."""
    said, shown = said_by(words), _with_code(words, code)
    if said is Said.STORED or (said is Said.NOTHING and code == CONFLICT):
        raise AlreadyStoredError(shown, http_status=status, in_words=said is Said.STORED)
    if said is Said.UNKNOWN or (said is Said.NOTHING and code == NOT_FOUND):
        raise NotStoredError(shown, http_status=status)
    raise RefusedError(shown, http_status=status)


def code_of(answer: Mapping[str, object]) -> int | None:
    """The answer's own code, a number or a text of one; None where there is none or it is something else."""
    code = answer.get("code")
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    if isinstance(code, str) and code.strip().isascii() and code.strip().isdigit():
        return int(code.strip()[:9])
    return None


def words_of(answer: object, hidden: Collection[str] = ()) -> str:
    """The API's own words without what is to be hidden, "" where there are none."""
    if isinstance(answer, str):
        return quoted(answer, hidden)
    if isinstance(answer, dict):
        for key in ("message", "mess", "error", "Message"):
            found = answer.get(key)
            if isinstance(found, str) and found.strip():
                return quoted(found, hidden)
    return ""


def id_of(answer: Mapping[str, object], own: Own) -> str | None:
    """The national id of an answer: from the key made for it, else from the own code's key, where it may be an echo."""
    for key in (own.id_key, own.code_key):
        value = value_of(answer, key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if _looks_like_id(value, own):
            return str(value)
    return None


def value_of(answer: Mapping[str, object], key: str) -> object:
    """The value of a key, at the top or in "data"."""
    return next((place[key] for place in places_of(answer) if place.get(key) is not None), None)


def places_of(answer: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Where an answer may carry its fields: at the top or wrapped in "data"."""
    inner = answer.get("data")
    return [answer, inner] if isinstance(inner, dict) else [answer]


def stored_as(national_id: str | None, own: Own) -> Stored:
    """Stored under this id; an echo of the own code may be none, and says so."""
    return Stored(national_id=national_id, note=NO_ID if national_id in {None, own.code} else None)


def excerpt(body: bytes, hidden: Collection[str] = ()) -> str:
    """The beginning of a body, for people: printable, on one line, without what is to be hidden."""
    return quoted(body[:EXCERPT].decode("utf-8", "replace"), hidden)


def unreadable(response: Response, own: Own) -> UnreadableAnswerError:
    """The error of an answer that says nothing."""
    shown = excerpt(response.body, own.hidden()) or "(trống / empty)"
    return UnreadableAnswerError(
        Words(
            f"câu trả lời không hiểu được (HTTP {response.status}): {shown}",
            f"an answer that cannot be understood (HTTP {response.status})",
        ),
        http_status=response.status,
    )


def _read_object(answer: dict[str, object], response: Response, own: Own) -> Stored:
    codes = [code for place in places_of(answer) if (code := code_of(place)) is not None]
    code = next((code for code in codes if code != OK), OK if codes else None)
    if code == UNAUTHORISED:
        raise TokenRefusedError(Words("mã truy cập bị từ chối", "the token was refused"), http_status=code)
    if code is not None and code != OK:
        refuse(code, _said(answer, response, own), response.status)
    if _is_about_another(answer, own):
        raise unreadable(response, own)
    national_id = id_of(answer, own)
    if national_id is not None and (code == OK or "code" not in answer):
        return stored_as(national_id, own)
    if code == OK:
        return Stored(national_id=None, note=NO_ID)
    raise unreadable(response, own)


def _said(answer: object, response: Response, own: Own) -> str:
    return words_of(answer, own.hidden()) or excerpt(response.body, own.hidden())


def _is_about_another(answer: Mapping[str, object], own: Own) -> bool:
    """Whether an answer that has both ids names another own code than the one that was sent."""
    echo, given = value_of(answer, own.code_key), value_of(answer, own.id_key)
    return isinstance(echo, str) and isinstance(given, str) and echo not in {own.code, given}


def _looks_like_id(value: object, own: Own) -> bool:
    """An id is one word with a digit ("PN_QG_12345678"); a sentence, a status or an address is none."""
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        return False
    return value == own.code or bool(re.fullmatch(r"(?!err)(?=.*\d)[\w./-]{4,}", value, re.ASCII | re.IGNORECASE))


def _with_code(words: str, code: int) -> str:
    return f"{words} (HTTP {code})" if words else f"HTTP {code}"


def is_html(response: Response) -> bool:
    """Whether it is a page for people, and so no answer of the API."""
    return response.is_html
