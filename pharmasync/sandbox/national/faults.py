"""The faults: what goes wrong, and how often."""

from random import Random

from attrs import field, frozen
from attrs.validators import and_, ge, le

DOCUMENT_FAULTS = (
    "error_500",
    "error_503",
    "html_502",
    "rate_limited",
    "lost_answer",
    "cut_before",
    "stall",
    "expired_token",
    "empty_body",
    "truncated_json",
    "wrong_types",
    "huge_body",
    "redirect",
    "rate_limited_date",
    "drip",
    "endless_body",
    "closed_half_way",
    "other_document",
)
"""The faults of a document call, at most one a call, in the order in which the dice reads their rates."""

_ROUNDING = 1e-9
_rate = and_(ge(0.0), le(1.0))


@frozen
class Faults:
    """How often what goes wrong: rates from 0 (never) to 1 (every call), which together must not exceed 1.

    ``down`` closes logins as well; ``login_500`` is drawn for logins alone; all others are drawn for document calls
    that carry a good token.
    """

    error_500: float = field(default=0.0, validator=_rate)
    """HTTP 500 with a JSON body; nothing is stored."""

    error_503: float = field(default=0.0, validator=_rate)
    """HTTP 503 with a JSON body; nothing is stored."""

    html_502: float = field(default=0.0, validator=_rate)
    """HTTP 502 with a proxy's HTML page; nothing is stored."""

    rate_limited: float = field(default=0.0, validator=_rate)
    """HTTP 429 with Retry-After in seconds; nothing is stored."""

    lost_answer: float = field(default=0.0, validator=_rate)
    """The call is carried out, then the connection is cut without an answer."""

    cut_before: float = field(default=0.0, validator=_rate)
    """The connection is cut before anything is stored."""

    stall: float = field(default=0.0, validator=_rate)
    """The call is carried out, but the answer comes only after ``stall_seconds``."""

    expired_token: float = field(default=0.0, validator=_rate)
    """HTTP 401 although the token was good; it is revoked. Nothing is stored."""

    empty_body: float = field(default=0.0, validator=_rate)
    """The call is carried out and answered with HTTP 200 and nothing else."""

    truncated_json: float = field(default=0.0, validator=_rate)
    """The call is carried out and half of the answer's JSON is sent."""

    wrong_types: float = field(default=0.0, validator=_rate)
    """The call is carried out and answered with HTTP 200 and JSON of unexpected types."""

    huge_body: float = field(default=0.0, validator=_rate)
    """The call is carried out and answered with 10 MB of JSON."""

    redirect: float = field(default=0.0, validator=_rate)
    """HTTP 302 to a page that answers 200, as a captive portal does; nothing is stored."""

    rate_limited_date: float = field(default=0.0, validator=_rate)
    """HTTP 429 with Retry-After as an HTTP date; nothing is stored."""

    drip: float = field(default=0.0, validator=_rate)
    """The call is carried out and its answer sent byte by byte, one every ``drip_seconds``."""

    endless_body: float = field(default=0.0, validator=_rate)
    """The call is carried out and answered with HTTP 200 and a body that never ends."""

    closed_half_way: float = field(default=0.0, validator=_rate)
    """The call is carried out; half of the answer is sent, less than its Content-Length, and the connection is cut."""

    other_document: float = field(default=0.0, validator=_rate)
    """The call is carried out and answered with the codes of another document, of another shop."""

    login_500: float = field(default=0.0, validator=_rate)
    """HTTP 500 to a login."""

    down: bool = False
    """Every call, logins included, has its connection closed at once."""

    stall_seconds: float = field(default=30.0, validator=ge(0))
    """Seconds a stalled answer is held back."""

    retry_after_seconds: int = field(default=1, validator=ge(0))
    """The Retry-After of ``rate_limited`` and ``rate_limited_date``, in seconds."""

    drip_seconds: float = field(default=1.0, validator=ge(0))
    """Seconds before each byte of a ``drip``."""

    def __attrs_post_init__(self) -> None:
        total = sum(getattr(self, name) for name in DOCUMENT_FAULTS)
        if total > 1 + _ROUNDING:
            raise ValueError(f"the rates of the document faults add up to {total:g}, more than 1")


def draw(faults: Faults, dice: Random) -> str | None:
    """Draw the fault of one document call.

    Exactly one number is drawn whatever the rates are, so that a run can be repeated from its seed.

    Returns:
        A name of ``DOCUMENT_FAULTS``, or ``None`` for a call that goes well.
    """
    point = dice.random()
    for name in DOCUMENT_FAULTS:
        point -= getattr(faults, name)
        if point < 0:
            return name
    return None
