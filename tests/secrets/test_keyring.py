"""The keys: what they encrypt, what they open, and that they give nothing away."""

import traceback

import pytest
from cryptography.fernet import Fernet

from pharmasync.errors import AccountMissingError, PasswordTooLongError, PasswordUnreadableError
from pharmasync.secrets import PREFIX, Form, Keyring, is_clear_text

NEW, OLD, LOST = (Fernet.generate_key().decode() for _ in range(3))
PASSWORD = "Mật khẩu 'lạ' %s"


@pytest.mark.parametrize("password", [PASSWORD, "x", " ", "fernet:x", "ậ" * 30])
def test_what_is_stored_is_read_again(password: str) -> None:
    keys = Keyring.of((NEW,))
    stored = keys.stored(password)
    assert stored.startswith(PREFIX)
    assert stored != password
    assert keys.read(stored, "S1") == password


def test_the_same_password_is_never_stored_alike() -> None:
    keys = Keyring.of((NEW,))
    assert keys.stored(PASSWORD) != keys.stored(PASSWORD)


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    before, between, after = Keyring.of((OLD,)), Keyring.of((NEW, OLD)), Keyring.of((NEW,))
    assert between.read(before.stored(PASSWORD), "S1") == PASSWORD
    assert after.read(between.stored(PASSWORD), "S1") == PASSWORD


@pytest.mark.parametrize("keys", [None, (NEW,)])
def test_what_has_no_prefix_is_clear_text(keys: tuple[str, ...] | None) -> None:
    assert Keyring.of(keys).read(PASSWORD, "S1") == PASSWORD


def test_without_a_key_a_password_is_stored_in_clear_text() -> None:
    keys = Keyring.of(None)
    assert not keys.can_encrypt
    assert keys.stored(PASSWORD) == PASSWORD


def broken(stored: str) -> str:
    return stored[:-3] + "=="


STORED = Keyring.of((LOST,)).stored(PASSWORD)


@pytest.mark.parametrize("keys", [None, (NEW,), (NEW, OLD)])
@pytest.mark.parametrize("stored", [STORED, broken(STORED), PREFIX, f"{PREFIX}x", f"{PREFIX}é", f"{PREFIX}\ud800"])
def test_what_no_key_opens_is_an_error_that_names_the_shop_and_what_to_do(
    keys: tuple[str, ...] | None, stored: str
) -> None:
    with pytest.raises(PasswordUnreadableError, match=r"NT07.*PHARMASYNC_SECRET_KEY.*set-password NT07") as caught:
        Keyring.of(keys).read(stored, "NT07")
    told = "".join(traceback.format_exception(caught.value))
    assert not any(secret in told for secret in (PASSWORD, STORED[10:40], *(keys or ())))


def test_a_password_that_nobody_can_read_is_like_an_account_that_is_missing() -> None:
    assert issubclass(PasswordUnreadableError, AccountMissingError)


def test_the_longest_password_of_the_national_api_fits_in_any_script() -> None:
    assert len(Keyring.of((NEW,)).stored("\U0001f600" * 30)) <= 400


@pytest.mark.parametrize(
    ("keys", "fits", "too_long"),
    [((NEW,), "x" * 223, "x" * 224), (None, "x" * 400, "x" * 401), (None, "😀" * 200, "😀" * 201)],
)
def test_a_password_that_does_not_fit_is_refused(keys: tuple[str, ...] | None, fits: str, too_long: str) -> None:
    assert Keyring.of(keys).stored(fits)
    with pytest.raises(PasswordTooLongError) as caught:
        Keyring.of(keys).stored(too_long)
    assert too_long[:10] not in str(caught.value)


@pytest.mark.parametrize(
    ("stored", "form"),
    [
        (None, Form.MISSING),
        ("", Form.MISSING),
        (PASSWORD, Form.CLEAR),
        (Keyring.of((NEW,)).stored(PASSWORD), Form.ENCRYPTED),
        (Keyring.of((OLD,)).stored(PASSWORD), Form.OUTDATED),
        (STORED, Form.UNREADABLE),
    ],
)
def test_the_form_of_a_stored_password(stored: str | None, form: Form) -> None:
    assert Keyring.of((NEW, OLD)).form_of(stored) is form
    assert is_clear_text(stored) is (form is Form.CLEAR)


def test_keys_are_not_printed() -> None:
    keys = Keyring.of((NEW, OLD))
    assert NEW not in repr(keys)
    assert repr(keys) == "Keyring()"
