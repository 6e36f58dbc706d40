"""The tap passes on what is said, and counts round trips as the server itself would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest

from benchmarks.tap import Tap
from pharmasync.sandbox.servers import free_port
from pharmasync.sandbox.servers.ports import HOST
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sqlserver.connection import Address, SqlServer


@contextmanager
def tapped(server: tuple[str, int]) -> Iterator[Tap]:
    with Tap(free_port(), server) as tap:
        threading.Thread(target=tap.serve_forever, daemon=True).start()
        yield tap
        tap.shutdown()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that does what the test tells it to."""
    with socket.create_server((HOST, 0)) as listening:
        listening.settimeout(10)
        yield listening


def test_what_is_said_in_pieces_is_one_round_trip_with_its_answer(listener: socket.socket) -> None:
    with (
        tapped(listener.getsockname()) as tap,
        socket.create_connection((HOST, tap.server_address[1]), 10) as client,
        listener.accept()[0] as server,
    ):
        for turn in range(1, 4):
            for piece in (b"SELECT ", b"1"):
                client.sendall(piece)
                assert server.recv(100) == piece
            for piece in (b"1 ", b"row"):
                server.sendall(piece)
                assert client.recv(100) == piece
            assert tap.trips.value == turn


def test_either_side_may_hang_up(listener: socket.socket) -> None:
    with tapped(listener.getsockname()) as tap:
        for hangs_up_first in (True, False):
            client = socket.create_connection((HOST, tap.server_address[1]), 10)
            server = listener.accept()[0]
            first, last = (client, server) if hangs_up_first else (server, client)
            first.close()
            last.settimeout(10)
            assert last.recv(1) == b""
            last.close()


@pytest.mark.integration
def test_a_statement_is_one_round_trip_however_many_rows_it_brings() -> None:
    with PracticeSQLServer() as practice:
        address = Address(
            server=HOST,
            port=practice.port,
            database="pharmacy",
            user=practice.user,
            password=practice.password,
            encryption="off",
        )
        with tapped((HOST, practice.port)) as tap:
            sql = SqlServer(attrs.evolve(address, port=tap.server_address[1]))
            sql.run("CREATE TABLE Rows (id INT NOT NULL PRIMARY KEY, note NVARCHAR(4000) NOT NULL)")
            before = tap.trips.value
            for number in range(20):
                sql.run("INSERT INTO Rows (id, note) VALUES (%d, %s)", (number, "x" * 4_000))
            assert len(sql.rows("SELECT id, note FROM Rows")) == 20
            assert tap.trips.value - before == 21
            sql.close()
