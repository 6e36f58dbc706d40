"""What a broken call means, against real sockets: only a request that surely never left may count as unsent."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from pharmasync.errors import (
    LostAnswerError,
    NetworkTroubleError,
    UncertainError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.http import Request
from pharmasync.national.transport import LARGEST_ANSWER, Transport

pytestmark = pytest.mark.integration

POST = Request(method="POST", path="/documents", body=b'{"a":1}', headers={"Authorization": "bearer t"}, writes=True)
GET = Request(method="GET", path="/documents/1")


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


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], OneShotServer]]:
    servers: list[OneShotServer] = []

    def start(reply: Callable[[socket.socket], None]) -> OneShotServer:
        servers.append(OneShotServer(reply))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def transport(url: str, *, read_timeout: float = 5.0) -> Transport:
    return Transport(url, connect_timeout=2.0, read_timeout=read_timeout)


def say(text: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(text)


def test_an_answer_comes_back_whole(serve: Callable[..., OneShotServer]) -> None:
    head = b"HTTP/1.1 429 Slow\r\nContent-Type: Text/HTML\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n"
    response = transport(serve(say(head + b"{}")).url)(POST)
    assert (response.status, response.body, response.content_type, response.retry_after) == (429, b"{}", "text/html", 7)


def test_a_refused_connection_was_never_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError):
        transport(f"http://127.0.0.1:{port}")(POST)


def test_an_unknown_host_was_never_sent() -> None:
    with pytest.raises(UnreachableError):
        transport("http://national.invalid")(POST)


def test_a_failed_tls_handshake_cannot_be_told_from_a_broken_answer(serve: Callable[..., OneShotServer]) -> None:
    server = serve(say(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    with pytest.raises(UncertainError):
        transport(server.url.replace("http://", "https://"))(POST)


def test_a_connection_cut_after_the_request_is_a_lost_answer(serve: Callable[..., OneShotServer]) -> None:
    with pytest.raises(LostAnswerError):
        transport(serve(lambda connection: connection.close()).url)(POST)


def test_silence_after_the_request_is_a_lost_answer(serve: Callable[..., OneShotServer]) -> None:
    over = threading.Event()
    server = serve(lambda _: over.wait(10) and None)
    with pytest.raises(LostAnswerError):
        transport(server.url, read_timeout=0.2)(POST)
    over.set()


def test_an_answer_cut_half_way_is_a_lost_answer(serve: Callable[..., OneShotServer]) -> None:
    with pytest.raises(LostAnswerError):
        transport(serve(say(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code"')).url)(POST)


def test_bytes_that_are_no_http_are_a_lost_answer(serve: Callable[..., OneShotServer]) -> None:
    with pytest.raises(LostAnswerError):
        transport(serve(say(b"\x00\xff nonsense\r\n\r\n")).url)(POST)


def test_a_lost_answer_of_a_call_that_only_reads_is_network_trouble(serve: Callable[..., OneShotServer]) -> None:
    with pytest.raises(NetworkTroubleError) as caught:
        transport(serve(lambda connection: connection.close()).url)(GET)
    assert not isinstance(caught.value, UnreachableError)


@pytest.mark.parametrize(("request_", "error"), [(POST, UnreadableAnswerError), (GET, NetworkTroubleError)])
def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(
    serve: Callable[..., OneShotServer], request_: Request, error: type[Exception]
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"
    server = serve(say(head + b"x" * (LARGEST_ANSWER + 100_000)))
    with pytest.raises(error):
        transport(server.url)(request_)


def test_a_redirect_is_not_followed(serve: Callable[..., OneShotServer]) -> None:
    elsewhere = serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    head = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n"
    assert transport(serve(say(head.encode())).url)(POST).status == 307
    assert elsewhere.heard == []


def test_a_netrc_does_not_replace_the_token(
    serve: Callable[..., OneShotServer], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="ascii") as file:  # noqa: PTH123 - one line for one file
        file.write("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", netrc)
    server = serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    transport(server.url)(POST)
    assert b"Authorization: bearer t\r\n" in server.heard[0]


def test_the_error_tells_no_token_and_no_address(serve: Callable[..., OneShotServer]) -> None:
    server = serve(lambda connection: connection.close())
    with pytest.raises(LostAnswerError) as caught:
        transport(server.url)(POST)
    assert "bearer" not in str(caught.value)
    assert str(server.port) not in str(caught.value)


def test_each_thread_has_a_session_of_its_own(serve: Callable[..., OneShotServer]) -> None:
    shared = transport(serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).url)
    sessions: list[object] = []
    threads = [threading.Thread(target=lambda: sessions.append(shared._session())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(session) for session in sessions}) == 3
