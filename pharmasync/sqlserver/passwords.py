"""The passwords that AccountShop holds: looked at and replaced for an operator, whatever form they have."""

from collections.abc import Sequence

from attrs import field, frozen

from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Row, SqlServer


@frozen(kw_only=True)
class AccountRow:
    """A row of AccountShop; a shop may have several. ``password`` is what the column holds."""

    shop_id: str
    account: str | None
    password: str | None = field(repr=False)
    paused: str | None

    @property
    def has_account(self) -> bool:
        """Whether it names an account; a shop that was only paused has a row without one."""
        return bool(self.account and self.account.strip())


def account_rows(sql: SqlServer, shop_id: str | None = None) -> list[AccountRow]:
    """The rows of a shop, or all."""
    where, values = ("", ()) if shop_id is None else (" WHERE shop_pharmacy_code = %s", (shop_id,))
    rows = sql.rows(
        f"SELECT shop_pharmacy_code AS shop, account, password, sync_paused_reason AS paused FROM AccountShop{where}"
        " ORDER BY shop_pharmacy_code, account",
        values,
    )
    return [
        AccountRow(
            shop_id=str(row["shop"]),
            account=_text(row["account"]),
            password=_text(row["password"]),
            paused=_text(row["paused"]),
        )
        for row in rows
    ]


def add_account(sql: SqlServer, shop_id: str, account: str, password: str) -> None:
    """Adds a row; the facility's code, which nothing here reads, is the shop's."""
    _write(
        sql,
        "INSERT INTO AccountShop (shop_pharmacy_code, pharmacy_code, account, password)"
        " OUTPUT inserted.shop_pharmacy_code VALUES (%s, %s, %s, %s)",
        (shop_id, shop_id, account, password),
    )


def set_account(sql: SqlServer, row: AccountRow, account: str, password: str) -> bool:
    """Gives a row this account and password, whatever its password was; False where the row is gone."""
    condition, values = _is(row)
    return bool(
        _write(
            sql,
            f"UPDATE AccountShop SET account = %s, password = %s OUTPUT inserted.shop_pharmacy_code WHERE {condition}",
            (account, password, *values),
        )
    )


def swap_password(sql: SqlServer, row: AccountRow, expected: str, password: str) -> str | None:
    """Replaces the password of a row if it is the expected one; None where it is not.

    Returns what was there: to SQL Server "abc" and "ABC " are usually equal.
    """
    condition, values = _is(row)
    replaced = _write(
        sql,
        f"UPDATE AccountShop SET password = %s OUTPUT deleted.password WHERE {condition} AND AccountShop.password = %s",
        (password, *values, expected),
    )
    return str(replaced[0]["password"]) if replaced else None


def _is(row: AccountRow) -> tuple[str, Sequence[str]]:
    """The condition; its columns are named with their table, since Babelfish takes others for OUTPUT's own."""
    shop, account = "AccountShop.shop_pharmacy_code = %s", "AccountShop.account"
    if row.account is None:
        return f"{shop} AND {account} IS NULL", (row.shop_id,)
    return f"{shop} AND {account} = %s", (row.shop_id, row.account)


def _write(sql: SqlServer, statement: str, values: Sequence[str]) -> list[Row]:
    """The rows of a statement.

    Raises:
        StatementError: SQL Server refused it; without its words, which quote a value that does not fit.
    """
    try:
        return sql.rows(statement, values)
    except StatementError as error:
        raise StatementError(f"AccountShop could not be written (error {error.number})", error.number) from None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
