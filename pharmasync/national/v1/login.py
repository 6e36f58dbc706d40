"""What the answer to a login means. Source: API list, "Login": flat, or wrapped in "data" as clients read it."""

from collections.abc import Collection

from pharmasync.errors import CredentialsRefusedError, UnavailableError
from pharmasync.national.http import Response
from pharmasync.national.v1 import answers
from pharmasync.national.v1.fields import code_of, parse, places_of, words_of
from pharmasync.words import Words

BAD_REQUEST = 400
"""The documented refusal, whatever its body."""

REFUSED = frozenset({BAD_REQUEST, 401, 403, 422, 423})
"""Answers after which another try could lock the account."""


def read_token(response: Response, hidden: Collection[str] = ()) -> str:
    """The token.

    Args:
        response: The answer.
        hidden: What no error's words may quote: the password.

    Raises:
        CredentialsRefusedError: The account or password is wrong; never to be tried again by itself.
        UnavailableError: No token, for any other reason.
    """
    if response.status != BAD_REQUEST and (response.status not in REFUSED or response.is_html):
        answers.raise_unless_answered(response, lambda: hidden)
    answer = parse(response)
    code = code_of(answer) if isinstance(answer, dict) else None
    if response.status in REFUSED or code in REFUSED:
        words = words_of(answer, hidden) or answers.excerpt(response.body, hidden)
        raise CredentialsRefusedError(
            Words(f"đăng nhập bị từ chối: {words}", f"the login was refused (HTTP {response.status})"),
            http_status=response.status,
        )
    for place in places_of(answer) if isinstance(answer, dict) else []:
        token = place.get("token")
        if isinstance(token, str) and token.isascii() and token.isprintable() and token.strip():
            return token.strip()
    raise UnavailableError(
        Words("đăng nhập không trả mã truy cập", "the login answered without a token"), http_status=response.status
    )
