"""What a call says about the national server: that it is there, that it is down, or nothing."""

from enum import Enum

from pharmasync.errors import DeliveryError, LostAnswerError, NetworkTroubleError, TooLateError
from pharmasync.national.http import FIRST_REFUSAL, FIRST_SERVER_ERROR, Request, Response

GATEWAY_TROUBLE = frozenset({502, 503, 504})
"""What a proxy answers for a server that is down. A 500 is not among them: one document may cause it."""


class Sign(Enum):
    """What a call says about the server."""

    UP = "up"
    """It answered, whatever it answered: a refusal, too many calls (429) and a wrong password are answers."""
    DOWN = "down"
    """It could not be reached, broke off, was silent for too long, or somebody else answered for it."""
    NOTHING = "nothing"
    """The call was not made, or was cut by us."""


def sign_of_answer(request: Request, response: Response) -> Sign:
    """What an answer says."""
    if response.status in GATEWAY_TROUBLE or _is_foreign_page(request, response):
        return Sign.DOWN
    return Sign.UP


def sign_of_error(error: DeliveryError, *, cut_by_us: bool) -> Sign:
    """What it says that a call raised ``error``; ``cut_by_us`` where the call was not allowed to go on."""
    if error.http_status is not None:
        return Sign.UP
    if isinstance(error, TooLateError):
        return Sign.NOTHING
    if isinstance(error, NetworkTroubleError | LostAnswerError) and not cut_by_us:
        return Sign.DOWN
    return Sign.NOTHING


def _is_foreign_page(request: Request, response: Response) -> bool:
    """Whether a page for people came where the API would speak JSON: "we are being maintained", or a login to a Wi-Fi.

    A refusal may come as a page. So may the answer to a look-up, where the server does not know such calls.
    """
    if not response.is_html or FIRST_REFUSAL <= response.status < FIRST_SERVER_ERROR:
        return False
    return response.status >= FIRST_SERVER_ERROR or request.method != "GET"
