"""Accounts and pauses."""

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import LoneTrips, together
from pharmasync.sqlserver.shops import FindShop, pause_shop, paused_shops, resume_shop, shops_with_account
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


def test_a_shop_has_its_account(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", account="acc", password="Mật khẩu 'lạ' %s")
    shop = LoneTrips(sql).run(FindShop(), "S1")
    assert shop is not None
    assert (shop.account, shop.password, shop.paused) == ("acc", "Mật khẩu 'lạ' %s", None)
    assert shops_with_account(sql) == ["S1"]


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
    assert shops_with_account(sql) == []


def test_a_reason_that_is_too_long_is_cut(sql: SqlServer) -> None:
    pause_shop(sql, "S1", "x" * 1000)
    assert paused_shops(sql) == {"S1": "x" * 400}


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
