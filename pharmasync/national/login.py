"""One login at a time for each account, however many workers want its token.

Repeated wrong logins lock a pharmacy's account: a refused login pauses the shop before anybody else may try, and an
account that was refused is not tried again with the same password, whichever shop it stands beside. What is a refusal
is the adapter's to say: every whole answer without a token that is no "not now".
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from attrs import field, frozen

from pharmasync.errors import CredentialsRefusedError, NetworkTroubleError, TooLateError
from pharmasync.national.adapter import Account, Adapter
from pharmasync.national.guard import Guard, NoGuard
from pharmasync.national.http import Call, Request, Response
from pharmasync.national.turnstile import OpenTurnstile, Turnstile
from pharmasync.repeating import repeat
from pharmasync.words import Words


class TokenCache(Protocol):
    """Where tokens are kept for all workers; whatever it loses costs one more login."""

    def get(self, shop_id: str, *, newest: bool = False) -> str | None:
        """The shop's token; it may have been replaced meanwhile, unless the ``newest`` is wanted."""

    def put(self, shop_id: str, token: str) -> None:
        """Keeps the shop's token for its lifetime."""

    def lock(self, name: str) -> AbstractContextManager[object]:
        """A lock that all workers share."""

    def was_refused(self, fingerprint: str) -> bool:
        """Whether a login with these credentials was refused."""

    def remember_refusal(self, fingerprint: str) -> None:
        """Remembers that it was."""


class Accounts(Protocol):
    """Where the shops' accounts are kept."""

    def account_of(self, shop_id: str) -> Account:
        """The shop's account.

        Raises:
            ShopPausedError: The shop is paused.
            AccountMissingError: It has none.
        """

    def pause(self, shop_id: str, reason: str) -> None:
        """Pauses the shop."""


@frozen(kw_only=True)
class Login:
    """Tokens for shops.

    Attributes:
        adapter: The API's version.
        call: Makes a call without a token.
        cache: Where tokens are kept.
        accounts: Where accounts are kept.
        fingerprint: What the cache knows accounts by.
        retries: How often a login is repeated after network trouble.
        retry_seconds: The wait between.
        turnstile: Lets calls through as the limits allow, repeats included.
        guard: Lets calls through while the server is there, repeats included.
    """

    adapter: Adapter
    call: Call
    cache: TokenCache
    accounts: Accounts
    fingerprint: Callable[[Account], str]
    retries: int
    retry_seconds: float
    turnstile: Turnstile = field(factory=OpenTurnstile)
    guard: Guard = field(factory=NoGuard)

    def token(self, shop_id: str, refused: str | None = None) -> str:
        """The shop's token, by a login where there is none or only the one that was ``refused``.

        Raises:
            ShopPausedError, AccountMissingError, CredentialsRefusedError, PauseNotStoredError: The shop cannot send.
            UnavailableError: The server cannot answer now.
            LimitReachedError: The limits of calls have no room for a login.
            CircuitOpenError: The server is down, and nobody calls it for now.
        """
        return self._kept(shop_id, refused, newest=refused is not None) or self._fresh(shop_id, refused)

    def renew(self, shop_id: str) -> str:
        """A new token by a login, whatever is kept; it replaces what is kept. Raises what :meth:`token` raises."""
        with self._alone(shop_id):
            return self._replaced(shop_id)

    def _kept(self, shop_id: str, refused: str | None, *, newest: bool) -> str | None:
        token = self.cache.get(shop_id, newest=newest)
        return None if token == refused else token

    def _fresh(self, shop_id: str, refused: str | None) -> str:
        with self._alone(shop_id):
            return self._kept(shop_id, refused, newest=True) or self._replaced(shop_id)

    def _alone(self, shop_id: str) -> AbstractContextManager[object]:
        return self.cache.lock(self.fingerprint(self.accounts.account_of(shop_id)))

    def _replaced(self, shop_id: str) -> str:
        account = self.accounts.account_of(shop_id)
        try:
            token = self._log_in(account, shop_id)
        except CredentialsRefusedError as error:
            self.cache.remember_refusal(self.fingerprint(account))
            self.accounts.pause(shop_id, str(error))
            raise
        self.cache.put(shop_id, token)
        return token

    def _log_in(self, account: Account, shop_id: str) -> str:
        if self.cache.was_refused(self.fingerprint(account)):
            raise CredentialsRefusedError(
                Words("tài khoản này đã bị từ chối trước đó", "a login with this account was refused before")
            )

        def call(request: Request) -> Response:
            return self.guard.carry(request, lambda: passed(request))

        def passed(request: Request) -> Response:
            with self.turnstile.pass_for(shop_id):
                return self.call(request)

        log_in: Callable[[], str] = lambda: self.adapter.login(call, account)  # noqa: E731 - one call, named
        return repeat(log_in, NetworkTroubleError, times=self.retries, seconds=self.retry_seconds, unless=TooLateError)
