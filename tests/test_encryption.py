"""Encrypting what AccountShop holds: once, with the newest key, and never over somebody else's change."""

from collections.abc import Sequence
from typing import Any

import pytest
from cryptography.fernet import Fernet

from pharmasync.encryption import Encrypted, encrypt_passwords
from pharmasync.secrets import Form, Keyring
from pharmasync.sqlserver.connection import Address, Row, SqlServer
from pharmasync.sqlserver.passwords import account_rows
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

NEW, OLD = (Fernet.generate_key().decode() for _ in range(2))
KEYS = Keyring.of((NEW, OLD))


class Interrupted(SqlServer):
    """A server where somebody else changes a password between the look and the first change."""

    def __init__(self, address: Address, pharmacy: Pharmacy, password: str) -> None:
        super().__init__(address)
        self._pharmacy = pharmacy
        self._password: str | None = password

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        if statement.startswith("UPDATE") and self._password is not None:
            self._pharmacy.sql.run("UPDATE AccountShop SET password = %s", (self._password,))
            self._password = None
        return super().rows(statement, parameters)


def stored(sql: SqlServer) -> dict[str, str | None]:
    return {row.shop_id: row.password for row in account_rows(sql)}


def test_clear_text_is_encrypted_and_an_older_key_is_replaced(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="một")
    pharmacy.add_shop("S2", password=Keyring.of((OLD,)).stored("hai"))
    pharmacy.add_shop("S3", password=Keyring.of((NEW,)).stored("ba"))
    pharmacy.add_shop("S4", password="")
    before = stored(sql)
    done = encrypt_passwords(sql, KEYS)
    assert done == Encrypted(encrypted=1, renewed=1, up_to_date=1)
    assert done.complete
    after = stored(sql)
    assert {shop: KEYS.form_of(text) for shop, text in after.items() if shop != "S4"} == dict.fromkeys(
        ("S1", "S2", "S3"), Form.ENCRYPTED
    )
    assert [KEYS.read(str(after[shop]), shop) for shop in ("S1", "S2", "S3")] == ["một", "hai", "ba"]
    assert (after["S3"], after["S4"]) == (before["S3"], "")


def test_a_second_run_does_nothing(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    encrypt_passwords(sql, KEYS)
    before = stored(sql)
    assert encrypt_passwords(sql, KEYS) == Encrypted(up_to_date=1)
    assert stored(sql) == before


def test_every_account_of_a_shop_is_encrypted(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for account in ("a", "b"):
        pharmacy.add_shop("S1", account=account, password="same")
    assert encrypt_passwords(sql, KEYS) == Encrypted(encrypted=2)


def test_what_cannot_be_encrypted_is_left_alone_and_named(sql: SqlServer, pharmacy: Pharmacy) -> None:
    lost = Keyring.of((Fernet.generate_key().decode(),)).stored("x")
    pharmacy.add_shop("S1", password=lost)
    pharmacy.add_shop("S2", password="x" * 300)
    done = encrypt_passwords(sql, KEYS)
    assert done == Encrypted(unreadable=["S1"], too_long=["S2"])
    assert not done.complete
    assert stored(sql) == {"S1": lost, "S2": "x" * 300}


def test_a_password_that_was_changed_meanwhile_is_not_overwritten(
    empty_database: Address, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1", password="before")
    done = encrypt_passwords(Interrupted(empty_database, pharmacy, "after"), KEYS)
    assert done == Encrypted(changed_meanwhile=["S1"])
    assert not done.complete
    assert stored(sql) == {"S1": "after"}


@pytest.mark.parametrize("after", ["BEFORE", "before "])
def test_not_even_where_sql_server_takes_both_for_equal(
    empty_database: Address, sql: SqlServer, pharmacy: Pharmacy, after: str
) -> None:
    pharmacy.add_shop("S1", password="before")
    encrypt_passwords(Interrupted(empty_database, pharmacy, after), KEYS)
    assert KEYS.read(str(stored(sql)["S1"]), "S1") == after
