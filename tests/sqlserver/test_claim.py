"""The claim: due rows only, oldest first, fairly between shops, and never twice."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmasync.decisions.poison import MARK
from pharmasync.decisions.sharing import Lane
from pharmasync.documents import PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.errors import GaveWayError, StatementError
from pharmasync.sqlserver import claim as claims
from pharmasync.sqlserver.claim import MOST_IN_THE_WAY, Share, claim
from pharmasync.sqlserver.connection import Address, Row, SqlServer, Trip
from pharmasync.sqlserver.schema import create_or_extend, tables
from pharmasync.sqlserver.shops import pause_shop
from tests.claiming import claim_due
from tests.pharmacy import Pharmacy, Worker
from tests.real_server import only_on_a_real_server

pytestmark = pytest.mark.integration


def claimed_codes(sql: SqlServer, shop: str = "S1", count: int = 10) -> list[str | None]:
    return [row.local_id for row in claim_due(sql, SALES_INVOICE, shop, count=count)]


def ago(**time: float) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(**time)


def test_a_new_row_becomes_queued_with_a_lease(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    (claimed,) = claim_due(sql, SALES_INVOICE, "S1")
    row = pharmacy.row(SALES_INVOICE, row_id)
    assert (claimed.id, claimed.local_id, claimed.shop_id, claimed.attempts) == (row_id, "HD1", "S1", 0)
    assert row["status"] == "SYNC_QUEUED"
    due = row["sync_due_at"]
    assert isinstance(due, datetime)
    lease = due - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(seconds=50) < lease <= timedelta(seconds=61)


def test_a_claimed_row_is_not_claimed_again_before_its_lease_ends(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1")
    assert claimed_codes(sql) == ["HD1"]
    assert claimed_codes(sql) == []
    pharmacy.make_due(SALES_INVOICE, row_id)
    assert claimed_codes(sql) == ["HD1"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PENDING_SYNC", "SYNC_QUEUED"),
        ("SYNC_QUEUED", "SYNC_QUEUED"),
        ("SYNC_SENDING", "SYNC_UNCERTAIN"),
        ("SYNC_UNCERTAIN", "SYNC_UNCERTAIN"),
    ],
)
def test_a_row_that_may_have_been_sent_becomes_uncertain(
    sql: SqlServer, pharmacy: Pharmacy, before: str, after: str
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=before)
    pharmacy.make_due(SALES_INVOICE, row_id)
    assert claimed_codes(sql) == ["HD1"]
    assert pharmacy.status(SALES_INVOICE, row_id) == after


@pytest.mark.parametrize("words", [None, "", "HTTP 503", f"HTTP 503{MARK}"])
def test_a_row_whose_attempt_ended_without_an_outcome_is_marked(
    sql: SqlServer, pharmacy: Pharmacy, words: str | None
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_SENDING", sync_response_message=words)
    pharmacy.make_due(SALES_INVOICE, row_id)
    claim_due(sql, SALES_INVOICE, "S1")
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_response_message"] == f"{words or ''}{MARK}"


@pytest.mark.parametrize("status", ["PENDING_SYNC", "SYNC_QUEUED", "SYNC_UNCERTAIN"])
@pytest.mark.parametrize("words", [None, "HTTP 503"])
def test_a_row_that_was_not_being_sent_keeps_its_words(
    sql: SqlServer, pharmacy: Pharmacy, status: str, words: str | None
) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=status, sync_response_message=words)
    claim_due(sql, SALES_INVOICE, "S1")
    assert pharmacy.row(SALES_INVOICE, row_id)["sync_response_message"] == words


@pytest.mark.parametrize("final", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_a_final_row_is_left_alone(sql: SqlServer, pharmacy: Pharmacy, final: str) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status=final)
    pharmacy.make_due(SALES_INVOICE, row_id)
    assert claimed_codes(sql) == []


def test_a_row_whose_time_has_not_come_is_left_alone(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", sync_due_at=ago(hours=-1))
    assert claimed_codes(sql) == []


def test_the_oldest_rows_of_a_shop_go_first(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for code, hours in (("new", 1), ("oldest", 9), ("old", 5), ("newest", 0)):
        pharmacy.add(SALES_INVOICE, code, age=timedelta(hours=hours))
    assert claimed_codes(sql, count=3) == ["oldest", "old", "new"]


def test_of_returning_rows_the_one_that_has_been_due_for_longest_goes_first(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for code, hours in (("second", 5), ("first", 9), ("third", 1)):
        pharmacy.add(SALES_INVOICE, code, sync_due_at=ago(hours=hours))
    assert claimed_codes(sql, count=2) == ["second", "first"]  # in the queue, the older row goes first
    assert claimed_codes(sql) == ["third"]


def test_a_lane_has_only_its_own_rows(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "new")
    pharmacy.add(SALES_INVOICE, "returning", sync_due_at=ago(hours=1))
    shares = [Share("S1", lane, 10) for lane in (Lane.NEW, Lane.RETURNING)]
    (new,), (returning,) = claim(sql, SALES_INVOICE, shares, lease=60)
    assert (new.local_id, returning.local_id) == ("new", "returning")


def test_each_shop_gets_its_share(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(20):
        pharmacy.add(SALES_INVOICE, f"HD{number}", "big", age=timedelta(days=1))
    pharmacy.add(SALES_INVOICE, "HD1", "small")
    big, small = claim(sql, SALES_INVOICE, [Share(shop, Lane.NEW, 3) for shop in ("big", "small")], lease=60)
    assert [row.shop_id for row in big] == ["big", "big", "big"]
    assert [row.shop_id for row in small] == ["small"]


def test_many_shops_are_claimed_in_several_round_trips(
    sql: SqlServer, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "SHARES_A_TRIP", 20)
    shops = [f"S{number:03}" for number in range(30)]
    for shop in shops:
        pharmacy.add(SALES_INVOICE, "HD1", shop, lines=0)
    claimed = claim(
        sql, SALES_INVOICE, [Share(shop, Lane.NEW, 1 + number % 2) for number, shop in enumerate(shops)], 60
    )
    assert [row.shop_id for (row,) in claimed] == shops


def test_many_shops_rows_are_claimed_by_few_statements(
    sql: SqlServer, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [f"S{number}" for number in range(20)]
    for shop in shops:
        pharmacy.add(SALES_INVOICE, "HD1", shop, lines=0)
    sent: list[str] = []

    def noted(text: str, parameters: Sequence[object]) -> list[list[Row]]:
        sent.append(text)
        return SqlServer.run(sql, text, parameters)

    monkeypatch.setattr(sql, "run", noted)
    claim(sql, SALES_INVOICE, [Share(shop, Lane.NEW, 1) for shop in shops], lease=60)
    assert [text.count("UPDATE SalesInvoices") for text in sent] == [1]


def test_shops_are_claimed_one_by_one_where_a_list_of_their_codes_has_another_collation(
    sql: SqlServer, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands in for a database whose columns have a collation of their own: the practice server has one for all."""
    shops = ["A", "B", "C"]
    for shop in shops:
        pharmacy.add(SALES_INVOICE, "HD1", shop, lines=0)

    def without_lists(text: str, parameters: Sequence[object]) -> list[list[Row]]:
        if "CROSS APPLY" in text:
            raise StatementError("Cannot resolve the collation conflict", 468)
        return SqlServer.run(sql, text, parameters)

    monkeypatch.setattr(sql, "run", without_lists)
    claimed = claim(sql, SALES_INVOICE, [Share(shop, Lane.NEW, 2) for shop in shops], lease=60)
    assert [row.shop_id for (row,) in claimed] == shops


@pytest.mark.parametrize("number", [0, 208, 1934])
def test_what_is_refused_for_any_other_reason_is_not_asked_for_once_more(
    sql: SqlServer, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    asked: list[str] = []

    def refusing(text: str, _: Sequence[object]) -> list[list[Row]]:
        asked.append(text)
        raise StatementError("refused", number)

    monkeypatch.setattr(sql, "run", refusing)
    with pytest.raises(StatementError):
        claim_due(sql, SALES_INVOICE, "S1", "S2")
    assert len(asked) == 1


def test_no_share_is_exceeded_whichever_shops_are_claimed_along_with_it(
    sql: SqlServer, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "SHARES_A_TRIP", 2)
    counts = {"A": 1, "B": 3, "C": 1, "D": 2, "E": 1}
    for shop in counts:
        for number in range(4):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop, lines=0)
    claimed = claim(sql, SALES_INVOICE, [Share(shop, Lane.NEW, count) for shop, count in counts.items()], lease=60)
    assert [[row.shop_id for row in rows] for rows in claimed] == [[shop] * count for shop, count in counts.items()]
    left = sql.rows("SELECT id FROM SalesInvoices WHERE status = %s", ("PENDING_SYNC",))
    assert len(left) == 4 * len(counts) - sum(counts.values())


def test_a_shop_is_claimed_however_its_code_is_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for shop in ("NT1", "nt1", "Nt1 "):
        pharmacy.add(SALES_INVOICE, f"HD-{shop}", shop)
    assert {row.shop_id for row in claim_due(sql, SALES_INVOICE, "nT1")} == {"NT1", "nt1", "Nt1 "}


def test_a_paused_shop_is_left_alone(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    pause_shop(sql, "S1", "wrong password")
    assert claimed_codes(sql) == []


def test_several_producers_never_claim_a_row_twice(empty_database: Address, pharmacy: Pharmacy) -> None:
    for number in range(60):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    claimed: list[str | None] = []
    start = threading.Barrier(4)

    def produce() -> None:
        own = SqlServer(empty_database)
        start.wait(10)
        while codes := claimed_codes(own, count=7):
            claimed.extend(codes)
        own.close()

    threads = [threading.Thread(target=produce) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(str(code) for code in claimed) == sorted(f"HD{number}" for number in range(60))


class Locked(SqlServer):
    """Plays a server without READPAST, on which somebody's transaction locks rows of some shops."""

    def __init__(self, address: Address, *shops: str) -> None:
        super().__init__(address)
        self.shops = set(shops)
        self.waits = 0

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        if self.shops.intersection(str(value) for value in parameters):
            self.waits += 1
            return Trip([], GaveWayError("somebody else's transaction holds a lock"))
        return super().attempt(statement, parameters)


def test_a_row_that_somebody_locks_holds_up_its_own_shop_alone(empty_database: Address, pharmacy: Pharmacy) -> None:
    for shop in ("S1", "S2", "S3"):
        pharmacy.add(SALES_INVOICE, f"HD-{shop}", shop, lines=0)
    locked = Locked(empty_database, "S1")
    assert [row.local_id for row in claim_due(locked, SALES_INVOICE, "S1", "S2", "S3")] == ["HD-S2", "HD-S3"]
    locked.close()


def test_a_table_that_somebody_locks_is_not_waited_for_once_for_each_shop(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    shops = [f"S{number}" for number in range(9)]
    pharmacy.add(SALES_INVOICE, "HD1", shops[-1], lines=0)
    locked = Locked(empty_database, *shops)
    assert claim_due(locked, SALES_INVOICE, *shops) == []
    assert locked.waits == 1 + MOST_IN_THE_WAY
    locked.close()


@only_on_a_real_server("transactions")
def test_a_transaction_that_holds_a_row_holds_up_no_other_shop(empty_database: Address, pharmacy: Pharmacy) -> None:
    ids = {shop: pharmacy.add(SALES_INVOICE, f"HD-{shop}", shop, lines=0) for shop in ("S1", "S2")}
    somebody = SqlServer(empty_database)
    somebody.run("BEGIN TRANSACTION; UPDATE SalesInvoices SET seller_name = %s WHERE id = %d", ("x", ids["S1"]))
    hurried = SqlServer(evolve(empty_database, lock_timeout=1))
    assert [row.local_id for row in claim_due(hurried, SALES_INVOICE, "S1", "S2")] == ["HD-S2"]
    somebody.run("ROLLBACK")
    for each in (somebody, hurried):
        each.close()


def test_a_row_without_a_count_of_attempts_is_claimed_as_new_and_holds_up_nobody(empty_database: Address) -> None:
    """Where somebody else made the column, it may let NULL be."""
    sql = SqlServer(empty_database)
    sql.run("CREATE TABLE PurchaseReceipts (id INT PRIMARY KEY, sync_attempts INT NULL)")
    columns = next(table.columns for table in tables() if table.name == "PurchaseReceipts")
    for name in columns.keys() - {"id", "sync_attempts"}:
        sql.run(f"ALTER TABLE PurchaseReceipts ADD {name} {columns[name].replace('NOT NULL DEFAULT %s', 'NULL')}")
    create_or_extend(sql)
    pharmacy = Pharmacy(sql)
    ids = [pharmacy.add(PURCHASE_RECEIPT, f"PN{number}", lines=0, id=number) for number in (1, 2)]
    pharmacy.set(PURCHASE_RECEIPT, 2, sync_attempts=3)
    assert [(row.id, row.attempts) for row in claim_due(sql, PURCHASE_RECEIPT, "S1")] == [(1, 0), (2, 3)]
    begun = Worker.alone(sql).begin(PURCHASE_RECEIPT, ids[0])
    assert begun is not None
    assert begun.attempt == 1


@only_on_a_real_server("collation but one")
def test_a_pause_counts_where_the_codes_of_shops_have_different_collations(sql: SqlServer, pharmacy: Pharmacy) -> None:
    """Babelfish compares them by one of the two, SQL Server refuses to (error 468)."""
    sql.run("DROP TABLE AccountShop")
    sql.run(
        "CREATE TABLE AccountShop (shop_pharmacy_code NVARCHAR(50) COLLATE Vietnamese_CS_AS NOT NULL, pharmacy_code"
        " NVARCHAR(50) NULL, account NVARCHAR(50) NULL, password NVARCHAR(400) NULL, sync_paused_reason NVARCHAR(400))"
    )
    pause_shop(sql, "s1", "wrong password")
    pharmacy.add(SALES_INVOICE, "HD1", "S1")
    pharmacy.add(SALES_INVOICE, "HD2", "S2")
    assert claimed_codes(sql) == []
    assert claimed_codes(sql, "S2") == ["HD2"]
