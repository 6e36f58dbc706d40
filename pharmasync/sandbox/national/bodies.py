"""The bodies of calls as they arrive."""

from aiohttp import web

from pharmasync.sandbox.national.refusal import RefusedError

LARGEST_BODY_BYTES = 1_000_000
"""Above it a call is answered with 413."""


async def read_body(request: web.Request) -> bytes:
    """Return the body of a call.

    Raises:
        RefusedError: It is larger than ``LARGEST_BODY_BYTES``.
    """
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise RefusedError(413, "Dữ liệu gửi lên quá lớn", http_status=413) from error
