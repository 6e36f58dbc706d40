"""What people read: every message exists in Vietnamese and in English."""

from attrs import frozen


@frozen
class Words:
    """One message in both languages; as text they stand side by side, ``"thiếu số lô / lot number is missing"``."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"
