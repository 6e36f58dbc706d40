"""A tap before a SQL Server that is not ours: it passes on what is said, and counts the round trips.

A round trip begins where the client speaks after the server did. So it is counted whatever the server is, encrypted or
not; making a connection counts as the two or three that it takes.
"""

import argparse
import signal
import socket
import socketserver
import threading
from contextlib import suppress

from attrs import define, field

from benchmarks.counter import Counter, serve_counter
from pharmasync.sandbox.servers.ports import HOST

CHUNK = 65_536
CONNECT_SECONDS = 10.0


@define
class Conversation:
    """One connection, passed on.

    Attributes:
        client: Who made it.
        server: The SQL Server.
        trips: Counts its round trips with those of all others.
    """

    client: socket.socket
    server: socket.socket
    trips: Counter
    _answered: bool = field(default=True, init=False)

    def pass_on(self) -> None:
        """Passes on what either says until one of them hangs up."""
        answers = threading.Thread(target=self._pass_answers, daemon=True)
        answers.start()
        with suppress(OSError):  # either of them hung up in the middle: so does the tap
            while said := self.client.recv(CHUNK):
                if self._answered:
                    self._answered = False
                    self.trips.up()
                self.server.sendall(said)
        self._hang_up(self.server)
        answers.join()

    def _pass_answers(self) -> None:
        with suppress(OSError):  # as above
            while said := self.server.recv(CHUNK):
                self._answered = True
                self.client.sendall(said)
        self._hang_up(self.client)

    def _hang_up(self, side: socket.socket) -> None:
        with suppress(OSError):  # it did so first
            side.shutdown(socket.SHUT_RDWR)


class Tap(socketserver.ThreadingTCPServer):
    """Listens on ``port`` and passes every connection on to ``server``."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, server: tuple[str, int]) -> None:
        self.trips = trips = Counter()

        class PassOn(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(server, CONNECT_SECONDS) as there:
                    for side in (self.request, there):
                        side.settimeout(None)
                        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    Conversation(self.request, there, trips).pass_on()

        super().__init__((HOST, port), PassOn)


def main() -> None:
    """Reads the arguments and passes on until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tap", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--counter-port", type=int, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--server-port", type=int, required=True)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))
    with (
        Tap(given.port, (given.server, given.server_port)) as tap,
        serve_counter(tap.trips, given.counter_port) as counter,
    ):
        threading.Thread(target=tap.serve_forever, daemon=True).start()
        signal.sigwait((signal.SIGTERM,))
        tap.shutdown()
        counter.shutdown()


if __name__ == "__main__":
    main()
