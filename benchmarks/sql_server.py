"""The practice SQL Server in a process of its own that counts the batches it receives: round trips, seen by the server.

Whoever connects to the counter's port is sent the number and is hung up on.
"""

import argparse
import signal
import socketserver
import threading

from attrs import define, field

from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sandbox.sqlserver.packets import PacketStream
from pharmasync.sandbox.sqlserver.sessions import Session

HOST = "127.0.0.1"


@define
class Counter:
    """Counts, from many threads."""

    value: int = 0
    _guard: threading.Lock = field(factory=threading.Lock)

    def up(self) -> None:
        """One more."""
        with self._guard:
            self.value += 1


@define
class CountedSession(Session):
    """A session that counts its batches."""

    batches: Counter

    def run(self, text: str) -> bytes:
        """Counts a batch and runs it."""
        self.batches.up()
        return super().run(text)


@define(eq=False)
class CountingSQLServer(PracticeSQLServer):
    """The practice server whose sessions count."""

    batches: Counter = field(factory=Counter, kw_only=True)

    def _log_in(self, stream: PacketStream) -> Session | None:
        session = super()._log_in(stream)
        if session is None:
            return None
        return CountedSession(session.databases, session.database, session.wait, self.deadlocks, self.batches)


def serve_counter(counter: Counter, port: int) -> socketserver.TCPServer:
    """Tells the count to whoever connects to ``port``."""

    class Tell(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(str(counter.value).encode())

    socketserver.TCPServer.allow_reuse_address = True
    server = socketserver.TCPServer((HOST, port), Tell)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    """Reads the arguments and serves until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sql_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--counter-port", type=int, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--database", required=True)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))
    with (
        CountingSQLServer(HOST, given.port, given.user, given.password, (given.database,)) as server,
        serve_counter(server.batches, given.counter_port) as counter,
    ):
        signal.sigwait((signal.SIGTERM,))
        counter.shutdown()


if __name__ == "__main__":
    main()
