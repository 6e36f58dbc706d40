"""The passwords of the shops' accounts, encrypted at rest: ``fernet:`` and a Fernet token in AccountShop's column."""

from pharmasync.secrets.form import PREFIX, Form, is_clear_text
from pharmasync.secrets.keyring import Keyring

__all__ = ["PREFIX", "Form", "Keyring", "is_clear_text"]
