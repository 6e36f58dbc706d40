"""The look for work: every shop with due rows is found, whatever else lies in the tables."""

from datetime import UTC, datetime, timedelta

import pytest

from pharmasync.decisions.sharing import ENDLESS, Lane
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sqlserver.codes import same_code
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.look import Found, look
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy
from tests.real_server import only_on_a_real_server

pytestmark = pytest.mark.integration

PAST = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
LATER = PAST + timedelta(hours=2)
FEW = 3
"""A room that a few rows fill, so that the sample is full."""


def shops(sql: SqlServer, room: int = 100) -> list[str]:
    (found,) = look(sql, {SALES_INVOICE: room})
    return list(found.shops)


def add(pharmacy: Pharmacy, shop: str, *codes: str, due: datetime | None = None, status: str = "PENDING_SYNC") -> None:
    for code in codes:
        pharmacy.add(SALES_INVOICE, code, shop, lines=0, sync_due_at=due, status=status)


def test_the_types_are_looked_at_together(sql: SqlServer, pharmacy: Pharmacy) -> None:
    add(pharmacy, "S2", "HD1")
    add(pharmacy, "S1", "HD1")
    pharmacy.add(GOODS_ISSUE_SLIP, "PX1", "S3")
    found = look(sql, {SALES_INVOICE: 10, PURCHASE_RECEIPT: 10, GOODS_ISSUE_SLIP: 10})
    assert [list(one.shops) for one in found] == [["S1", "S2"], [], ["S3"]]


def test_without_types_nothing_is_looked_at(sql: SqlServer) -> None:
    assert look(sql, {}) == []


def test_where_all_rows_are_seen_they_are_counted(sql: SqlServer, pharmacy: Pharmacy) -> None:
    add(pharmacy, "S1", "A", "B")
    add(pharmacy, "S1", "C", due=PAST)
    assert look(sql, {SALES_INVOICE: 10}) == [Found({"S1": {Lane.NEW: 2, Lane.RETURNING: 1}})]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
@pytest.mark.parametrize("due", [None, PAST], ids=["new", "returning"])
def test_every_shop_is_found_behind_the_rows_of_another(
    sql: SqlServer, pharmacy: Pharmacy, due: datetime | None, room: int
) -> None:
    add(pharmacy, "A", *"123456789", due=due)
    add(pharmacy, "B", "1", due=due)
    add(pharmacy, "C", "1", due=due)
    assert shops(sql, room) == ["A", "B", "C"]


def test_a_tour_does_not_count(sql: SqlServer, pharmacy: Pharmacy) -> None:
    add(pharmacy, "A", "1", "2", "3")
    add(pharmacy, "A", "4", due=PAST)
    assert look(sql, {SALES_INVOICE: FEW}) == [Found({"A": {Lane.NEW: ENDLESS, Lane.RETURNING: 1}})]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
@pytest.mark.parametrize("due", [None, PAST], ids=["new", "returning"])
def test_a_paused_shops_mass_hides_nobody(sql: SqlServer, pharmacy: Pharmacy, due: datetime | None, room: int) -> None:
    add(pharmacy, "A", *"123456789", due=due)
    add(pharmacy, "B", "1", due=due)
    pause_shop(sql, "A", "wrong password")
    assert shops(sql, room) == ["B"]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
def test_rows_whose_time_has_not_come_are_passed_over(sql: SqlServer, pharmacy: Pharmacy, room: int) -> None:
    add(pharmacy, "A", *"123456789", due=LATER)
    add(pharmacy, "B", *"123456789", due=PAST)
    assert shops(sql, room) == ["B"]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
@pytest.mark.parametrize("final", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_final_rows_are_passed_over(sql: SqlServer, pharmacy: Pharmacy, final: str, room: int) -> None:
    add(pharmacy, "A", *"12345", status=final)
    add(pharmacy, "B", *"12345", status=final, due=PAST)
    add(pharmacy, "C", *"12345")
    assert shops(sql, room) == ["C"]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
def test_the_lanes_of_a_shop_come_together(sql: SqlServer, pharmacy: Pharmacy, room: int) -> None:
    add(pharmacy, "A", *"12345")
    add(pharmacy, "A", *"6789", due=PAST)
    (found,) = look(sql, {SALES_INVOICE: room})
    assert set(found.shops["A"]) == {Lane.NEW, Lane.RETURNING}


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
def test_a_shop_is_one_shop_however_its_code_is_written(sql: SqlServer, pharmacy: Pharmacy, room: int) -> None:
    for written in ("nt1", "NT1", "Nt1  "):
        add(pharmacy, written, f"A-{written}")
        add(pharmacy, written, f"B-{written}", due=PAST)
    add(pharmacy, "NT2", "C")
    assert [same_code(shop) for shop in shops(sql, room)] == ["nt1", "nt2"]


def test_its_rows_are_counted_together_however_its_code_is_written(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for code, written in zip("ABC", ("nt1", "NT1", "nt1 "), strict=True):
        add(pharmacy, written, code)
    add(pharmacy, "nT1", "D", due=PAST)
    (found,) = look(sql, {SALES_INVOICE: 10})
    assert list(found.shops.values()) == [{Lane.NEW: 3, Lane.RETURNING: 1}]


@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
def test_a_pause_holds_however_the_code_is_written(sql: SqlServer, pharmacy: Pharmacy, room: int) -> None:
    add(pharmacy, "nt1", *"12345")
    pause_shop(sql, "NT1 ", "wrong password")
    assert shops(sql, room) == []


@only_on_a_real_server("collation but one")
@pytest.mark.parametrize("room", [FEW, 100], ids=["toured", "sampled"])
def test_a_pause_holds_no_shop_that_the_server_takes_for_another(sql: SqlServer, pharmacy: Pharmacy, room: int) -> None:
    sql.run("DROP TABLE AccountShop")
    sql.run(
        "CREATE TABLE AccountShop (shop_pharmacy_code NVARCHAR(50) COLLATE Latin1_General_CS_AS NOT NULL,"
        " pharmacy_code NVARCHAR(50) NULL, account NVARCHAR(50) NULL, password NVARCHAR(400) NULL)"
    )
    create_or_extend(sql)
    add(pharmacy, "NT1", *"12345")
    pause_shop(sql, "nt1", "wrong password")
    assert shops(sql, room) == ["NT1"]


@pytest.mark.parametrize("room", [2, 100], ids=["toured", "sampled"])
def test_rows_without_a_shop_hide_nobody(sql: SqlServer, room: int) -> None:
    """In a table of a user's own, where the column may be NULL."""
    sql.run(
        "DROP TABLE GoodsIssueSlipDetails; DROP TABLE GoodsIssueSlips;"
        "CREATE TABLE GoodsIssueSlips (id INT IDENTITY(1,1) PRIMARY KEY, local_slip_id NVARCHAR(50) NULL,"
        " pharmacy_code NVARCHAR(50) NULL, shop_pharmacy_code NVARCHAR(50) NULL, status NVARCHAR(20) NOT NULL,"
        " sync_response_message NVARCHAR(MAX) NULL, created_at DATETIME2 NULL, updated_at DATETIME2 NULL)"
    )
    create_or_extend(sql)
    for shop in (None, None, None, "S1", "S1", None):
        sql.run("INSERT INTO GoodsIssueSlips (shop_pharmacy_code, status) VALUES (%s, %s)", (shop, "PENDING_SYNC"))
    assert [list(found.shops) for found in look(sql, {GOODS_ISSUE_SLIP: room})] == [["S1"]]


def test_shops_that_no_account_is_known_for_are_found(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("known")
    for shop in ("known", "unknown"):
        add(pharmacy, shop, *"123")
    assert shops(sql, FEW) == ["known", "unknown"]
