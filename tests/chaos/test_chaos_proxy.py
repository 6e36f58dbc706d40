"""The proxy passes everything until it is told otherwise, and then breaks what it is told to."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from pharmasync.sandbox.servers.ports import HOST
from tests.chaos.proxy import Fate, Proxy

pytestmark = pytest.mark.integration


class Echo:
    """A server that answers with what it gets, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self.listener = socket.create_server((HOST, 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def wait_until_it_heard(self, what: bytes) -> None:
        deadline = time.monotonic() + 5
        while self.heard != what:
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.005)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            while piece := connection.recv(1000):
                self.heard += piece
                connection.sendall(piece)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.listener.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as opened:
        yield opened


def client_of(proxy: Proxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.port), timeout=5)


def is_cut(client: socket.socket) -> bool:
    try:
        return client.recv(1000) == b""
    except ConnectionResetError:
        return True


def test_it_passes_both_ways(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(1000) == b"hello"


def test_what_is_cut_in_the_middle_arrives_half(proxy: Proxy, echo: Echo) -> None:
    proxy.decide = lambda _: Fate.CUT_IN_IT
    with client_of(proxy) as client:
        client.sendall(b"abcdef")
        echo.wait_until_it_heard(b"abc")
        assert is_cut(client)


def test_what_is_cut_afterwards_arrives_whole_and_gets_no_answer(proxy: Proxy, echo: Echo) -> None:
    proxy.decide = lambda _: Fate.CUT_AFTER_IT
    with client_of(proxy) as client:
        client.sendall(b"abcdef")
        echo.wait_until_it_heard(b"abcdef")
        assert is_cut(client)


def test_what_hangs_arrives_although_its_client_has_gone(proxy: Proxy, echo: Echo) -> None:
    proxy.decide, proxy.hang_seconds = lambda _: Fate.HANG, 0.2
    with client_of(proxy) as client:
        client.sendall(b"abcdef")
    assert echo.heard == b""
    echo.wait_until_it_heard(b"abcdef")


def test_while_it_refuses_nobody_gets_in_and_everybody_is_cut(proxy: Proxy) -> None:
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(1000) == b"hello"
        with proxy.refusing():
            assert is_cut(client)
            with pytest.raises(ConnectionRefusedError):
                client_of(proxy)
    with client_of(proxy) as client:
        client.sendall(b"again")
        assert client.recv(1000) == b"again"


def test_it_can_be_slow(proxy: Proxy) -> None:
    proxy.delay = 0.1
    with client_of(proxy) as client:
        began = time.monotonic()
        client.sendall(b"hello")
        assert client.recv(1000) == b"hello"
        assert time.monotonic() - began >= 0.2
