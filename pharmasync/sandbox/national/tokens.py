"""The tokens a login gives out."""

import secrets
import time
from random import Random

from attrs import Factory, define, frozen


@frozen
class _Token:
    account: str
    issued_at: float


@define
class Tokens:
    """The tokens that are good, unless they are older than the lifetime; in the order they were given out."""

    _tokens: dict[str, _Token] = Factory(dict)

    def issue(self, account: str, lifetime: float) -> str:
        """Give out a new token, and forget the ones older than ``lifetime`` seconds."""
        now = time.monotonic()
        while self._tokens and next(iter(self._tokens.values())).issued_at <= now - lifetime:
            del self._tokens[next(iter(self._tokens))]
        token = secrets.token_hex(16)
        self._tokens[token] = _Token(account, now)
        return token

    def account_of(self, token: str, lifetime: float) -> str | None:
        """Return whose token it is, or ``None`` if it is unknown, revoked or older than ``lifetime`` seconds."""
        found = self._tokens.get(token)
        if found is None or found.issued_at <= time.monotonic() - lifetime:
            return None
        return found.account

    def revoke(self, token: str) -> None:
        """Make one token worthless."""
        self._tokens.pop(token, None)

    def expire(self, share: float, dice: Random) -> int:
        """Make a random share (0 to 1) of the tokens worthless.

        Returns:
            How many these were.
        """
        chosen = dice.sample(list(self._tokens), round(share * len(self._tokens)))
        for token in chosen:
            del self._tokens[token]
        return len(chosen)

    def clear(self) -> None:
        """Make every token worthless."""
        self._tokens.clear()

    def count(self, lifetime: float) -> int:
        """Return how many tokens are good now."""
        oldest = time.monotonic() - lifetime
        return sum(token.issued_at > oldest for token in self._tokens.values())
