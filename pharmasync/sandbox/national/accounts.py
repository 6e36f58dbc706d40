"""The accounts: who may log in, for which facilities, and who is locked."""

from collections.abc import Mapping

from attrs import Factory, asdict, define, frozen

from pharmasync.sandbox.national.refusal import RefusedError

WRONG_PASSWORDS = frozenset({"wrong", "sai"})
"""The passwords that are wrong where no account is configured and every other one is right."""


@frozen
class Account:
    """One account.

    Attributes:
        password: Its password.
        facilities: The facility codes it may send for; empty for any.
    """

    password: str
    facilities: frozenset[str] = frozenset()


@define
class LoginCounts:
    """The logins of one account: good ones, bad ones, bad ones in a row, and whether it is locked."""

    logins: int = 0
    bad_logins: int = 0
    bad_in_a_row: int = 0
    locked: bool = False


@define
class Accounts:
    """All accounts with their logins; with none configured, every account is accepted unless its password is wrong."""

    configured: dict[str, Account]
    counts: dict[str, LoginCounts] = Factory(dict)

    @classmethod
    def of(cls, accounts: Mapping[str, str | Account] | None) -> "Accounts":
        """Build from a mapping of account to password, or to an :class:`Account`."""
        given = {} if accounts is None else accounts
        return cls({name: Account(item) if isinstance(item, str) else item for name, item in given.items()})

    def log_in(self, name: str, password: str, lock_after: int) -> None:
        """Count one login.

        Args:
            name: The account.
            password: The password given.
            lock_after: Wrong logins in a row after which the account is locked.

        Raises:
            RefusedError: The account is locked, or account or password is wrong.
        """
        counts = self.counts.setdefault(name, LoginCounts())
        right = self._is_right(name, password)
        if right and not counts.locked:
            counts.logins += 1
            counts.bad_in_a_row = 0
            return
        counts.bad_logins += 1
        if counts.locked:
            raise RefusedError(400, "Tài khoản đã bị khóa")
        counts.bad_in_a_row += 1
        counts.locked = counts.bad_in_a_row >= lock_after
        raise RefusedError(400, "Tài khoản hoặc mật khẩu không đúng")

    def check_facility(self, name: str, facility: str) -> None:
        """Check that the account may send for the facility.

        Raises:
            RefusedError: It may not.
        """
        account = self.configured.get(name)
        if account is not None and account.facilities and facility not in account.facilities:
            raise RefusedError(400, "Mã cơ sở không chính xác (ma_co_so)")

    def clear(self) -> None:
        """Forget all logins and unlock every account."""
        self.counts.clear()

    def locked(self) -> list[str]:
        """Return the names of the locked accounts."""
        return [name for name, counts in self.counts.items() if counts.locked]

    def snapshot(self) -> dict[str, dict[str, object]]:
        """Return the counts by account."""
        return {name: asdict(counts) for name, counts in self.counts.items()}

    def _is_right(self, name: str, password: str) -> bool:
        if not self.configured:
            return password not in WRONG_PASSWORDS
        account = self.configured.get(name)
        return account is not None and account.password == password
