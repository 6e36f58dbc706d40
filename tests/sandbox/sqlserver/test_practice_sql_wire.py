"""Logins, time-outs and broken clients."""

import contextlib
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pymssql
import pytest

from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.sandbox.sqlserver.errors import ProtocolError
from pharmasync.sandbox.sqlserver.login import read_login

pytestmark = pytest.mark.integration

LOGIN_IN_A_NEW_PROCESS = """
import sys, pymssql
try:
    pymssql.connect(server=sys.argv[1], port=sys.argv[2], user=sys.argv[3], password=sys.argv[4], database=sys.argv[5],
                    encryption=sys.argv[6] or None, login_timeout=5)
except pymssql.Error as failure:
    print(failure)
else:
    print("connected")
"""


def login(server: PracticeSQLServer, user: str, password: str, database: str, encryption: str = "") -> str:
    """What a login ends with. In a process of its own: pymssql keeps the text of its first failed login."""
    arguments = (server.host, str(server.port), user, password, database, encryption)
    command = [sys.executable, "-c", LOGIN_IN_A_NEW_PROCESS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout


def packet(kind: int, body: bytes, *, last: bool = True) -> bytes:
    return struct.pack(">BBHHBB", kind, last, len(body) + 8, 0, 1, 0) + body


def login_body(user: str, password: str, database: str) -> bytes:
    scrambled = bytes(((b & 0x0F) << 4 | b >> 4) ^ 0xA5 for b in password.encode("utf-16-le"))
    fields = [b"", user.encode("utf-16-le"), scrambled, *[b""] * 5, database.encode("utf-16-le")]
    at, offsets, data = 94, b"", b""
    for each in fields:
        offsets += struct.pack("<HH", at + len(data), len(each) // 2)
        data += each
    body = struct.pack("<IIIIIIBBBBiI", 94 + len(data), 0x74000004, 4096, 7, 1, 0, 0, 0, 0, 0, 0, 0) + offsets
    return body.ljust(94, b"\0") + data


def batch(text: str) -> bytes:
    return packet(1, struct.pack("<IIHQI", 22, 18, 2, 0, 1) + text.encode("utf-16-le"))


def read_answer(connection: socket.socket) -> bytes:
    """One message of one packet; nothing when the server has hung up."""
    header = connection.recv(8, socket.MSG_WAITALL)
    return connection.recv(struct.unpack(">H", header[2:4])[0] - 8, socket.MSG_WAITALL) if header else b""


def wait_for_the_end(connection: socket.socket) -> None:
    """Returns when the server has hung up; it resets a connection on which it left something unread."""
    with contextlib.suppress(OSError):  # it may have hung up already
        connection.shutdown(socket.SHUT_WR)
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65536):
            pass


@pytest.fixture
def raw(server: PracticeSQLServer) -> Iterator[socket.socket]:
    """A connection below the driver, not logged in."""
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        yield connection


@pytest.fixture
def logged_in(raw: socket.socket, server: PracticeSQLServer) -> socket.socket:
    """A connection below the driver, logged in."""
    raw.sendall(packet(0x10, login_body(server.user, server.password, "pharmacy")))
    assert b"\xad" in read_answer(raw)
    return raw


def test_a_login_with_the_password_is_taken(server: PracticeSQLServer) -> None:
    assert login(server, "sa", "Practice-1", "pharmacy") == "connected\n"


@pytest.mark.parametrize(("user", "password"), [("sa", "wrong"), ("somebody", "Practice-1"), ("sa", "")])
def test_a_wrong_login_is_answered_with_18456(server: PracticeSQLServer, user: str, password: str) -> None:
    answer = login(server, user, password, "pharmacy")
    assert answer.startswith("(18456")
    assert f"Login failed for user '{user}'." in answer


def test_a_login_to_an_unknown_database_is_answered_with_4060(raw: socket.socket, server: PracticeSQLServer) -> None:
    raw.sendall(packet(0x10, login_body(server.user, server.password, "nowhere")))
    answer = read_answer(raw)
    assert struct.unpack_from("<I", answer, 3) == (4060,)
    assert 'Cannot open database "nowhere"'.encode("utf-16-le") in answer
    assert read_answer(raw) == b""


def test_a_client_that_insists_on_encryption_does_not_connect(server: PracticeSQLServer) -> None:
    assert login(server, "sa", "Practice-1", "pharmacy", "require") != "connected\n"


def test_a_statement_can_time_out(connect: Callable[..., pymssql.Connection]) -> None:
    cursor = connect(timeout=1).cursor()
    started = time.monotonic()
    with pytest.raises(pymssql.OperationalError):
        cursor.execute("WAITFOR DELAY '00:00:30'")
    assert time.monotonic() - started < 5


def test_an_attention_ends_the_statement_and_the_session_goes_on(logged_in: socket.socket) -> None:
    logged_in.sendall(batch("WAITFOR DELAY '00:00:30'; SELECT 1 AS x"))
    logged_in.sendall(packet(6, b""))
    assert read_answer(logged_in) == struct.pack("<BHHQ", 0xFD, 0x20, 0, 0)
    logged_in.sendall(batch("SELECT 7 AS x"))
    assert b"\xd1\x04\x07\0\0\0" in read_answer(logged_in)


def test_a_long_answer_comes_in_packets_of_the_size_agreed_on(logged_in: socket.socket) -> None:
    logged_in.sendall(batch("SELECT N'" + "x" * 10_000 + "' AS x"))
    sizes = []
    while True:
        header = logged_in.recv(8, socket.MSG_WAITALL)
        sizes.append(struct.unpack(">H", header[2:4])[0])
        logged_in.recv(sizes[-1] - 8, socket.MSG_WAITALL)
        if header[1] & 1:
            break
    assert sizes[:-1] == [4096] * (len(sizes) - 1)
    assert len(sizes) == 5


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        packet(0x10, b"short"),
        packet(0x10, b"\xff" * 94),
        packet(0x10, bytes(30_000), last=False) * 10,
        packet(0x12, bytes(4), last=False) + packet(0x10, bytes(4)),
        struct.pack(">BBHHBB", 0x10, 1, 3, 0, 1, 0),
        b"\x12",
    ],
)
def test_a_broken_client_ends_only_its_own_connection(
    raw: socket.socket, connect: Callable[..., pymssql.Connection], sent: bytes
) -> None:
    raw.sendall(sent)
    wait_for_the_end(raw)
    cursor = connect().cursor()
    cursor.execute("SELECT 1 AS x")
    assert cursor.fetchall() == [(1,)]


@pytest.mark.parametrize(
    "sent",
    [packet(1, b""), packet(1, b"\xff\xff\xff\x7f"), packet(0x10, bytes(94)), b"\xee" * 8],
)
def test_a_broken_batch_ends_only_its_own_connection(
    logged_in: socket.socket, connect: Callable[..., pymssql.Connection], sent: bytes
) -> None:
    logged_in.sendall(sent)
    wait_for_the_end(logged_in)
    connect()


def test_a_text_that_is_no_text_is_refused(logged_in: socket.socket) -> None:
    logged_in.sendall(packet(1, b"\x04\0\0\0" + b"\x00\xd8" * 5 + b"x"))
    assert struct.unpack_from("<I", read_answer(logged_in), 3) == (50000,)


def test_a_procedure_call_is_refused(connect: Callable[..., pymssql.Connection]) -> None:
    cursor = connect().cursor()
    with pytest.raises(pymssql.DatabaseError, match="RPC"):
        cursor.callproc("sp_who")
    cursor.execute("SELECT 1 AS x")
    assert cursor.fetchall() == [(1,)]


def test_clients_that_say_nothing_do_not_keep_others_out(
    server: PracticeSQLServer, connect: Callable[..., pymssql.Connection]
) -> None:
    idle = [socket.create_connection((server.host, server.port)) for _ in range(20)]
    connect()
    for each in idle:
        each.close()


def test_a_login_that_points_outside_itself_is_no_login() -> None:
    body = bytearray(login_body("sa", "x", "pharmacy"))
    struct.pack_into("<H", body, 42, 60_000)
    with pytest.raises(ProtocolError):
        read_login(bytes(body))


def test_a_server_that_stops_hangs_up() -> None:
    with PracticeSQLServer(databases=("pharmacy",)) as server:
        client = socket.create_connection((server.host, server.port), timeout=5)
        client.sendall(packet(0x12, b""))
        assert read_answer(client)
    assert client.recv(1) == b""
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), timeout=5)


def test_what_was_written_is_there_after_a_restart() -> None:
    with PracticeSQLServer(password="Practice-1") as server:
        address: dict[str, Any] = {
            "server": server.host,
            "port": str(server.port),
            "user": "sa",
            "password": "Practice-1",
        }
        with pymssql.connect(**address, database="pharmacy", autocommit=True) as before, before.cursor() as cursor:
            cursor.execute("CREATE TABLE Kept (id INT NOT NULL); INSERT INTO Kept (id) VALUES (7)")
        server.stop()
        server.start()
        with pymssql.connect(**address, database="pharmacy", autocommit=True) as after, after.cursor() as cursor:
            cursor.execute("SELECT id FROM Kept")
            assert cursor.fetchall() == [(7,)]
