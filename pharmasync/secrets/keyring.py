"""The keys of the stored passwords: the first encrypts, all of them decrypt."""

from typing import Self

from attrs import field, frozen
from cryptography.fernet import Fernet, InvalidToken

from pharmasync.errors import PasswordTooLongError, PasswordUnreadableError
from pharmasync.secrets.form import PREFIX, Form, is_clear_text
from pharmasync.words import Words

LONGEST = 400
"""The characters that AccountShop has room for."""


@frozen
class Keyring:
    """The keys, the newest first; without any, passwords are stored in clear text."""

    _keys: tuple[Fernet, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, keys: tuple[str, ...] | None) -> Self:
        """The keys of the setting, which has checked them."""
        return cls(tuple(Fernet(key) for key in keys or ()))

    @property
    def can_encrypt(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def stored(self, password: str) -> str:
        """The password as AccountShop is to hold it: encrypted where there is a key.

        Raises:
            PasswordTooLongError: It does not fit.
        """
        text = PREFIX + self._keys[0].encrypt(password.encode()).decode() if self._keys else password
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise PasswordTooLongError(f"the password does not fit: as it is stored it may have {LONGEST} characters")
        return text

    def read(self, stored: str, shop_id: str) -> str:
        """The password.

        Args:
            stored: What AccountShop holds.
            shop_id: Whose it is, for the words of the error.

        Raises:
            PasswordUnreadableError: It is encrypted, and no key opens it.
        """
        if is_clear_text(stored):
            return stored
        for key in self._keys:
            password = _opened(key, stored)
            if password is not None:
                return password
        raise PasswordUnreadableError(_unreadable(shop_id))

    def form_of(self, stored: str | None) -> Form:
        """In which form a password is stored."""
        if not stored:
            return Form.MISSING
        if is_clear_text(stored):
            return Form.CLEAR
        opening = (place for place, key in enumerate(self._keys) if _opened(key, stored) is not None)
        place = next(opening, None)
        if place is None:
            return Form.UNREADABLE
        return Form.OUTDATED if place else Form.ENCRYPTED


def _opened(key: Fernet, stored: str) -> str | None:
    """The password; None where the key is another one, or the token is broken."""
    try:
        return key.decrypt(stored.removeprefix(PREFIX)).decode()
    except (InvalidToken, ValueError):
        return None


def _unreadable(shop_id: str) -> Words:
    return Words(
        f"không giải mã được mật khẩu của cửa hàng {shop_id}: kiểm tra PHARMASYNC_SECRET_KEY",
        f"the password of shop {shop_id} cannot be decrypted: PHARMASYNC_SECRET_KEY lacks its key; add it, or run"
        f" `pharmasync shops set-password {shop_id}`",
    )
