"""What the answer to a login means. Source: API list, "Login": flat, or wrapped in "data" as clients read it.

The list knows one refusal, 400. Nobody knows the others, and repeated bad logins lock an account. So every answer that
came whole and brings no token is a refusal, unless it is a server's or a proxy's "not now".
"""

from collections.abc import Collection

from pharmasync.errors import CredentialsRefusedError, UnavailableError
from pharmasync.national.http import BEFORE_A_BODY, FIRST_REFUSAL, Response
from pharmasync.national.v1 import answers
from pharmasync.national.v1.fields import OK, code_of, parse, places_of, value_in, words_of
from pharmasync.national.v1.phrases import says
from pharmasync.words import Words

ABOUT_CREDENTIALS = frozenset({400, 401, 403})
"""Refusals in whatever form: another page may be a proxy's, or that of a server that is being set up."""

NO_SUCH_PLACE = frozenset({404, 405})
"""What a server answers that has no logins at this address, or has none just now."""

NAMES_CREDENTIALS = (
    *("mật khẩu", "tài khoản", "người dùng", "đăng nhập không"),
    *("password", "account", "user", "credential"),
)
"""Words that make a refusal of an answer whose status or code says something else."""

NO_TOKEN = Words("đăng nhập không trả mã truy cập", "the login answered without a token")


def read_token(response: Response, hidden: Collection[str] = ()) -> str:
    """The token.

    Args:
        response: The answer.
        hidden: What no error's words may quote: the password.

    Raises:
        CredentialsRefusedError: It came whole and has no token: never to be tried again by itself.
        UnavailableError: 408, 425, 429, 5xx, also as the code of a 200, or 404 or 405, where the account or its
            password is not named; a redirect, a page other than a 400, 401 or 403, or nothing that is whole.
    """
    if response.status not in ABOUT_CREDENTIALS:
        answers.raise_unless_answered(response, lambda: hidden)
    token = _token_in(response)
    if token is not None:
        return token
    answer = parse(response)
    words = words_of(answer, hidden) or answers.excerpt(response.body, hidden)
    code = code_of(answer) if isinstance(answer, dict) else None
    if not says(words, NAMES_CREDENTIALS):
        _raise_if_not_about_them(response, code, hidden)
    name = answers.named(response.status if code is None or code == OK else code, response.status)
    raise CredentialsRefusedError(
        Words(f"đăng nhập bị từ chối: {words}", f"the login was refused ({name})"), http_status=response.status
    )


def _raise_if_not_about_them(response: Response, code: int | None, hidden: Collection[str]) -> None:
    """Lets pass what can only be about the account or its password, although it does not name them."""
    if response.status in NO_SUCH_PLACE:
        raise UnavailableError(NO_TOKEN, http_status=response.status)
    if response.status < FIRST_REFUSAL:
        if code is not None and code in answers.UNAVAILABLE:
            answers.raise_if_not_now(code, response, lambda: hidden)
        if not _came_whole(response):
            raise UnavailableError(NO_TOKEN, http_status=response.status)


def _token_in(response: Response) -> str | None:
    """The token of a good answer, one that fits a header."""
    answer = parse(response)
    if response.status >= answers.FIRST_REDIRECT or not isinstance(answer, dict):
        return None
    for place in places_of(answer):
        token = value_in(place, "token")
        if isinstance(token, str) and token.isascii() and token.isprintable() and token.strip():
            return token.strip()
    return None


def _came_whole(response: Response) -> bool:
    """Whether nothing shows that a part is missing, as where the connection ends an answer without a length."""
    body = response.body.strip(BEFORE_A_BODY)
    begins_like_json = body.startswith((b"{", b"[", b'"'))
    return bool(body) and not (begins_like_json and parse(response) is None)
