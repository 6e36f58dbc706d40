"""A count that another process may ask for: whoever connects to its port is sent the number and is hung up on."""

import socket
import socketserver
import threading

from attrs import define, field

from pharmasync.sandbox.servers.ports import HOST


@define
class Counter:
    """Counts, from many threads."""

    value: int = 0
    _guard: threading.Lock = field(factory=threading.Lock)

    def up(self) -> None:
        """One more."""
        with self._guard:
            self.value += 1


def serve_counter(counter: Counter, port: int) -> socketserver.TCPServer:
    """Tells the count to whoever connects to ``port``."""

    class Tell(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(str(counter.value).encode())

    socketserver.TCPServer.allow_reuse_address = True
    server = socketserver.TCPServer((HOST, port), Tell)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def read_counter(port: int) -> int:
    """The count that is served on ``port``."""
    with socket.create_connection((HOST, port), timeout=5.0) as connection:
        return int(connection.recv(64))
