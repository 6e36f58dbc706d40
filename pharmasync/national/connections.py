"""A thread's connection to the national API, made so that the watch finds its socket."""

import socket
from typing import Any

from attrs import define
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from pharmasync.national.http import Until
from pharmasync.national.watch import TimedCall


@define(eq=False)
class Line:
    """The socket of a thread's connection, and the call that is made over it."""

    connection: socket.socket | None = None
    call: TimedCall | None = None

    def timed(self, until: Until) -> TimedCall:
        """The call that is made next."""
        self.call = TimedCall(until, connection=self.connection)
        return self.call

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
    """requests' adapter for one thread: one connection, nothing repeated."""

    def __init__(self) -> None:
        self.line = Line()
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Makes pools of connections that tell the line their socket."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = _pools(self.line)


def _pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    class Connection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            line.connected(self)

    class SecureConnection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            line.connected(self)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}
