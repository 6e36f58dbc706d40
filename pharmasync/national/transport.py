"""HTTP with requests: one connection a thread, bounded waits, bounded answers, and what a broken call means."""

import math
import threading
import time
from datetime import UTC, datetime

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from pharmasync.closing import ClosingTime
from pharmasync.decisions.pauses import retry_after_seconds
from pharmasync.errors import (
    DeliveryError,
    LostAnswerError,
    NetworkTroubleError,
    TooLateError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.connections import ThreadsAdapter
from pharmasync.national.http import Request, Response, Until
from pharmasync.national.watch import Watch
from pharmasync.words import Words

LARGEST_ANSWER = 1_000_000
CHUNK = 65_536
HEADERS = {"User-Agent": "pharmasync", "Accept-Encoding": "gzip, deflate"}

LEAST_TIMEOUT = 0.1
"""No socket takes zero; a call that comes after closing time is refused before it connects."""

FIRST_FINAL = 200
"""What is below is an interim answer (RFC 9110, 15.2), behind which the final one is still to come."""

TOOK_TOO_LONG = "it took too long"
ONLY_INTERIM = "an interim answer came, whose final one cannot be waited for"
NO_GOOD_CERTIFICATE = "its certificate cannot be verified"

NEVER_CONNECTED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
)


class Transport:
    """Carries calls to one base address.

    A connection is used by one thread alone: threads that shared some closed each other's sockets around keep-alive
    expiry. requests' adapter is used without its Session, which costs as much again and does what must not be done
    here: it reads the environment (a .netrc would replace the token), follows redirects (the token must not travel to
    another host) and keeps cookies. Nothing is repeated.

    Args:
        base_url: The API's address without a slash at the end.
        connect_timeout: Seconds to make a connection.
        read_timeout: Seconds of silence while the answer is awaited.
        total_timeout: Seconds that a call may take in all.
        closing: When the process stops; no call goes on after that.
    """

    def __init__(
        self,
        base_url: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        total_timeout: float,
        closing: ClosingTime | None = None,
    ) -> None:
        self._base_url = base_url
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._total = total_timeout
        self._closing = closing or ClosingTime()
        self._watch = Watch()
        self._local = threading.local()

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        """The answer to the call.

        Args:
            request: The call.
            until: The moment after which it must not go on, if that is before its time is over anyway.
            write_by: The moment after which nothing of it must be written any more.

        Raises:
            UnreachableError: No connection was made: nothing was sent.
            TooLateError: It was too late to write: nothing was sent.
            LostAnswerError: It broke off after that, or only an interim answer came, and the call changes something.
            NetworkTroubleError: The same, and the call only reads.
            UnreadableAnswerError: The answer is larger than 1 MB.
        """
        over = time.monotonic() + self._total
        adapter = self._adapter()
        call = adapter.line.timed(
            lambda: min(over, self._closing.moment, math.inf if until is None else until()), write_by
        )
        prepared = self._prepared(request)
        try:
            with self._watch.over(call), adapter.send(prepared, stream=True, timeout=self._timeouts()) as response:
                answer = _read(response, request)
        except requests.RequestException as error:
            if call.unwritten:
                raise TooLateError(Words("chưa gửi: đã quá giờ", "not sent: it was too late")) from error
            raise _meaning(error, request, cut=call.cut) from error
        if call.cut:  # an answer without a length ends where its connection does
            raise _broken_off(request, TOOK_TOO_LONG)
        return answer

    def _timeouts(self) -> tuple[float, float]:
        """For the connection, which the watch cannot cut before it is made, and for each silence after that."""
        left = self._closing.moment - time.monotonic()
        return min(self._connect_timeout, max(LEAST_TIMEOUT, left)), self._read_timeout

    def _adapter(self) -> ThreadsAdapter:
        adapter: ThreadsAdapter | None = getattr(self._local, "adapter", None)
        if adapter is None:
            adapter = self._local.adapter = ThreadsAdapter()
        return adapter

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        """The request as the adapter takes it; its path is quoted already, and its body is bytes."""
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = self._base_url + request.path
        prepared.headers = CaseInsensitiveDict({**HEADERS, **request.headers})
        if request.body is not None:
            prepared.body = request.body
            prepared.headers["Content-Length"] = str(len(request.body))
        return prepared


def _read(response: requests.Response, request: Request) -> Response:
    """The answer; whoever raises here leaves the body unread, so that the connection is closed.

    http.client takes an interim answer other than 100 for the final one. On a connection that was kept, each later call
    would get the answer to the one before it, and with it another document's national id.
    """
    if response.status_code < FIRST_FINAL:
        raise _broken_off(request, ONLY_INTERIM)
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


def _meaning(error: requests.RequestException, request: Request, *, cut: bool) -> DeliveryError:
    why = TOOK_TOO_LONG if cut else _why(error)
    if _never_connected(error):
        return UnreachableError(
            Words(f"không kết nối được máy chủ quốc gia ({why})", f"the national server cannot be reached ({why})")
        )
    return _broken_off(request, why)


def _broken_off(request: Request, why: str) -> DeliveryError:
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
    return isinstance(reason, NEVER_CONNECTED) or _has_no_good_certificate(error)


def _has_no_good_certificate(error: requests.RequestException) -> bool:
    return isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)


def _why(error: requests.RequestException) -> str:
    """The innermost cause by its class, since its text may hold addresses and header values."""
    if _has_no_good_certificate(error):
        return NO_GOOD_CERTIFICATE
    cause: object = error.args[0] if error.args else error
    cause = getattr(cause, "reason", None) or cause
    return type(cause).__name__
