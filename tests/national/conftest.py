"""Servers on loopback for the tests of what carries the calls."""

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.national.one_shot_server import OneShotServer


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], OneShotServer]]:
    servers: list[OneShotServer] = []

    def start(reply: Callable[[socket.socket], None]) -> OneShotServer:
        servers.append(OneShotServer(reply))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
