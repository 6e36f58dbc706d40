"""A thread's connection to the national API, made so that the watch finds its socket and nothing is written too late.

A process may stand still at any point, as a virtual machine that is moved does, and go on when its lease is over and
another worker has its row. So the last look at the time is taken where the bytes are written, and not before: between
the two a thread neither waits for anything nor lets others have their turn. And head and body are one write, so that no
call is held back between the two; what does not fit into it is looked at again before it goes on.
"""

import socket
import ssl
import time
from typing import Any

from attrs import define
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import ConnectTimeoutError
from urllib3.util.wait import wait_for_read, wait_for_write

from pharmasync.national.http import Until
from pharmasync.national.watch import TimedCall


@define(eq=False)
class Line:
    """The socket of a thread's connection, and the call that is made over it."""

    connection: socket.socket | None = None
    call: TimedCall | None = None

    def timed(self, until: Until, write_by: Until | None) -> TimedCall:
        """The call that is made next."""
        self.call = TimedCall(until, write_by, connection=self.connection)
        return self.call

    def check_time(self, made: HTTPConnection) -> None:
        """The connection is made next, or the call written, all of it.

        Raises:
            ConnectTimeoutError: It is too late; nothing of it was sent.
        """
        if self.call is not None and self.call.is_too_late(time.monotonic()):
            self.call.unwritten = True
            made.close()
            raise ConnectTimeoutError(made, "it is too late to write")

    def connected(self, made: HTTPConnection) -> None:
        """A connection was made, for a call whose time may be over by now.

        Raises:
            ConnectTimeoutError: It is; nothing was sent.
        """
        self.connection = made.sock
        if self.call is not None:
            self.call.connection = made.sock
            if self.call.cut:
                made.close()
                raise ConnectTimeoutError(made, "its time is over")


class ThreadsAdapter(HTTPAdapter):
    """requests' adapter for one thread and one address: one connection, nothing repeated, no proxy."""

    def __init__(self) -> None:
        self.line = Line()
        self._pool: ConnectionPool | None = None
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Makes pools of connections that tell the line their socket."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = _pools(self.line)

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> ConnectionPool:
        """The pool of the one address that is called: looking it up for each call is a tenth of what a call costs."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*given, **named)
        return self._pool

    def request_url(self, request: PreparedRequest, proxies: object) -> str:  # noqa: ARG002 - there are none
        """What stands behind the host."""
        return request.path_url


def _write(whole: bytearray, made: HTTPConnection, line: Line) -> None:
    """Writes all of a call, no piece of it too late.

    A socket with a time-out waits for poll() before it writes, and then for its thread's turn: for milliseconds, in a
    busy process. One that does not block is written to right after the look.
    """
    sock, left = made.sock, memoryview(whole)
    patience = sock.gettimeout()
    sock.settimeout(0)
    while left:
        line.check_time(made)
        try:
            left = left[sock.send(left) :]
        except (BlockingIOError, ssl.SSLWantWriteError):
            _until(wait_for_write(sock, patience))
        except ssl.SSLWantReadError:  # TLS has something to say first
            _until(wait_for_read(sock, patience))
    sock.settimeout(patience)


def _until(is_ready: bool) -> None:  # noqa: FBT001 - what the wait gave
    if not is_ready:
        raise TimeoutError("the write timed out")


def _pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    class Connection(HTTPConnection):
        held: bytearray | None = None
        """What of a call is to be written, as long as it is not whole."""

        def connect(self) -> None:
            line.check_time(self)
            super().connect()
            line.connected(self)

        def request(self, *given: Any, **named: Any) -> None:
            self.held = whole = bytearray()
            try:
                super().request(*given, **named)
            finally:
                self.held = None
            if self.sock is None:
                self.connect()
            _write(whole, self, line)

        def send(self, data: Any) -> None:
            if self.held is None:
                super().send(data)
            else:
                self.held += data

    class SecureConnection(Connection, HTTPSConnection):
        """The same with TLS."""

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}
