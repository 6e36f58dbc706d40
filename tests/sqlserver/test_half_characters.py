"""SQL Server keeps half of a character beyond U+FFFF, as where somebody's software cuts a text off in an emoji."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from attrs import evolve

from pharmasync.documents import GOODS_ISSUE_SLIP, SALES_INVOICE
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


@pytest.mark.parametrize("notes", [f"hết hạn {STANDS_FOR_HALF} x", f"hết hạn {STANDS_FOR_HALF}"])
def test_a_row_with_half_a_character_is_begun(halving: Address, pharmacy: Pharmacy, notes: str) -> None:
    row_id = pharmacy.add(GOODS_ISSUE_SLIP, "PX1", status="SYNC_QUEUED", notes=notes)
    sql = SqlServer(halving)
    row = Worker.alone(sql).begin(GOODS_ISSUE_SLIP, row_id)
    sql.close()
    assert row is not None
    assert str(row.header["notes"]).startswith("hết hạn")


def test_so_is_one_whose_line_has_it(halving: Address, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", line={"dosage": f"1 viên {STANDS_FOR_HALF}"})
    sql = SqlServer(halving)
    row = Worker.alone(sql).begin(SALES_INVOICE, row_id)
    sql.close()
    assert row is not None
    assert str(row.lines[0]["dosage"]).startswith("1 viên")
