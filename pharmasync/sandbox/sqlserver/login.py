"""The beginning of a connection: PRELOGIN and LOGIN7."""

import struct

from attrs import frozen

from pharmasync.sandbox.sqlserver.errors import ProtocolError
from pharmasync.sandbox.sqlserver.packets import DEFAULT_PACKET, LARGEST_PACKET, SMALLEST_PACKET

PRELOGIN_ANSWER = bytes.fromhex(
    "00001a0006"  # version, at byte 26, six bytes long
    "0100200001"  # encryption
    "0200210001"  # instance
    "0300220000"  # thread
    "0400220001"  # several results at once
    "ff"
    "0f0000000000"  # version 15
    "02"  # no encryption
    "00"  # no instance
    "00"  # one result at a time
)
"""What this server can do, whatever the client asks for."""

PACKET_SIZE_AT = 8
USER_AT = 40
PASSWORD_AT = 44
DATABASE_AT = 68
FIXED_BYTES = 94
SCRAMBLE = 0xA5


@frozen
class Login:
    """What a client logs in with."""

    user: str
    password: str
    database: str
    packet_size: int


def read_login(body: bytes) -> Login:
    """A LOGIN7 message.

    Raises:
        ProtocolError: It is too short, or points outside itself.
    """
    if len(body) < FIXED_BYTES:
        raise ProtocolError("a login that is too short")
    requested = struct.unpack_from("<I", body, PACKET_SIZE_AT)[0] or DEFAULT_PACKET
    return Login(
        user=_text(_field(body, USER_AT)),
        password=_text(_unscrambled(_field(body, PASSWORD_AT))),
        database=_text(_field(body, DATABASE_AT)),
        packet_size=max(SMALLEST_PACKET, min(requested, LARGEST_PACKET)),
    )


def _field(body: bytes, at: int) -> bytes:
    start, characters = struct.unpack_from("<HH", body, at)
    if start + 2 * characters > len(body):
        raise ProtocolError("a login that points outside itself")
    return body[start : start + 2 * characters]


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-16-le", "replace")


def _unscrambled(scrambled: bytes) -> bytes:
    """A password is sent with each byte's halves swapped and then XORed: no secret, only unreadable at a glance."""
    plain = (byte ^ SCRAMBLE for byte in scrambled)
    return bytes((byte >> 4) | (byte & 0x0F) << 4 for byte in plain)
