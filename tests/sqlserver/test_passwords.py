"""AccountShop's passwords, as an operator's commands read and replace them."""

import traceback
import uuid

import pytest

from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.passwords import AccountRow, account_rows, add_account, set_account, swap_password
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


def only_row(sql: SqlServer, shop: str = "S1") -> AccountRow:
    (row,) = account_rows(sql, shop)
    return row


def test_every_row_is_listed_in_the_order_of_the_shops(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S2", account="b", password="p2")
    pharmacy.add_shop("S2", account="a")
    pharmacy.add_shop("S1", account="")
    pause_shop(sql, "S1", "kiểm kê")
    rows = account_rows(sql)
    assert [(row.shop_id, row.account, row.has_account, row.paused) for row in rows] == [
        ("S1", "", False, "kiểm kê"),
        ("S2", "a", True, None),
        ("S2", "b", True, None),
    ]
    assert rows[2].password == "p2"
    assert account_rows(sql, "S2") == rows[1:]


@pytest.mark.parametrize(("account", "has"), [("a", True), ("", False), ("  ", False), (None, False)])
def test_a_row_that_names_nobody_has_no_account(account: str | None, *, has: bool) -> None:
    assert AccountRow(shop_id="S1", account=account, password=None, paused=None).has_account is has


def test_a_row_does_not_print_its_password(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="very-secret-word")
    assert "very-secret-word" not in repr(account_rows(sql))


def test_an_account_can_be_added(sql: SqlServer) -> None:
    add_account(sql, "S1", "acc", "pw")
    assert only_row(sql) == AccountRow(shop_id="S1", account="acc", password="pw", paused=None)


@pytest.mark.parametrize("account", [None, "", "old"])
def test_an_account_is_set_and_nothing_else(sql: SqlServer, pharmacy: Pharmacy, account: str | None) -> None:
    pharmacy.add_shop("S1", account="other")
    sql.run(
        "INSERT INTO AccountShop (shop_pharmacy_code, pharmacy_code, account, password, sync_paused_reason)"
        " VALUES (%s, %s, %s, %s, %s)",
        ("S1", "GPP-1", account, "before", "sai mật khẩu"),
    )
    (row,) = (each for each in account_rows(sql, "S1") if each.account == account)
    assert set_account(sql, row, "new", "after")
    changed, untouched = account_rows(sql, "S1")
    assert (changed.account, changed.password, changed.paused) == ("new", "after", "sai mật khẩu")
    assert (untouched.account, untouched.password) == ("other", "right")
    assert not set_account(sql, row, "new", "again")


def test_a_password_is_swapped_only_where_it_is_the_expected_one(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="old")
    row = only_row(sql)
    assert swap_password(sql, row, "old", "new") == "old"
    assert swap_password(sql, row, "old", "newer") is None
    assert only_row(sql).password == "new"


def test_a_swap_tells_what_was_really_there(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="SeCret")
    assert swap_password(sql, only_row(sql), "secret", "new") in {"SeCret", None}


def test_a_value_that_does_not_fit_is_not_quoted(sql: SqlServer, pharmacy: Pharmacy) -> None:
    secret = uuid.uuid4().hex
    pharmacy.add_shop("S1")
    with pytest.raises(StatementError, match=r"AccountShop could not be written \(error \d+\)") as caught:
        set_account(sql, only_row(sql), "acc", secret * 13)
    assert secret not in "".join(traceback.format_exception(caught.value))
