"""SQL Server keeps half of a character beyond U+FFFF, as where somebody's software cuts a text off in an emoji."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from attrs import evolve

from pharmasync.documents import GOODS_ISSUE_SLIP
from pharmasync.sqlserver.connection import Address, SqlServer
from tests.pharmacy import Pharmacy, Worker
from tests.real_server import only_on_the_practice_server

pytestmark = [pytest.mark.integration, only_on_the_practice_server("is asked for what it keeps itself")]

STANDS_FOR_HALF = "☠"
HALF = "\ud83d"


def pump(source: socket.socket, target: socket.socket, *, halve: bool) -> None:
    whole, half = (text.encode("utf-16-le", "surrogatepass") for text in (STANDS_FOR_HALF, HALF))
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data.replace(whole, half) if halve else data)


@pytest.fixture
def halving(empty_database: Address) -> Iterator[Address]:
    """The way to a server that sends half of a character wherever it keeps one that stands for it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection((empty_database.server, empty_database.port))
                    for source, target, halve in ((client, server, False), (server, client, True)):
                        threading.Thread(
                            target=pump, args=(source, target), kwargs={"halve": halve}, daemon=True
                        ).start()

        threading.Thread(target=accept, daemon=True).start()
        yield evolve(empty_database, port=listener.getsockname()[1])


@pytest.mark.parametrize(
    "notes",
    [
        pytest.param(f"hết hạn {STANDS_FOR_HALF} x", id="in the middle"),
        pytest.param(
            f"hết hạn {STANDS_FOR_HALF}",
            id="at the end",
            marks=pytest.mark.xfail(
                strict=True, reason="FreeTDS takes the connection for dead where an NVARCHAR(MAX) ends so"
            ),
        ),
    ],
)
def test_a_row_with_half_a_character_is_begun(halving: Address, pharmacy: Pharmacy, notes: str) -> None:
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1", status="SYNC_QUEUED", notes=notes)
    sql = SqlServer(halving)
    row = Worker.alone(sql).begin(GOODS_ISSUE_SLIP, row_id)
    sql.close()
    assert row is not None
    assert str(row.header["notes"]).startswith("hết hạn")
