"""What the producer sends is answered from indexes: the practice server's work does not grow with its tables."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field

from pharmasync.documents import SALES_INVOICE
from pharmasync.queues import RowMessage
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.schedulers import Producer
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.sqlserver.shops import pause_shop
from tests.sandbox.sqlserver.conftest import PASSWORD

pytestmark = pytest.mark.integration

SHOPS = 20
ROOM = 30
FEW, MANY = 200, 5_000
AT_ONCE = 500
STEPS = 50
"""SQLite tells of so many of its steps at once."""

PICKED = "SCAN (subquery-"
"""SQLite reads what a query of its own has picked, which has a line too, and nothing else."""

PAST = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
LATER = PAST + timedelta(days=1)


class NoQueues:
    """Queues that take everything and stay empty."""

    def waiting(self, queue: str) -> int:  # noqa: ARG002 - every queue is empty
        return 0

    def enqueue(self, messages: Sequence[RowMessage]) -> list[int]:  # noqa: ARG002 - nothing is left
        return []


@define
class Watched:
    """A database, and what SQLite does in it."""

    sql: SqlServer
    sqlite: sqlite3.Connection
    ran: list[str] = field(factory=list)
    steps: int = 0

    def fill(self, rows: int, due: datetime | None) -> None:
        """Adds invoices; the shops take turns."""
        for start in range(0, rows, AT_ONCE):
            values = [(f"HD{number}", f"S{number % SHOPS}", due) for number in range(start, start + AT_ONCE)][:rows]
            places = ", ".join("(%s, %s, %s, %s)" for _ in values)
            self.sql.run(
                "INSERT INTO SalesInvoices (local_invoice_id, pharmacy_code, shop_pharmacy_code, sync_due_at)"
                f" VALUES {places}",
                [value for code, shop, when in values for value in (code, "GPP", shop, when)],
            )

    def scan(self) -> int:
        """One scan of a fresh producer, watched; how many rows it found."""
        producer = Producer(sql=self.sql, queues=NoQueues(), high_water=ROOM, lease=60)
        self.steps = 0
        self.sqlite.set_trace_callback(self.ran.append)
        self.sqlite.set_progress_handler(self._step, STEPS)
        found = producer.scan().enqueued[SALES_INVOICE.name]
        self.sqlite.set_progress_handler(None, STEPS)
        self.sqlite.set_trace_callback(None)
        return found

    def plans(self) -> Iterator[tuple[str, str]]:
        """Each statement that ran, with each line of SQLite's plan for it."""
        for statement in dict.fromkeys(self.ran):
            for *_, line in self.sqlite.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                yield statement, line

    def _step(self) -> int:
        self.steps += STEPS
        return 0


@pytest.fixture
def open_database(server: PracticeSQLServer) -> Iterator[Callable[[str], Watched]]:
    """Makes a database with the tables, and looks behind its back."""
    opened: list[SqlServer] = []

    def open_one(name: str) -> Watched:
        server._kept.create(name)
        address = Address(
            server=server.host,
            port=server.port,
            database=name,
            user=server.user,
            password=PASSWORD,
            timeout=60,
            encryption=OFF,
        )
        opened.append(SqlServer(address))
        create_or_extend(opened[-1])
        return Watched(opened[-1], server._kept.open(name)._connection)

    yield open_one
    for sql in opened:
        sql.close()
    for name in ("few", "many"):
        server._kept.drop(name)


CASES = {
    "nothing open": ("SYNC_SUCCESS", None),
    "all new": ("PENDING_SYNC", None),
    "all returning": ("SYNC_UNCERTAIN", PAST),
    "all waiting": ("PENDING_SYNC", LATER),
}


@pytest.mark.parametrize("case", [*CASES, "all paused"])
def test_a_scan_takes_as_many_steps_with_many_rows_as_with_few(
    open_database: Callable[[str], Watched], case: str
) -> None:
    status, due = CASES.get(case, ("PENDING_SYNC", None))
    steps, found = [], []
    for name, rows in (("few", FEW), ("many", MANY)):
        database = open_database(name)
        database.fill(rows, due)
        database.sql.run("UPDATE SalesInvoices SET status = %s", (status,))
        for shop in range(SHOPS if case == "all paused" else 0):
            pause_shop(database.sql, f"S{shop}", "wrong password")
        found.append(database.scan())
        steps.append(database.steps)
    assert found == ([ROOM, ROOM] if case in {"all new", "all returning"} else [0, 0])
    assert steps[1] <= 1.1 * steps[0] + STEPS


def test_every_statement_of_a_scan_seeks_in_an_index_and_sorts_nothing(
    open_database: Callable[[str], Watched],
) -> None:
    database = open_database("few")
    open_database("many")
    database.fill(FEW, None)
    database.fill(FEW, PAST)
    assert database.scan() == ROOM
    plans = list(database.plans())
    assert {line.split("_sync_")[1].split()[0] for _, line in plans if "SalesInvoices_sync_" in line} == {
        "claim",
        "look",
    }
    for statement, line in plans:
        assert "TEMP B-TREE" not in line
        if line.startswith("SCAN") and "AccountShop" not in line and not line.startswith(PICKED):
            assert "IX_SalesInvoices_sync_claim" in line, statement  # it begins at the index's first entry
            assert 'ORDER BY "shop_pharmacy_code" LIMIT' in statement
