"""The lines of ``pharmasync check`` about the shops: their accounts, and with ``--login`` their logins."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from attrs import frozen

from pharmasync.closing import ClosingTime
from pharmasync.commands.finding import Finding, attempt, trouble
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.secrets import Form, Keyring
from pharmasync.settings import Settings
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.operator import shops_without_account
from pharmasync.sqlserver.passwords import AccountRow, account_rows
from pharmasync.wiring import national_client

T = TypeVar("T")


@frozen(kw_only=True)
class ShopAccount:
    """A shop, the form of its account's password (None: no account of its own) and why it is paused, if it is."""

    shop_id: str
    form: Form | None = None
    paused: str | None = None

    def is_left_to_default(self, *, has_default: bool) -> bool:
        """Whether it logs in with API_USERNAME."""
        return has_default and self.form in {None, Form.MISSING}


def shop_findings(sql: SqlServer, found: Settings, *, login: bool) -> Iterator[Finding]:
    """A line for each shop, those that can be read even where others cannot; another one for its login if asked for."""
    has_default = found.api_username is not None
    shops, troubles = _all_shops(sql, Keyring.of(found.secret_keys))
    yield from troubles
    for shop in shops:
        yield _account(shop, has_default=has_default)
    if login:
        renew = national_client(found, sql, ClosingTime()).login.renew
        for shop in shops:
            yield _login(shop, renew, has_default=has_default)


def _all_shops(sql: SqlServer, keys: Keyring) -> tuple[list[ShopAccount], list[Finding]]:
    """The shops that have an account, are paused or have open rows, and a line for each table that tells of none."""
    troubles: list[Finding] = []

    def asked(what: str, question: Callable[[], Iterable[T]]) -> list[T]:
        try:
            return list(question())
        except Exception as error:  # noqa: BLE001 - it belongs on a line of its own, and the other shops still come
            troubles.append(trouble(what, error))
            return []

    shops = {shop.shop_id: shop for shop in asked("shop accounts", lambda: _shops_of(account_rows(sql), keys))}
    for kind in DOCUMENT_TYPES:
        for shop_id in asked(f"shops of {kind.table}", partial(shops_without_account, sql, kind)):
            shops.setdefault(shop_id, ShopAccount(shop_id=shop_id))
    return list(shops.values()), troubles


def _shops_of(rows: Iterable[AccountRow], keys: Keyring) -> list[ShopAccount]:
    """Of a shop's rows one whose password cannot be read counts, and one that is paused."""
    forms: dict[str, Form | None] = {}
    paused: dict[str, str] = {}
    for row in rows:
        if row.paused is not None:
            paused.setdefault(row.shop_id, row.paused)
            forms.setdefault(row.shop_id, None)
        if row.has_account and forms.get(row.shop_id) is not Form.UNREADABLE:
            forms[row.shop_id] = keys.form_of(row.password)
    return [ShopAccount(shop_id=shop, form=form, paused=paused.get(shop)) for shop, form in forms.items()]


def _account(shop: ShopAccount, *, has_default: bool) -> Finding:
    what = f"shop {shop.shop_id}"
    if shop.paused is not None:
        return Finding(what, fine=False, found=shop.paused)
    if shop.form is Form.UNREADABLE:
        advice = f"add it, or run `pharmasync shops set-password {shop.shop_id}`"
        return Finding(what, fine=False, found=f"PHARMASYNC_SECRET_KEY lacks the key of its password; {advice}")
    if shop.form is None:
        return Finding(what, fine=has_default, found="uses API_USERNAME" if has_default else "has no account")
    if shop.form is Form.MISSING:
        found = (
            "uses API_USERNAME, since its own account has no password" if has_default else "its account has no password"
        )
        return Finding(what, fine=has_default, found=found)
    return Finding(
        what, fine=True, found="has an account" + (", its password in clear text" if shop.form is Form.CLEAR else "")
    )


def _login(shop: ShopAccount, renew: Callable[[str], str], *, has_default: bool) -> Finding:
    what = f"login of shop {shop.shop_id}"
    if shop.paused is not None:
        return Finding(what, fine=False, found="not tried, since the shop is paused")
    if shop.is_left_to_default(has_default=has_default):
        return Finding(what, fine=True, found="not tried, since it uses API_USERNAME")
    return attempt(what, lambda: renew(shop.shop_id))
