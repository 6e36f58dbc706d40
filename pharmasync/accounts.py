"""Which account a shop sends with: AccountShop's, or the one of the settings where it has none."""

import logging

from attrs import field, frozen

from pharmasync.errors import AccountMissingError, PauseNotStoredError, ShopPausedError, StatementError
from pharmasync.national.adapter import Account
from pharmasync.secrets import Keyring
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import Trips
from pharmasync.sqlserver.shops import FindShop, Shop, pause_shop
from pharmasync.words import Words

logger = logging.getLogger(__name__)

NO_ACCOUNT = Words("cửa hàng chưa có tài khoản liên thông", "the shop has no account at the national server")
NO_PASSWORD = Words("tài khoản của cửa hàng chưa có mật khẩu", "the shop's account has no password")


@frozen(kw_only=True)
class ShopAccounts:
    """The shops' accounts, for the login.

    Attributes:
        trips: The way to AccountShop: after a start many threads look for accounts at once.
        sql: Where a shop is paused.
        default: The account of a shop without one of its own.
        keys: What encrypted passwords are read with.
    """

    trips: Trips
    sql: SqlServer
    default: Account | None
    keys: Keyring = field(factory=Keyring)

    def account_of(self, shop_id: str) -> Account:
        """The shop's account.

        Raises:
            ShopPausedError: The shop is paused.
            AccountMissingError: It has none, and there is no default.
            PasswordUnreadableError: Its password is encrypted, and no key opens it; the default is not for this shop.
        """
        shop = self.trips.run(FindShop(), shop_id)
        if shop is not None and shop.paused is not None:
            raise ShopPausedError(Words(f"cửa hàng tạm dừng: {shop.paused}", "the shop is paused"))
        return self._account(shop, shop_id)

    def kept_for(self, shop_id: str) -> Account:
        """The account that the shop has or will have once it is resumed.

        Raises:
            AccountMissingError, PasswordUnreadableError: As above.
        """
        return self._account(self.trips.run(FindShop(), shop_id), shop_id)

    def _account(self, shop: Shop | None, shop_id: str) -> Account:
        if shop is not None and shop.account and shop.password:
            return Account(shop.account, self.keys.read(shop.password, shop_id))
        if self.default is None:
            raise AccountMissingError(NO_PASSWORD if shop is not None and shop.account else NO_ACCOUNT)
        return self.default

    def pause(self, shop_id: str, reason: str) -> None:
        """Pauses the shop, whose login was refused.

        Raises:
            PauseNotStoredError: AccountShop does not take the pause, for a column or a trigger of its owner's.
        """
        try:
            pause_shop(self.sql, shop_id, reason)
        except StatementError as error:
            logger.error("shop %s cannot be paused: %s", shop_id, error)  # noqa: TRY400 - SQL Server's words say it all
            raise PauseNotStoredError(reason) from error
        logger.warning("shop %s is paused: %s", shop_id, reason)
