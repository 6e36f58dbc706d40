"""The server: it listens, and a thread for each connection logs the client in and runs its batches."""

import contextlib
import hmac
import select
import socket
import struct
import threading
from types import TracebackType
from typing import Self

from attrs import define, field

from pharmasync.sandbox.sqlserver.database import Databases
from pharmasync.sandbox.sqlserver.deadlocks import Deadlocks
from pharmasync.sandbox.sqlserver.errors import ProtocolError, SQLServerError, refused
from pharmasync.sandbox.sqlserver.login import PRELOGIN_ANSWER, Login, read_login
from pharmasync.sandbox.sqlserver.packets import LARGEST_MESSAGE, PacketStream, PacketType
from pharmasync.sandbox.sqlserver.sessions import CancelledError, Session
from pharmasync.sandbox.sqlserver.tokens import (
    DONE_ATTENTION,
    DONE_ERROR,
    database_changed,
    done,
    error,
    login_accepted,
)

LOGIN_SECONDS = 15
STOP_SECONDS = 5


@define(eq=False)
class PracticeSQLServer:
    """A practice SQL Server on a port of its own, for tests and demonstrations.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.
        user: The one login's name.
        password: The one login's password.
        databases: The databases that are there from the start, all empty.
        deadlocks: Chooses the victims of deadlocks; none unless told otherwise.
    """

    host: str = "127.0.0.1"
    port: int = 0
    user: str = "sa"
    password: str = field(default="Practice-1", repr=False)
    databases: tuple[str, ...] = ("pharmacy",)
    deadlocks: Deadlocks = field(factory=Deadlocks)
    _kept: Databases = field(factory=Databases, init=False)
    _started_before: bool = field(default=False, init=False)
    _listener: socket.socket | None = field(default=None, init=False)
    _accepting: threading.Thread | None = field(default=None, init=False)
    _connections: dict[socket.socket, threading.Thread] = field(factory=dict, init=False)
    _guard: threading.Lock = field(factory=threading.Lock, init=False)

    @property
    def address(self) -> str:
        """Where it listens, as host:port."""
        return f"{self.host}:{self.port}"

    def start(self) -> Self:
        """Listens; `port` is the real one from now on.

        Raises:
            OSError: The port is taken.
        """
        self._listener = socket.create_server((self.host, self.port))
        self.port = self._listener.getsockname()[1]
        if not self._started_before:
            for name in self.databases:
                self._kept.create(name)
        self._started_before = True
        self._accepting = threading.Thread(
            target=self._accept, args=(self._listener,), name="practice-sql", daemon=True
        )
        self._accepting.start()
        return self

    def stop(self) -> None:
        """Closes every connection; the databases are there again after the next start."""
        if self._listener is None or self._accepting is None:
            return
        listener, self._listener = self._listener, None
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self._accepting.join(STOP_SECONDS)
        with self._guard:
            connections = list(self._connections.items())
        for connection, _ in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in connections:
            thread.join(STOP_SECONDS)

    def close(self) -> None:
        """Stops, and forgets every database."""
        self.stop()
        self._kept.close()
        self._started_before = False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), name="practice-sql-client", daemon=True)
            with self._guard:
                self._connections[connection] = thread
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        """One connection from its first byte to its last; whatever the client sends, only this connection ends."""
        try:
            with connection, contextlib.suppress(ProtocolError, OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = PacketStream(connection)
                session = self._log_in(stream)
                if session is not None:
                    stream.largest_message = LARGEST_MESSAGE
                    _run_batches(stream, session)
        finally:
            with self._guard:
                self._connections.pop(connection, None)

    def _log_in(self, stream: PacketStream) -> Session | None:
        message = stream.read(LOGIN_SECONDS)
        if message is not None and message[0] is PacketType.PRELOGIN:
            stream.write(PRELOGIN_ANSWER)
            message = stream.read(LOGIN_SECONDS)
        if message is None or message[0] is not PacketType.LOGIN7:
            return None
        login = read_login(message[1])
        try:
            name = self._admitted(login)
        except SQLServerError as failure:
            stream.write(error(failure) + done(DONE_ERROR))
            return None
        stream.write(database_changed(name, "master") + login_accepted(login.packet_size) + done())
        stream.packet_size = login.packet_size
        return Session(self._kept, name, lambda seconds: _readable(stream.connection, seconds), self.deadlocks)

    def _admitted(self, login: Login) -> str:
        """The database that a login begins with."""
        known = hmac.compare_digest(login.password.encode(), self.password.encode())
        if not known or login.user.lower() != self.user.lower():
            raise SQLServerError(18456, f"Login failed for user '{login.user}'.")
        try:
            return self._kept.open(login.database or self.databases[0]).name
        except SQLServerError:
            text = f'Cannot open database "{login.database}" requested by the login. The login failed.'
            raise SQLServerError(4060, text) from None


def _run_batches(stream: PacketStream, session: Session) -> None:
    while (message := stream.read()) is not None:
        answer = _answer(*message, session)
        if answer:
            stream.write(answer)


def _answer(kind: PacketType, body: bytes, session: Session) -> bytes:
    if kind is PacketType.ATTENTION:
        return done(DONE_ATTENTION)
    if kind is not PacketType.SQL_BATCH:
        return error(refused(f"a message of type {kind.name}", "")) + done(DONE_ERROR)
    try:
        return session.run(_batch_text(body))
    except CancelledError:
        # The attention is still unread: it is the next message, and its answer ends the batch.
        return b""


def _batch_text(body: bytes) -> str:
    """The text of an SQL batch, behind its headers.

    Raises:
        ProtocolError: The headers are longer than the message.
    """
    headers = struct.unpack_from("<I", body)[0] if len(body) >= struct.calcsize("<I") else len(body) + 1
    if headers > len(body):
        raise ProtocolError("headers that are longer than their batch")
    return body[headers:].decode("utf-16-le", "replace")


def _readable(connection: socket.socket, seconds: float) -> bool:
    """Waits; True as soon as the client sends something, which can only be an attention, or hangs up."""
    readable, _, _ = select.select([connection], [], [], seconds)
    return bool(readable)
