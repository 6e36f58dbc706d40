"""What a broken call means, against real sockets: only a request that surely never left may count as unsent."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest

from pharmasync.closing import ClosingTime
from pharmasync.errors import (
    LostAnswerError,
    NetworkTroubleError,
    TooLateError,
    UncertainError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.connections import ThreadsAdapter
from pharmasync.national.http import Request
from pharmasync.national.transport import LARGEST_ANSWER, Transport
from tests.national.one_shot_server import OneShotServer

pytestmark = pytest.mark.integration

POST = Request(method="POST", path="/documents", body=b'{"a":1}', headers={"Authorization": "bearer t"}, writes=True)
GET = Request(method="GET", path="/documents/1")
HEAD = b"HTTP/1.1 200 OK\r\n"


def transport(url: str, *, read_timeout: float = 5.0, total_timeout: float = 60.0) -> Transport:
    return Transport(url, connect_timeout=2.0, read_timeout=read_timeout, total_timeout=total_timeout)


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


@pytest.mark.parametrize("status", [b"102 Processing", b"103 Early Hints", b"101 Switching Protocols"])
@pytest.mark.parametrize(("request_", "error"), [(POST, LostAnswerError), (GET, NetworkTroubleError)])
def test_an_interim_answer_is_not_the_answer_and_no_later_call_gets_the_one_that_follows_it(
    serve: Callable[..., OneShotServer], request_: Request, error: type[Exception], status: bytes
) -> None:
    def interim_and_the_answer_once_the_next_call_has_come(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n\r\n")
        if connection.recv(65_536):
            connection.sendall(HEAD + b"Content-Length: 10\r\n\r\nthe first\n")

    replies = iter([interim_and_the_answer_once_the_next_call_has_come, say(HEAD + b"Content-Length: 2\r\n\r\n{}")])

    def reply(connection: socket.socket) -> None:
        next(replies)(connection)

    carrier = transport(serve(reply).url)
    with pytest.raises(error, match="interim"):
        carrier(request_)
    assert carrier(request_).body == b"{}"


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


def test_each_thread_has_connections_of_its_own(serve: Callable[..., OneShotServer]) -> None:
    shared = transport(serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).url)
    adapters: list[object] = []
    threads = [threading.Thread(target=lambda: adapters.append(shared._adapter())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(adapter) for adapter in adapters}) == 3


def drip(start: bytes) -> Callable[[socket.socket], None]:
    """Writes ``start``, and then a byte now and again, for as long as anybody listens."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        pause = threading.Event()
        while not pause.wait(0.05):
            connection.sendall(b"x")

    return reply


@pytest.mark.parametrize(
    "start",
    [HEAD + b"X-Slow: ", HEAD + b"Content-Length: 100000\r\n\r\n", HEAD + b"\r\n", HEAD],
    ids=["in its head", "in its body", "in a body without a length", "in the next header"],
)
def test_an_answer_that_drips_is_cut_and_counts_as_lost(serve: Callable[..., OneShotServer], start: bytes) -> None:
    dripping = transport(serve(drip(start)).url, total_timeout=0.4)
    with pytest.raises(LostAnswerError, match="took too long"):
        dripping(POST)
    with pytest.raises(NetworkTroubleError, match="took too long"):
        dripping(GET)


def test_a_call_is_cut_at_the_moment_that_its_caller_names(serve: Callable[..., OneShotServer]) -> None:
    dripping = transport(serve(drip(HEAD)).url)
    began = time.monotonic()
    with pytest.raises(LostAnswerError):
        dripping(POST, lambda: began + 0.4)
    assert time.monotonic() - began < 10


def test_a_moment_that_moves_on_cuts_nothing(serve: Callable[..., OneShotServer]) -> None:
    asked = threading.Event()

    def later() -> float:
        asked.set()
        return time.monotonic() + 1

    def reply_once_it_was_asked(connection: socket.socket) -> None:
        asked.wait(10)
        connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")

    assert transport(serve(reply_once_it_was_asked).url)(POST, later).body == b"{}"


def test_a_call_after_one_that_was_cut_has_a_connection_of_its_own(serve: Callable[..., OneShotServer]) -> None:
    replies = iter([drip(HEAD), say(HEAD + b"Content-Length: 2\r\n\r\n{}")])

    def reply(connection: socket.socket) -> None:
        next(replies)(connection)

    carrier = transport(serve(reply).url, total_timeout=0.4)
    with pytest.raises(LostAnswerError):
        carrier(POST)
    assert carrier(POST).body == b"{}"


def test_no_call_goes_on_after_closing_time(serve: Callable[..., OneShotServer]) -> None:
    closing = ClosingTime()
    answering = threading.Event()

    def reply(connection: socket.socket) -> None:
        answering.set()
        drip(HEAD)(connection)

    carrier = Transport(serve(reply).url, connect_timeout=2.0, read_timeout=5.0, total_timeout=60.0, closing=closing)

    def stop() -> None:
        answering.wait(10)
        closing.announce(0.1)

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(LostAnswerError, match="took too long"):
        carrier(POST)
    stopping.join(10)


@pytest.mark.parametrize(("seconds", "longest"), [(1000.0, 7.0), (3.0, 3.0), (-1.0, 0.1)])
def test_no_connection_is_waited_for_beyond_closing_time(
    serve: Callable[..., OneShotServer], monkeypatch: pytest.MonkeyPatch, seconds: float, longest: float
) -> None:
    seen, send = list[Any](), ThreadsAdapter.send

    def watched(*given: Any, **named: Any) -> Any:
        seen.append(named["timeout"])
        return send(*given, **named)

    monkeypatch.setattr(ThreadsAdapter, "send", watched)
    closing_time, server = ClosingTime(), serve(say(HEAD + b"Content-Length: 2\r\n\r\n{}"))
    closing_time.announce(seconds)
    carrier = Transport(server.url, connect_timeout=7.0, read_timeout=5.0, total_timeout=60.0, closing=closing_time)
    with suppress(TooLateError):
        carrier(GET)
    ((connect, read),) = seen
    assert connect == pytest.approx(longest, abs=0.5)
    assert read == 5.0
