"""One call and its answer, as values; what carries them is ``transport``, what they mean is an adapter's business."""

import json
from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import field, frozen

FIRST_REFUSAL = 400
FIRST_SERVER_ERROR = 500

BEFORE_A_BODY = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a body's first character: a byte order mark and blanks."""


@frozen(kw_only=True)
class Request:
    """A call to be made.

    Attributes:
        method: The HTTP method.
        path: The path below the API's base address.
        body: JSON in UTF-8, or None.
        headers: More headers; never printed, since they carry the token.
        writes: Whether the call changes something, so that a lost answer leaves it uncertain.
    """

    method: str
    path: str
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    writes: bool = False


@frozen(kw_only=True)
class Response:
    """An answer that arrived whole.

    Attributes:
        status: The HTTP status.
        body: Its bytes.
        content_type: The header, in lower case, "" where there is none.
        retry_after: Seconds the server asked to wait, where it did.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    retry_after: float | None = None

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people, and so no answer of the API.

        What a body is goes before what it is called: Flask and PHP call JSON text/html unless they are told otherwise.
        """
        if self.body.lstrip(BEFORE_A_BODY).startswith(b"<"):
            return True
        return "html" in self.content_type and not self._is_json()

    def json(self) -> object:
        """The value of a body that is JSON.

        Bytes that are no UTF-8 are replaced: an API that cannot write its own words may still have stored a document.

        Raises:
            ValueError: It is no JSON.
        """
        body = self.body.lstrip(BEFORE_A_BODY)
        try:
            try:
                value: object = json.loads(body)
            except UnicodeDecodeError:
                value = json.loads(body.decode("utf-8", "replace"))
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return value

    def _is_json(self) -> bool:
        try:
            self.json()
        except ValueError:
            return False
        return True


Call = Callable[[Request], Response]
"""Makes a call; raises the transport's errors."""

Until = Callable[[], float]
"""The moment, on the monotonic clock, after which a call must not go on; asked again and again, since it may move."""


class Carrier(Protocol):
    """Carries calls, as the transport does."""

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        """The answer; raises the transport's errors.

        Args:
            request: The call.
            until: The moment after which it must not go on.
            write_by: The moment after which nothing of it must be written any more; looked at with the write itself.
        """


@frozen
class Permit:
    """What whoever sends a document allows its calls.

    Attributes:
        before_writing: Called before each call that may store the document, repeats included, once the limits let it
            through; may raise to prevent it.
        until: The moment after which no call may go on; None leaves it to the transport.
        write_by: The moment after which no call that may store the document may be written; None is no such moment.
        may_create: Whether a document that is not stored may be; else it is only found out whether it is.
    """

    before_writing: Callable[[], None] = lambda: None
    until: Until | None = None
    write_by: Until | None = None
    may_create: bool = True


ANYTHING = Permit()
"""Allows whatever the transport does."""
