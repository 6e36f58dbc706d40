"""`pharmasync shops`: what an operator does about the shops' passwords, none of which is ever shown."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from pharmasync.commands.group import pharmasync
from pharmasync.secrets import Form, Keyring
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.passwords import AccountRow, account_rows
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

Run = Callable[..., Any]
Type = Callable[..., Any]

KEY, OLDER_KEY = (Fernet.generate_key().decode() for _ in range(2))
KEYS = Keyring.of((KEY,))
PASSWORD = "Mật khẩu mới"


@pytest.fixture
def type_in(servers: dict[str, str]) -> Type:
    """Runs a command with a text as its standard input, which is no terminal."""

    def run_command(text: str, *arguments: str, **more: str) -> Any:
        return CliRunner().invoke(pharmasync, arguments, input=text, env={**servers, **more}, catch_exceptions=False)

    return run_command


def only_row(sql: SqlServer) -> AccountRow:
    (row,) = account_rows(sql, "S1")
    return row


def test_the_list_tells_all_but_the_passwords(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password=PASSWORD)
    pharmacy.add_shop("S2", account="", password="")
    pharmacy.add_shop("S3", password=KEYS.stored(PASSWORD))
    pharmacy.add_shop("S4", password=Keyring.of((OLDER_KEY,)).stored(PASSWORD))
    pause_shop(sql, "S2", "kiểm kê")
    listed = run("shops", "list", "--json", PHARMASYNC_SECRET_KEY=KEY)
    assert listed.status == 0
    assert listed.json() == [
        {"shop_id": "S1", "account": "S1", "password": Form.CLEAR, "paused": None},
        {"shop_id": "S2", "account": "", "password": Form.MISSING, "paused": "kiểm kê"},
        {"shop_id": "S3", "account": "S3", "password": Form.ENCRYPTED, "paused": None},
        {"shop_id": "S4", "account": "S4", "password": Form.UNREADABLE, "paused": None},
    ]
    text = run("shops", "list", PHARMASYNC_SECRET_KEY=f"{KEY},{OLDER_KEY}").text
    assert "kiểm kê" in text
    assert "encrypted with an older key" in text
    assert PASSWORD not in listed.text + text
    assert "fernet:" not in listed.text + text


def test_a_shop_that_was_paused_without_words_is_listed_as_paused(run: Run, sql: SqlServer) -> None:
    pause_shop(sql, "S1", "")
    assert "(no reason)" in run("shops", "list").text


def test_a_password_is_stored_encrypted(type_in: Type, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", account="acc")
    answer = type_in(f"{PASSWORD}\n", "shops", "set-password", "S1", PHARMASYNC_SECRET_KEY=KEY)
    assert answer.exit_code == 0
    assert answer.stdout == "S1: the password of account acc is stored, encrypted\n"
    assert "standard input" in answer.stderr
    assert KEYS.read(str(only_row(sql).password), "S1") == PASSWORD
    assert only_row(sql).account == "acc"


def test_a_new_name_of_an_account_is_stored_and_the_old_one_told(
    type_in: Type, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1", account="old")
    answer = type_in(f"{PASSWORD}\n", "shops", "set-password", "S1", "--account", "new", PHARMASYNC_SECRET_KEY=KEY)
    assert "S1: its account was old before\n" in answer.stdout
    assert only_row(sql).account == "new"


def test_without_a_key_a_password_is_stored_in_clear_text_with_a_warning(
    type_in: Type, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1")
    answer = type_in(f" {PASSWORD} \r\nsecond line\n", "shops", "set-password", "S1")
    assert answer.exit_code == 0
    assert "clear text, since PHARMASYNC_SECRET_KEY is not set" in answer.stderr
    assert only_row(sql).password == f" {PASSWORD} "


def test_a_pause_stays_and_is_told_about(type_in: Type, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pause_shop(sql, "S1", "sai mật khẩu")
    answer = type_in("new\n", "shops", "set-password", "S1")
    assert "`pharmasync resume S1`" in answer.stdout
    assert only_row(sql).paused == "sai mật khẩu"


def test_a_shop_that_has_no_account_needs_its_name(type_in: Type, sql: SqlServer) -> None:
    unknown = type_in("new\n", "shops", "set-password", "S1")
    assert (unknown.exit_code, account_rows(sql)) == (2, [])
    assert "AccountShop does not know S1; name its account with --account" in unknown.stderr
    assert type_in("new\n", "shops", "set-password", "S1", "--account", "acc").exit_code == 0
    assert (only_row(sql).account, only_row(sql).password) == ("acc", "new")


def test_a_shop_that_was_only_paused_gets_its_account(type_in: Type, sql: SqlServer) -> None:
    pause_shop(sql, "S1", "chưa có tài khoản")
    assert type_in("new\n", "shops", "set-password", "S1").exit_code == 2
    assert type_in("new\n", "shops", "set-password", "S1", "--account", "acc").exit_code == 0
    assert (only_row(sql).account, only_row(sql).password) == ("acc", "new")


def test_of_several_accounts_one_must_be_named(type_in: Type, sql: SqlServer, pharmacy: Pharmacy) -> None:
    for account in ("a", "b"):
        pharmacy.add_shop("S1", account=account, password="old")
    vague = type_in("new\n", "shops", "set-password", "S1")
    assert vague.exit_code == 2
    assert "several accounts (a, b)" in vague.stderr
    assert type_in("new\n", "shops", "set-password", "S1", "--account", "b").exit_code == 0
    assert [row.password for row in account_rows(sql, "S1")] == ["old", "new"]


@pytest.mark.parametrize("text", ["", "\n", "a\tb\n", "fernet:abc\n"])
def test_what_can_be_no_password_is_refused(type_in: Type, sql: SqlServer, pharmacy: Pharmacy, text: str) -> None:
    pharmacy.add_shop("S1", password="old")
    answer = type_in(text, "shops", "set-password", "S1")
    assert answer.exit_code == 2
    assert only_row(sql).password == "old"


def test_a_password_that_does_not_fit_is_refused(type_in: Type, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="old")
    answer = type_in("xyz" * 80, "shops", "set-password", "S1", PHARMASYNC_SECRET_KEY=KEY)
    assert answer.exit_code == 1
    assert "does not fit" in answer.stderr
    assert "xyz" not in answer.output
    assert only_row(sql).password == "old"


def at_a_terminal(command: list[str], environ: dict[str, str], lines: list[tuple[str, str]]) -> tuple[int, str]:
    """What a command shows on a terminal where each line is typed as soon as its prompt is there."""
    ours, theirs = pty.openpty()
    shown = b""
    with subprocess.Popen(
        command, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        for prompt, line in lines:
            while prompt.encode() not in shown:
                shown += os.read(ours, 1024)
            os.write(ours, f"{line}\n".encode())
        with suppress(OSError):  # the terminal's end, once nobody has it open
            while part := os.read(ours, 1024):
                shown += part
        status = process.wait(30)
    os.close(ours)
    return status, shown.decode()


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(
    servers: dict[str, str], sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1")
    command = [sys.executable, "-m", "pharmasync", "shops", "set-password", "S1"]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **servers}
    status, shown = at_a_terminal(command, environ, [("Password of account S1", PASSWORD), ("Once more", PASSWORD)])
    assert status == 0
    assert "the password of account S1 is stored" in shown
    assert PASSWORD not in shown
    assert only_row(sql).password == PASSWORD


def test_encrypt_says_what_it_did(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password=PASSWORD)
    first = run("shops", "encrypt", PHARMASYNC_SECRET_KEY=KEY)
    assert (first.status, first.text) == (0, "1 encrypted, 0 encrypted anew with the first key, 0 as before\n")
    second = run("shops", "encrypt", "--json", PHARMASYNC_SECRET_KEY=KEY)
    assert second.json() == {
        "encrypted": 0,
        "renewed": 0,
        "up_to_date": 1,
        "changed_meanwhile": [],
        "unreadable": [],
        "too_long": [],
    }
    assert KEYS.read(str(only_row(sql).password), "S1") == PASSWORD


def test_encrypt_names_the_shops_that_it_left_alone(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password=Keyring.of((OLDER_KEY,)).stored(PASSWORD))
    pharmacy.add_shop("S2", password="x" * 300)
    answer = run("shops", "encrypt", PHARMASYNC_SECRET_KEY=KEY)
    assert answer.status == 1
    assert "S1: left alone, since PHARMASYNC_SECRET_KEY lacks the key" in answer.text
    assert "S2: left alone, since its password is too long" in answer.text
    assert json.loads(run("shops", "encrypt", "--json", PHARMASYNC_SECRET_KEY=KEY).text)["unreadable"] == ["S1"]


def test_without_a_key_nothing_can_be_encrypted(run: Run) -> None:
    answer = run("shops", "encrypt")
    assert answer.status == 2
    assert "PHARMASYNC_SECRET_KEY is not set" in answer.text


def test_a_wrong_key_is_one_line_that_does_not_show_it(run: Run) -> None:
    answer = run("shops", "list", PHARMASYNC_SECRET_KEY="very-secret-word")
    assert answer.status == 2
    assert answer.text.startswith("pharmasync: PHARMASYNC_SECRET_KEY is wrong: its value; it expects Fernet keys")
    assert len(answer.text.splitlines()) == 1
