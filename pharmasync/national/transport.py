"""HTTP with requests: one session a thread, bounded waits, bounded answers, and what a broken call means."""

import threading
from datetime import UTC, datetime

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from pharmasync.decisions.pauses import retry_after_seconds
from pharmasync.errors import (
    DeliveryError,
    LostAnswerError,
    NetworkTroubleError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.http import Request, Response
from pharmasync.words import Words

LARGEST_ANSWER = 1_000_000
CHUNK = 65_536

NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
)


class Transport:
    """Carries calls to one base address.

    A session is used by one thread alone: threads that shared one closed each other's sockets around keep-alive expiry.
    Nothing is read from the environment (a .netrc would replace the token), redirects are not followed (the token must
    not travel to another host), and requests repeats nothing by itself.

    Args:
        base_url: The API's address without a slash at the end.
        connect_timeout: Seconds to make a connection.
        read_timeout: Seconds of silence while the answer is awaited.
    """

    def __init__(self, base_url: str, *, connect_timeout: float, read_timeout: float) -> None:
        self._base_url = base_url
        self._timeout = (connect_timeout, read_timeout)
        self._local = threading.local()

    def __call__(self, request: Request) -> Response:
        """The answer to the call.

        Raises:
            UnreachableError: No connection was made: nothing was sent.
            LostAnswerError: It broke off after that, and the call changes something.
            NetworkTroubleError: It broke off, and the call only reads.
            UnreadableAnswerError: The answer is larger than 1 MB.
        """
        try:
            with self._session().request(
                request.method,
                self._base_url + request.path,
                data=request.body,
                headers=dict(request.headers),
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, request)
        except requests.RequestException as error:
            raise _meaning(error, request) from error

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0))
        return session


def _read(response: requests.Response, request: Request) -> Response:
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            error = UnreadableAnswerError if request.writes else NetworkTroubleError
            raise error(
                Words("câu trả lời dài hơn 1 MB", "an answer of more than 1 MB"), http_status=response.status_code
            )
    return Response(
        status=response.status_code,
        body=bytes(body),
        content_type=response.headers.get("Content-Type", "").lower(),
        retry_after=retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC)),
    )


def _meaning(error: requests.RequestException, request: Request) -> DeliveryError:
    why = _why(error)
    if _never_connected(error):
        return UnreachableError(
            Words(f"không kết nối được máy chủ quốc gia ({why})", f"the national server cannot be reached ({why})")
        )
    if not request.writes:
        return NetworkTroubleError(
            Words(f"máy chủ quốc gia không trả lời ({why})", f"the national server did not answer ({why})")
        )
    return LostAnswerError(
        Words(f"đã gửi nhưng không nhận được trả lời ({why})", f"sent, and the answer was lost ({why})")
    )


def _never_connected(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    return isinstance(reason, NEVER_CONNECTED)


def _why(error: requests.RequestException) -> str:
    """The innermost cause by its class, since its text may hold addresses and header values."""
    cause: object = error.args[0] if error.args else error
    cause = getattr(cause, "reason", None) or cause
    return type(cause).__name__
