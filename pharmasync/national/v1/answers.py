"""What version 1's answers mean: from any bytes to a value or to one of the named errors, never to another exception.

Sources: API list and clients. They disagree, and both forms are understood. Anything that says neither "stored" nor
"refused" is uncertain, never a success and never a refusal.
"""

from collections.abc import Collection, Mapping
from typing import NoReturn

from pharmasync.errors import (
    AlreadyStoredError,
    NotStoredError,
    RefusedError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from pharmasync.national.adapter import Stored
from pharmasync.national.http import FIRST_REFUSAL, FIRST_SERVER_ERROR, Response
from pharmasync.national.v1.fields import (
    OK,
    code_of,
    details_of,
    has_empty_code,
    has_odd_code,
    parse,
    value_in,
    words_of,
)
from pharmasync.national.v1.ids import Hidden, Own, as_id, bare_id, given_id, id_of, is_about_another
from pharmasync.national.v1.phrases import Said, said_by
from pharmasync.national.v1.quoting import LONGEST_REFUSAL, quoted, words_of_page
from pharmasync.words import Words

CREATED = 201
FIRST_REDIRECT = 300
BAD_REQUEST = 400
UNAUTHORISED = 401
NOT_FOUND = 404
CONFLICT = 409
BEYOND_STATUSES = 600
UNAVAILABLE = frozenset({408, 425, 429, *range(FIRST_SERVER_ERROR, BEYOND_STATUSES)})
"""What says "not now", as the status of an answer or as the code inside of it."""

EXCERPT = 20_000
"""How many bytes of a body are looked at for people."""

NO_ID = Words("hệ thống quốc gia không trả mã", "the national server gave no id of its own")
TOKEN_REFUSED = Words("mã truy cập bị từ chối", "the token was refused")


def read_stored(response: Response, own: Own) -> Stored:
    """The meaning of an answer to a create or correct call.

    Raises:
        AlreadyStoredError: "Đã tồn tại" of the document, or 409 without words about what is there.
        NotStoredError: "Không tồn tại" of the document, or 404 without words about what is there.
        RefusedError: Any other refusal.
        TokenRefusedError: 401.
        UnavailableError: 408, 425, 429, 5xx, a redirect or an HTML page.
        UnreadableAnswerError: It says neither stored nor refused.
    """
    bare = bare_id(response.body, own) if OK <= response.status < FIRST_REDIRECT else None
    if bare is not None:
        return stored_as(bare)
    raise_unless_answered(response, own.hidden)
    answer = parse(response)
    if response.status >= FIRST_REFUSAL:
        inner = code_of(answer) if response.status == BAD_REQUEST and isinstance(answer, dict) else None
        code = CONFLICT if inner == CONFLICT else response.status
        refuse(code, _said(answer, response, own), response.status, details_of(answer, own.hidden()))
    national_id = as_id(answer, own) if isinstance(answer, str) else None
    if national_id is not None:
        return stored_as(national_id)
    if isinstance(answer, dict):
        return _read_object(answer, response, own)
    raise unreadable(response, own)


def raise_unless_answered(response: Response, hidden: Hidden) -> None:
    """Lets pass only an answer of the API itself about the call: not a server in trouble, not somebody's HTML page."""
    status = response.status
    raise_if_not_now(status, response, hidden)
    if FIRST_REDIRECT <= status < FIRST_REFUSAL or status >= BEYOND_STATUSES or response.is_html:
        raise _not_now(status, response, excerpt(response.body, hidden()))


def raise_if_not_now(code: int, response: Response, hidden: Hidden) -> None:
    """Lets pass any status, or code inside of an answer, that does not ask for another token or another time."""
    if code == UNAUTHORISED:
        raise TokenRefusedError(TOKEN_REFUSED, http_status=response.status)
    if code in UNAVAILABLE:
        raise _not_now(code, response, words_of(parse(response), hidden()) or excerpt(response.body, hidden()))


def refuse(code: int, words: str, status: int, details: str = "") -> NoReturn:
    """Raises the refusal that the API's words mean, or its ``code`` where they say nothing of what is there.

    The ``details`` are for people alone: what they say is said of a field.
    """
    told = words if details in words else f"{words}: {details}"
    said, shown = said_by(words), _with_code(told, code, status)
    if said is Said.STORED or (said is Said.NOTHING and code == CONFLICT):
        raise AlreadyStoredError(shown, http_status=status, in_words=said is Said.STORED)
    if said is Said.UNKNOWN or (said is Said.NOTHING and code == NOT_FOUND):
        raise NotStoredError(shown, http_status=status)
    raise RefusedError(shown, http_status=status)


def stored_as(national_id: str | None) -> Stored:
    """Stored under this id; where there is none, it says so."""
    return Stored(national_id=national_id, note=NO_ID if national_id is None else None)


def excerpt(body: bytes, hidden: Collection[str] = ()) -> str:
    """The beginning of a body, for people: printable, on one line, without what is hidden; of a page its words."""
    text = body[:EXCERPT].decode("utf-8", "replace")
    return quoted(words_of_page(text) if text.lstrip().startswith("<") else text, hidden)


def named(code: int, status: int) -> str:
    """A code for people: the answer's own, or the HTTP status where they are the same."""
    return f"HTTP {status}" if code == status else f"code {code}"


def unreadable(response: Response, own: Own) -> UnreadableAnswerError:
    """The error of an answer that says nothing."""
    shown = excerpt(response.body, own.hidden())
    what = "an answer that cannot be understood" if shown else "an empty answer"
    return UnreadableAnswerError(
        Words(
            f"câu trả lời không hiểu được (HTTP {response.status}): {shown or '(trống)'}",
            f"{what} (HTTP {response.status})",
        ),
        http_status=response.status,
    )


def _read_object(answer: dict[str, object], response: Response, own: Own) -> Stored:
    code = code_of(answer)
    if code is not None and code != OK and not (code == CREATED and given_id(answer, own)):
        _refuse_inside(code, answer, response, own)
    if has_odd_code(answer) or is_about_another(answer, own):
        raise unreadable(response, own)
    if code is None:
        national_id = given_id(answer, own) if has_empty_code(answer) else id_of(answer, own)
    else:
        national_id = id_of(answer, own)
    if national_id is None and (code is None or _refuses_within(answer)):
        raise unreadable(response, own)
    return stored_as(national_id)


def _refuse_inside(code: int, answer: dict[str, object], response: Response, own: Own) -> NoReturn:
    """Raises what a code inside an answer means; what is said of the document goes before a "not now"."""
    words = _said(answer, response, own)
    if said_by(words) not in {Said.STORED, Said.UNKNOWN}:
        raise_if_not_now(code, response, own.hidden)
    refuse(code, words, response.status, details_of(answer, own.hidden()))


def _refuses_within(answer: Mapping[str, object]) -> bool:
    """Whether a good answer wraps one that is a refusal."""
    inner = value_in(answer, "data")
    code = code_of(inner) if isinstance(inner, dict) else None
    return code is not None and FIRST_REFUSAL <= code < BEYOND_STATUSES


def _said(answer: object, response: Response, own: Own) -> str:
    words = words_of(answer, own.hidden(), LONGEST_REFUSAL)
    return words or details_of(answer, own.hidden()) or excerpt(response.body, own.hidden())


def _not_now(code: int, response: Response, shown: str) -> UnavailableError:
    name = named(code, response.status)
    return UnavailableError(
        Words(
            f"máy chủ quốc gia trả lời {name}" + (f": {shown}" if shown else ""), f"the national server answered {name}"
        ),
        http_status=response.status,
        retry_after=response.retry_after,
    )


def _with_code(words: str, code: int, status: int) -> str:
    return f"{words} ({named(code, status)})" if words else named(code, status)
