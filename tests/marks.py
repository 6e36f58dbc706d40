"""Secrets and names that are known again wherever they turn up."""

import uuid

from attrs import asdict, field, frozen
from cryptography.fernet import Fernet


def _mark() -> str:
    return f"x{uuid.uuid4().hex}"


def _name() -> str:
    return f"Nguyễn {_mark()}"


def _key() -> str:
    return Fernet.generate_key().decode()


@frozen(kw_only=True)
class Marks:
    """What must not be found, each with a value of its own.

    A name is looked for by its second word, which has no letters that could be written in another way.
    """

    sql_password: str = field(factory=_mark)
    redis_password: str = field(factory=_mark)
    mongo_password: str = field(factory=_mark)
    wrong_password: str = field(factory=_mark)
    secret_key: str = field(factory=_key)
    lost_key: str = field(factory=_key)
    clear_password: str = field(factory=_mark)
    encrypted_password: str = field(factory=_mark)
    refused_password: str = field(factory=_mark)
    unreadable_password: str = field(factory=_mark)
    default_password: str = field(factory=_mark)
    token: str = field(factory=_mark)
    customer: str = field(factory=_name)
    seller: str = field(factory=_name)
    prescription: str = field(factory=_name)
    supplier: str = field(factory=_name)
    recipient: str = field(factory=_name)

    def found_in(self, text: str) -> list[str]:
        """The names of the marks that a text holds, in whatever case."""
        lowered = text.lower()
        return [name for name, mark in asdict(self).items() if mark.split()[-1].lower() in lowered]
