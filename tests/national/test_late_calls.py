"""A call that comes too late is not written: its row may be another worker's by then."""

import socket
import time
from collections.abc import Callable

import pytest

from pharmasync.errors import TooLateError
from pharmasync.national.http import Request
from pharmasync.national.transport import Transport
from tests.national.one_shot_server import OneShotServer

pytestmark = pytest.mark.integration

POST = Request(method="POST", path="/documents", body=b'{"a":1}', headers={"Authorization": "bearer t"}, writes=True)
LARGE = Request(method="POST", path="/documents", body=b"a" * 16_000_000, writes=True)
"""More than a connection takes at once."""


def transport(url: str) -> Transport:
    return Transport(url, connect_timeout=2.0, read_timeout=5.0, total_timeout=60.0)


def answer(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


class Passing:
    """A moment that has not come when a connection is made and when it is written, and is over after that."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return time.monotonic() + (60.0 if self.asked <= 2 else -1.0)


def over() -> float:
    return time.monotonic() - 1.0


def test_a_call_whose_time_is_over_is_not_written(serve: Callable[..., OneShotServer]) -> None:
    server = serve(answer)
    with pytest.raises(TooLateError, match="not sent"):
        transport(server.url)(POST, over)
    assert b"".join(server.heard) == b""


def test_a_call_that_comes_too_late_to_be_written_is_not_written(serve: Callable[..., OneShotServer]) -> None:
    """As that of a process which was frozen between its last look at its lease and the call, and goes on now."""
    server = serve(answer)
    with pytest.raises(TooLateError):
        transport(server.url)(POST, write_by=over)
    assert b"".join(server.heard) == b""


def test_the_last_look_is_taken_before_all_of_the_call_and_never_within_it(
    serve: Callable[..., OneShotServer],
) -> None:
    server = serve(answer)
    look = Passing()
    assert transport(server.url)(POST, write_by=look).status == 200
    assert look.asked == 2
    (heard,) = server.heard
    assert heard.endswith(b'\r\n\r\n{"a":1}')


def test_nothing_is_waited_for_between_the_last_look_and_the_write(serve: Callable[..., OneShotServer]) -> None:
    """A socket with a time-out waits for poll(), and for its thread's turn after that, before it writes anything."""
    call = transport(serve(answer).url)
    time_outs: list[float | None] = []

    def look() -> float:
        connection = call._adapter().line.connection
        time_outs.append(None if connection is None else connection.gettimeout())
        return time.monotonic() + 60.0

    assert call(POST, write_by=look).status == 200
    assert time_outs[-1] == 0.0


def test_the_answer_is_waited_for_with_the_time_out_all_the_same(serve: Callable[..., OneShotServer]) -> None:
    call = transport(serve(answer).url)
    assert call(POST).status == 200
    connection = call._adapter().line.connection
    assert connection is not None
    assert connection.gettimeout() == 5.0


def test_a_call_that_is_too_late_with_its_last_piece_is_never_whole(serve: Callable[..., OneShotServer]) -> None:
    server = serve(answer)
    call = transport(server.url)
    with pytest.raises(TooLateError):
        call(LARGE, write_by=Passing())
    assert call(POST).status == 200
    in_part, _ = server.heard
    assert len(in_part) < len(LARGE.body or b"")


def test_a_call_in_many_pieces_is_whole(serve: Callable[..., OneShotServer]) -> None:
    server = serve(answer)
    assert transport(server.url)(LARGE).status == 200
    (heard,) = server.heard
    assert heard.endswith(b"\r\n\r\n" + (LARGE.body or b""))


def test_the_call_after_one_that_came_too_late_is_whole(serve: Callable[..., OneShotServer]) -> None:
    server = serve(answer)
    call = transport(server.url)
    with pytest.raises(TooLateError):
        call(POST, write_by=over)
    assert call(POST).status == 200
    assert b"".join(server.heard).endswith(b'\r\n\r\n{"a":1}')
