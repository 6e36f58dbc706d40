"""Encrypts the passwords that AccountShop holds in clear text, or encrypted with an older key."""

from attrs import define, field

from pharmasync.errors import PasswordTooLongError
from pharmasync.secrets import Form, Keyring
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.passwords import AccountRow, account_rows, swap_password


@define(kw_only=True)
class Encrypted:
    """What was done: numbers of passwords, and the shops whose password was left alone.

    Attributes:
        encrypted: Were in clear text.
        renewed: Were encrypted with an older key.
        up_to_date: Are encrypted with the first key already.
        changed_meanwhile: Somebody else changed it; the next run sees to it.
        unreadable: No key opens it.
        too_long: Does not fit once it is encrypted.
    """

    encrypted: int = 0
    renewed: int = 0
    up_to_date: int = 0
    changed_meanwhile: list[str] = field(factory=list)
    unreadable: list[str] = field(factory=list)
    too_long: list[str] = field(factory=list)

    @property
    def complete(self) -> bool:
        """Whether every password is encrypted with the first key now."""
        return not (self.changed_meanwhile or self.unreadable or self.too_long)


def encrypt_passwords(sql: SqlServer, keys: Keyring) -> Encrypted:
    """Encrypts with the first key whatever is not; a second run does nothing.

    Raises:
        ServerAwayError: SQL Server is away; the next run goes on.
    """
    done = Encrypted()
    for row in account_rows(sql):
        match keys.form_of(row.password):
            case Form.ENCRYPTED:
                done.up_to_date += 1
            case Form.UNREADABLE:
                done.unreadable.append(row.shop_id)
            case Form.CLEAR | Form.OUTDATED as form:
                _encrypt(sql, keys, row, form, done)
    return done


def _encrypt(sql: SqlServer, keys: Keyring, row: AccountRow, form: Form, done: Encrypted) -> None:
    try:
        replaced = _replace(sql, keys, row)
    except PasswordTooLongError:
        done.too_long.append(row.shop_id)
        return
    if not replaced:
        done.changed_meanwhile.append(row.shop_id)
    elif form is Form.CLEAR:
        done.encrypted += 1
    else:
        done.renewed += 1


def _replace(sql: SqlServer, keys: Keyring, row: AccountRow) -> bool:
    """Replaces the password that was read, and no other; False where there was another."""
    expected = str(row.password)
    encrypted = keys.stored(keys.read(expected, row.shop_id))
    found = swap_password(sql, row, expected, encrypted)
    if found is not None and found != expected:  # changed meanwhile, in a way that SQL Server takes for equal
        swap_password(sql, row, encrypted, keys.stored(keys.read(found, row.shop_id)))
    return found is not None
