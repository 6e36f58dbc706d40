"""The shops' accounts in AccountShop, and their pauses."""

from collections.abc import Sequence
from contextlib import suppress

from attrs import evolve, field, frozen

from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.due import IS_OPEN, IS_OPEN_VALUES
from pharmasync.sqlserver.errand import Question
from pharmasync.sqlserver.statements import NEXT, NOW

LONGEST_REASON = 400

NULL_NOT_ALLOWED = 515
"""SQL Server's error where a column is NOT NULL."""

OF_A_SHOP = "SELECT account, password, sync_paused_reason FROM AccountShop WHERE shop_pharmacy_code = %s"


@frozen(kw_only=True)
class Shop:
    """A shop's row in AccountShop; ``account`` and ``password`` (as it is stored) are None where it has none."""

    account: str | None
    password: str | None = field(repr=False)
    paused: str | None


@frozen
class FindShop:
    """Finds shops by their codes: an errand that gives a shop, or None where AccountShop does not know it.

    Of several rows with the code one with an account and a password counts, and the pause of any.
    """

    def ask(self, wanted: Sequence[str]) -> Question:
        """A SELECT for each: the server's collation says which codes are the same."""
        return Question([OF_A_SHOP for _ in wanted], [*wanted])

    def deal(self, wanted: Sequence[str], results: Sequence[Sequence[Row]]) -> list[Shop | None]:
        """The shops."""
        return [_shop(rows) for _, rows in zip(wanted, results, strict=True)]


def _shop(rows: Sequence[Row]) -> Shop | None:
    if not rows:
        return None
    shops = [_read(row) for row in rows]
    paused = next((shop.paused for shop in shops if shop.paused is not None), None)
    return evolve(next((shop for shop in shops if shop.account and shop.password), shops[0]), paused=paused)


def _read(row: Row) -> Shop:
    account, password, paused = (row[name] for name in ("account", "password", "sync_paused_reason"))
    return Shop(
        account=str(account).strip() or None if account is not None else None,
        password=str(password) or None if password is not None else None,
        paused=None if paused is None else str(paused),
    )


def is_known(sql: SqlServer, shop_id: str) -> bool:
    """Whether AccountShop or a row that is not done yet names the shop."""
    asked = [
        "SELECT TOP (1) shop_pharmacy_code FROM AccountShop WHERE shop_pharmacy_code = %s",
        *(
            f"SELECT TOP (1) shop_pharmacy_code FROM {kind.table} WHERE shop_pharmacy_code = %s AND {IS_OPEN}"
            for kind in DOCUMENT_TYPES
        ),
    ]
    values = [shop_id, *(value for _ in DOCUMENT_TYPES for value in (shop_id, *IS_OPEN_VALUES))]
    return any(sql.run(NEXT.join(asked), values))


def pause_shop(sql: SqlServer, shop_id: str, reason: str) -> bool:
    """Pauses a shop; its queued rows go back, so that what is shown as queued is really on its way.

    A shop that AccountShop does not know gets a row without an account, which leaves it to the default account.

    Returns:
        Whether a row was added.
    """
    added = _store_pause(sql, shop_id, _cut(reason))
    for kind in DOCUMENT_TYPES:
        sql.run(
            f"UPDATE {kind.table} SET status = %s, sync_due_at = NULL, updated_at = {NOW} OUTPUT inserted.id"
            " WHERE shop_pharmacy_code = %s AND status = %s",
            (Status.PENDING.value, shop_id, Status.QUEUED.value),
        )
    return added


def _store_pause(sql: SqlServer, shop_id: str, reason: str) -> bool:
    try:
        return _pause(sql, shop_id, reason, nothing=None)
    except StatementError as error:
        if error.number != NULL_NOT_ALLOWED:
            raise
        return _pause(sql, shop_id, reason, nothing="")


def _pause(sql: SqlServer, shop_id: str, reason: str, nothing: str | None) -> bool:
    known, *_ = sql.run(
        "UPDATE AccountShop SET sync_paused_reason = %s OUTPUT inserted.shop_pharmacy_code"
        " WHERE shop_pharmacy_code = %s;\n"
        "INSERT INTO AccountShop (shop_pharmacy_code, pharmacy_code, account, password, sync_paused_reason)"
        " SELECT %s, %s, %s, %s, %s"
        " WHERE NOT EXISTS (SELECT 1 FROM AccountShop WHERE shop_pharmacy_code = %s)",
        (reason, shop_id, shop_id, "", nothing, nothing, reason, shop_id),
    )
    return not known


def _cut(reason: str) -> str:
    """As much of it as the column holds, which counts a character beyond U+FFFF as two."""
    return reason.encode("utf-16-le", "ignore")[: 2 * LONGEST_REASON].decode("utf-16-le", "ignore")


def resume_shop(sql: SqlServer, shop_id: str) -> bool:
    """Ends a shop's pause; False where it was not paused. A row that only the pause needed goes with it."""
    paused = sql.rows(
        "UPDATE AccountShop SET sync_paused_reason = NULL OUTPUT inserted.shop_pharmacy_code"
        " WHERE shop_pharmacy_code = %s AND sync_paused_reason IS NOT NULL",
        (shop_id,),
    )
    with suppress(StatementError):  # whoever may not delete rows leaves one that says nothing
        sql.run(
            "DELETE FROM AccountShop WHERE shop_pharmacy_code = %s AND sync_paused_reason IS NULL"
            " AND pharmacy_code = %s AND (account IS NULL OR account = %s) AND (password IS NULL OR password = %s)",
            (shop_id, "", "", ""),
        )
    return bool(paused)


def paused_shops(sql: SqlServer) -> dict[str, str]:
    """The paused shops and why."""
    rows = sql.rows(
        "SELECT shop_pharmacy_code AS shop, sync_paused_reason AS reason FROM AccountShop"
        " WHERE sync_paused_reason IS NOT NULL ORDER BY shop_pharmacy_code"
    )
    return {str(row["shop"]): str(row["reason"]) for row in rows}
