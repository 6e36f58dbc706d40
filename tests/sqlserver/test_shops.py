"""Accounts and pauses."""

import pytest

from pharmasync.documents import GOODS_ISSUE_SLIP, SALES_INVOICE
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import LoneTrips, together
from pharmasync.sqlserver.passwords import account_rows
from pharmasync.sqlserver.shops import FindShop, is_known, pause_shop, paused_shops, resume_shop
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


def test_a_shop_has_its_account(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", account="acc", password="Mật khẩu 'lạ' %s")
    shop = LoneTrips(sql).run(FindShop(), "S1")
    assert shop is not None
    assert (shop.account, shop.password, shop.paused) == ("acc", "Mật khẩu 'lạ' %s", None)
    assert [row.shop_id for row in account_rows(sql) if row.has_account] == ["S1"]


def test_an_unknown_shop_is_none(sql: SqlServer) -> None:
    assert LoneTrips(sql).run(FindShop(), "S1") is None


def test_a_pause_keeps_its_reason_until_it_is_ended(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pause_shop(sql, "S1", "sai mật khẩu / wrong password")
    assert paused_shops(sql) == {"S1": "sai mật khẩu / wrong password"}
    assert resume_shop(sql, "S1")
    assert paused_shops(sql) == {}
    assert not resume_shop(sql, "S1")


def test_a_shop_without_a_row_can_be_paused_and_still_has_no_account(sql: SqlServer) -> None:
    pause_shop(sql, "S9", "because")
    pause_shop(sql, "S9", "because of more")
    shop = LoneTrips(sql).run(FindShop(), "S9")
    assert shop is not None
    assert (shop.account, shop.password, shop.paused) == (None, None, "because of more")
    assert [row.shop_id for row in account_rows(sql) if row.has_account] == []


@pytest.mark.parametrize("first", ["the pause's row", "the shop's own"])
def test_a_shop_that_was_paused_before_its_account_came_sends_with_its_account(
    sql: SqlServer, pharmacy: Pharmacy, first: str
) -> None:
    if first == "the shop's own":
        pharmacy.add_shop("S9", account="own")
    sql.run(
        "INSERT INTO AccountShop (shop_pharmacy_code, pharmacy_code, account, password) VALUES (%s, %s, %s, %s)",
        ("S9", "", "", ""),
    )
    if first == "the pause's row":
        pharmacy.add_shop("S9", account="own")
    shop = LoneTrips(sql).run(FindShop(), "S9")
    assert shop is not None
    assert (shop.account, shop.paused) == ("own", None)


def test_a_pause_of_any_of_a_shops_rows_counts(sql: SqlServer, pharmacy: Pharmacy) -> None:
    assert pause_shop(sql, "S9", "because"), "a row is added"
    pharmacy.add_shop("S9", account="own")
    shop = LoneTrips(sql).run(FindShop(), "S9")
    assert shop is not None
    assert (shop.account, shop.paused) == ("own", "because")


def test_the_row_that_a_pause_added_goes_with_it_and_no_other(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for shop in ("S1", "S9"):
        pause_shop(sql, shop, "because")
    pharmacy.add_shop("S8", account="")
    assert not pause_shop(sql, "S8", "because"), "it has a row"
    for shop in ("S9", "S8"):
        assert resume_shop(sql, shop)
    rows = sql.rows("SELECT shop_pharmacy_code AS shop, account FROM AccountShop ORDER BY shop_pharmacy_code")
    assert rows == [{"shop": "S1", "account": None}, {"shop": "S8", "account": ""}]


def test_a_pause_is_stored_where_a_shop_must_have_an_account(sql: SqlServer) -> None:
    sql.run("DROP TABLE AccountShop")
    sql.run(
        "CREATE TABLE AccountShop (shop_pharmacy_code NVARCHAR(50) NOT NULL, pharmacy_code NVARCHAR(50) NOT NULL,"
        " account NVARCHAR(50) NOT NULL, password NVARCHAR(400) NOT NULL, sync_paused_reason NVARCHAR(400) NULL)"
    )
    assert pause_shop(sql, "S9", "because")
    assert paused_shops(sql) == {"S9": "because"}
    assert resume_shop(sql, "S9")
    assert not is_known(sql, "S9")


@pytest.mark.parametrize("where", ["account", "row", "nowhere"])
def test_a_shop_is_known_by_its_account_or_its_open_rows(sql: SqlServer, pharmacy: Pharmacy, where: str) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", "S2")
    if where == "account":
        pharmacy.add_shop("S1")
    if where == "row":
        pharmacy.add(GOODS_ISSUE_SLIP, "PX1", "S1")
    assert is_known(sql, "S1") is (where != "nowhere")


@pytest.mark.parametrize(("character", "kept"), [("x", 400), ("ế", 400), ("😷", 200)])
def test_a_reason_that_is_too_long_is_cut(sql: SqlServer, character: str, kept: int) -> None:
    pause_shop(sql, "S1", character * 1000)
    assert paused_shops(sql) == {"S1": character * kept}


def test_rows_in_doubt_stay_in_doubt_when_their_shop_is_paused(sql: SqlServer, pharmacy: Pharmacy) -> None:
    queued = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_QUEUED")
    doubtful = pharmacy.add(SALES_INVOICE, "HD2", status="SYNC_UNCERTAIN")
    pause_shop(sql, "S1", "because")
    assert pharmacy.status(SALES_INVOICE, queued) == "PENDING_SYNC"
    assert pharmacy.status(SALES_INVOICE, doubtful) == "SYNC_UNCERTAIN"


def test_many_shops_are_found_in_one_round_trip(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", account="one")
    pharmacy.add_shop("S2", account="two")
    found = together(sql, FindShop(), ["S2", "unknown", "s1 ", "S2"])
    assert [None if shop is None else shop.account for shop in found] == ["two", None, "one", "two"]
