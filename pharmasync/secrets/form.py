"""In which form AccountShop holds a password."""

from enum import StrEnum

PREFIX = "fernet:"
"""What an encrypted password begins with; everything else is clear text."""


class Form(StrEnum):
    """The form of a stored password."""

    MISSING = "missing"
    CLEAR = "clear"
    ENCRYPTED = "encrypted"
    OUTDATED = "encrypted with an older key"
    UNREADABLE = "unreadable"


def is_clear_text(stored: str | None) -> bool:
    """Whether a password is there and not encrypted."""
    return bool(stored) and not str(stored).startswith(PREFIX)
