"""The switches: what nobody knows about the national API, and so what a client must get along with either way."""

from attrs import field, frozen
from attrs.validators import ge, in_


@frozen
class Switches:
    """How the practice server behaves where the real one is unknown or where its clients disagree."""

    second_post: str = field(default="store", validator=in_(("store", "reject", "same_id")))
    """A second POST of the same document: ``store`` silently stores another one, ``reject`` answers 409,
    ``same_id`` answers the id of the first and stores nothing."""

    put_unknown: str = field(default="refuse", validator=in_(("refuse", "refuse_400", "refuse_200", "store")))
    """PUT of a document that was never sent: ``refuse`` answers 404, ``refuse_400`` answers 400, ``refuse_200`` answers
    HTTP 200 with the code 404, ``store`` stores it."""

    get_invoice: bool = True
    """Whether one invoice can be read by GET; 405 if not."""

    get_slip: bool = False
    """Whether one slip can be read by GET; 405 if not."""

    answer_form: str = field(default="list", validator=in_(("list", "clients", "echo")))
    """How a stored document is answered: ``list`` as in the published list, ``clients`` as production clients read it,
    ``echo`` with the sent code beside the national id."""

    login_form: str = field(default="flat", validator=in_(("flat", "wrapped")))
    """Whether the token lies in the login's answer itself (``flat``) or under its ``data`` (``wrapped``)."""

    refuse_with: str = field(default="http", validator=in_(("http", "code")))
    """Whether a refused document is told by the HTTP status (``http``) or by ``code`` inside an HTTP 200 (``code``)."""

    token_lifetime: float = field(default=3600.0, validator=ge(0))
    """Seconds from login until a token is answered with 401; counts for tokens already given out too."""

    lock_after: int = field(default=5, validator=ge(1))
    """Wrong logins in a row after which an account is locked."""

    max_rps: float = field(default=0.0, validator=ge(0))
    """Document calls a second above which 429 is answered; 0 is no limit."""

    retry_after_form: str = field(default="seconds", validator=in_(("seconds", "date")))
    """How the Retry-After of a 429 above ``max_rps`` is written: ``seconds`` or an HTTP ``date``."""

    delay_ms: float = field(default=0.0, validator=ge(0))
    """Milliseconds every answer is held back; the document is stored before."""

    jitter_ms: float = field(default=0.0, validator=ge(0))
    """Up to so many random milliseconds on top of ``delay_ms``."""
