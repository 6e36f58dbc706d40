"""Names for accounts, for Redis to know them by."""

import hmac

from attrs import field, frozen

from pharmasync.national.adapter import Account


@frozen
class Fingerprints:
    """Gives an account and its password a name that gives neither away, not even to somebody who tries passwords on it.

    Attributes:
        key: What all processes of an installation know, and nobody else who can read Redis.
    """

    key: str = field(repr=False)

    def __call__(self, account: Account) -> str:
        """The name; another account or another password has another one."""
        return hmac.new(self.key.encode(), f"{account.name}\0{account.password}".encode(), "sha256").hexdigest()[:32]
