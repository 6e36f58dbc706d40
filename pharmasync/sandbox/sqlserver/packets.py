"""TDS packets: messages are cut into packets of the negotiated size, each with an eight-byte header."""

import socket
import struct
from enum import IntEnum

from attrs import define

from pharmasync.sandbox.sqlserver.errors import ProtocolError

HEADER_BYTES = 8
LAST_PACKET = 0x01
SMALLEST_PACKET = 512
DEFAULT_PACKET = 4096
LARGEST_PACKET = 32767
LARGEST_LOGIN = 128 * 1024
LARGEST_MESSAGE = 64 * 1024 * 1024
REST_SECONDS = 15
"""How long the rest of a message may take, once it has begun."""

WRITE_SECONDS = 60
"""How long a client may take to read an answer."""


class PacketType(IntEnum):
    """What a message is."""

    SQL_BATCH = 0x01
    RPC = 0x03
    TABULAR_RESULT = 0x04
    ATTENTION = 0x06
    LOGIN7 = 0x10
    PRELOGIN = 0x12


@define
class PacketStream:
    """Reads and writes messages on a connection.

    Args:
        connection: The client's socket.
        packet_size: Bytes of a whole packet that is written, header included.
        largest_message: Bytes of a message that is read before the client counts as broken.
    """

    connection: socket.socket
    packet_size: int = DEFAULT_PACKET
    largest_message: int = LARGEST_LOGIN

    def read(self, seconds: float | None = None) -> tuple[PacketType, bytes] | None:
        """The client's next message and what it is, or None when it has hung up.

        Args:
            seconds: How long to wait for its first byte; None waits for ever.

        Raises:
            ProtocolError: The bytes are not TDS, the message is too large, or it breaks off in the middle.
            OSError: The client is too slow, or the connection broke.
        """
        self.connection.settimeout(seconds)
        first = self.connection.recv(1)
        if not first:
            return None
        self.connection.settimeout(REST_SECONDS)
        header = first + self._read_part(HEADER_BYTES - 1)
        kind = _packet_type(header[0])
        parts: list[bytes] = []
        size = 0
        while True:
            length = struct.unpack_from(">H", header, 2)[0] - HEADER_BYTES
            last = header[1] & LAST_PACKET
            size += length
            if length < 0 or size > self.largest_message or (length == 0 and not last):
                raise ProtocolError("a packet of a wrong size")
            parts.append(self._read_part(length))
            if last:
                return kind, b"".join(parts)
            header = self._read_part(HEADER_BYTES)
            if header[0] != kind:
                raise ProtocolError("a message of mixed packet types")

    def write(self, body: bytes) -> None:
        """Sends an answer, cut into packets."""
        room = self.packet_size - HEADER_BYTES
        packets = bytearray()
        for number, start in enumerate(range(0, max(len(body), 1), room), start=1):
            part = body[start : start + room]
            status = LAST_PACKET if start + room >= len(body) else 0
            packets += struct.pack(
                ">BBHHBB", PacketType.TABULAR_RESULT, status, len(part) + HEADER_BYTES, 0, number & 0xFF, 0
            )
            packets += part
        self.connection.settimeout(WRITE_SECONDS)
        self.connection.sendall(packets)

    def _read_part(self, count: int) -> bytes:
        """That many bytes."""
        parts = bytearray()
        while len(parts) < count:
            part = self.connection.recv(count - len(parts))
            if not part:
                raise ProtocolError("the message breaks off")
            parts += part
        return bytes(parts)


def _packet_type(value: int) -> PacketType:
    try:
        return PacketType(value)
    except ValueError:
        raise ProtocolError(f"an unknown packet type {value:#04x}") from None
