"""Which account a shop sends with, and how many connections it takes to find out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pharmasync.accounts import ShopAccounts
from pharmasync.errors import AccountMissingError, PauseNotStoredError, ShopPausedError
from pharmasync.national.adapter import Account
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.errand import LoneTrips
from pharmasync.sqlserver.shared_trips import SharedTrips
from tests.pharmacy import Pharmacy
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration

DEFAULT = Account("everybody", "practice")


def accounts(sql: SqlServer, default: Account | None = DEFAULT) -> ShopAccounts:
    return ShopAccounts(trips=LoneTrips(sql), sql=sql, default=default)


def test_a_shop_sends_with_its_own_account(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", account="own", password="secret")
    assert accounts(sql).account_of("S1") == Account("own", "secret")


def test_a_shop_without_one_sends_with_the_settings_account(sql: SqlServer) -> None:
    assert accounts(sql).account_of("S1") == DEFAULT


def test_where_there_is_none_at_all_it_says_so(sql: SqlServer) -> None:
    with pytest.raises(AccountMissingError):
        accounts(sql, default=None).account_of("S1")


@pytest.mark.parametrize("password", ["", None])
def test_an_account_without_a_password_is_not_called_a_missing_one(
    sql: SqlServer, pharmacy: Pharmacy, password: str | None
) -> None:
    pharmacy.add_shop("S1", account="own", password=password)
    with pytest.raises(
        AccountMissingError, match="tài khoản của cửa hàng chưa có mật khẩu / the shop's account has no"
    ):
        accounts(sql, default=None).account_of("S1")
    assert accounts(sql).account_of("S1") == DEFAULT


def test_a_paused_shop_has_none(sql: SqlServer) -> None:
    accounts(sql).pause("S1", "wrong password")
    with pytest.raises(ShopPausedError, match="wrong password"):
        accounts(sql).account_of("S1")


def test_a_pause_is_told_in_the_log(sql: SqlServer, caplog: pytest.LogCaptureFixture) -> None:
    accounts(sql).pause("S1", "wrong password")
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("WARNING", "shop S1 is paused: wrong password")


def test_a_pause_that_cannot_be_stored_is_a_refused_login_all_the_same(sql: SqlServer) -> None:
    sql.run("DROP TABLE AccountShop")
    sql.run(
        "CREATE TABLE AccountShop (shop_pharmacy_code NVARCHAR(50) NOT NULL, pharmacy_code NVARCHAR(50) NOT NULL,"
        " account NVARCHAR(50) NULL, password NVARCHAR(400) NULL, sync_paused_reason NVARCHAR(400) NULL,"
        " owner NVARCHAR(50) NOT NULL)"
    )
    with pytest.raises(PauseNotStoredError, match="wrong password"):
        accounts(sql).pause("S1", "wrong password")


def test_threads_that_log_in_at_once_need_no_connections_of_their_own(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    shops = [f"S{number}" for number in range(40)]
    for shop in shops:
        pharmacy.add_shop(shop, account=f"of {shop}", password="secret")
    watched = WatchedSqlServer(empty_database)
    shared = ShopAccounts(trips=SharedTrips(watched), sql=watched, default=None)
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(shared.account_of, shops))
    assert [account.name for account in found] == [f"of {shop}" for shop in shops]
    assert watched.threads == {"sql-trips"}
