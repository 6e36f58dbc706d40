"""A server that hears one request a connection and answers it as a test says, against real sockets."""

import re
import socket
import threading
from collections.abc import Callable


class OneShotServer:
    """Answers each connection with what ``reply`` writes after the request's head arrived, and keeps what it heard."""

    def __init__(self, reply: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._reply = reply
        self.heard: list[bytes] = []
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            with connection:
                self.heard.append(_whole_request(connection))
                try:
                    self._reply(connection)
                except OSError:  # the client hung up first, as some tests want it to
                    continue


def _whole_request(connection: socket.socket) -> bytes:
    """The head and the body; a server that closed with some of it unread would reset the connection."""
    heard = b""
    while part := connection.recv(65_536):
        heard += part
        head, _, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if b"\r\n\r\n" in heard and len(body) >= (int(length[1]) if length else 0):
            break
    return heard
