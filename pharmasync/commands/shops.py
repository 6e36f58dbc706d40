"""``pharmasync shops``: the shops' accounts and their passwords."""

import sys

import attrs
import click
from attrs import frozen

from pharmasync.commands.group import TROUBLE, as_json, print_json, settings
from pharmasync.commands.tables import print_table
from pharmasync.encryption import Encrypted, encrypt_passwords
from pharmasync.secrets import PREFIX, Form, Keyring
from pharmasync.sqlserver.passwords import AccountRow, account_rows, add_account, set_account
from pharmasync.wiring import sql_server


@frozen(kw_only=True)
class ListedShop:
    """A row of AccountShop without its password."""

    shop_id: str
    account: str
    password: Form
    paused: str | None


@click.group()
def shops() -> None:
    """Look at the shops' accounts, set and encrypt their passwords."""


@shops.command("list")
@as_json
def list_shops(as_json: bool) -> None:
    """Show every shop's account, whether its password is there and encrypted, and why the shop is paused."""
    found = settings()
    keys = Keyring.of(found.secret_keys)
    listed = [_listed(row, keys) for row in account_rows(sql_server(found))]
    if as_json:
        print_json([attrs.asdict(shop) for shop in listed])
        return
    print_table(
        ("shop", "account", "password", "paused"),
        ((shop.shop_id, shop.account, shop.password.value, _or_dash(shop.paused)) for shop in listed),
    )


@shops.command("set-password")
@click.argument("shop")
@click.option("--account", help="The account's name, where it is new, or where the shop has several.")
def set_password(shop: str, account: str | None) -> None:
    """Store the password of SHOP's account, encrypted where PHARMASYNC_SECRET_KEY is set.

    It is asked for without echo, or is the first line of the standard input where that is no terminal.
    """
    found = settings()
    sql, keys = sql_server(found), Keyring.of(found.secret_keys)
    row = _chosen(account_rows(sql, shop), shop, account)
    name = account or (row.account if row else None) or ""
    stored = keys.stored(_asked_for(name, keys))
    if row is None:
        add_account(sql, shop, name, stored)
    elif not set_account(sql, row, name, stored):
        raise click.ClickException(f"the account of {shop} was changed by somebody else meanwhile: nothing is stored")
    if keys.can_encrypt:
        click.echo(f"{shop}: the password of account {name} is stored, encrypted")
    else:
        click.echo(f"{shop}: the password of account {name} is stored")
        click.echo("Warning: it is in clear text, since PHARMASYNC_SECRET_KEY is not set", err=True)
    if row is not None and row.has_account and row.account != name:
        click.echo(f"{shop}: its account was {row.account} before")
    if row is not None and row.paused is not None:
        click.echo(f"{shop} is still paused ({row.paused}); `pharmasync resume {shop}` lets it log in again")


@shops.command()
@as_json
def encrypt(as_json: bool) -> None:
    """Encrypt the passwords that are in clear text, or encrypted with an older key than the first."""
    found = settings()
    keys = Keyring.of(found.secret_keys)
    if not keys.can_encrypt:
        raise click.UsageError("PHARMASYNC_SECRET_KEY is not set: there is no key to encrypt with")
    done = encrypt_passwords(sql_server(found), keys)
    if as_json:
        print_json(done)
    else:
        _print(done)
    if not done.complete:
        raise SystemExit(TROUBLE)


def _listed(row: AccountRow, keys: Keyring) -> ListedShop:
    return ListedShop(
        shop_id=row.shop_id, account=row.account or "", password=keys.form_of(row.password), paused=row.paused
    )


def _or_dash(paused: str | None) -> str:
    """Why a shop is paused; one that was paused without words is paused all the same."""
    return "-" if paused is None else paused or "(no reason)"


def _chosen(rows: list[AccountRow], shop: str, account: str | None) -> AccountRow | None:
    """The row that is meant; None where one is to be added."""
    if not rows:
        if account is None:
            raise click.UsageError(f"AccountShop does not know {shop}; name its account with --account to add it")
        return None
    if len(rows) == 1:
        if account is None and not rows[0].has_account:
            raise click.UsageError(f"{shop} has no account yet; name it with --account")
        return rows[0]
    named = [row for row in rows if row.account == account]
    if len(named) != 1:
        known = ", ".join(row.account or "(none)" for row in rows)
        raise click.UsageError(f"{shop} has several accounts ({known}); say which with --account")
    return named[0]


def _asked_for(name: str, keys: Keyring) -> str:
    """The password from whoever sits at the terminal, or from the standard input."""
    password: str
    if sys.stdin.isatty():
        password = click.prompt(f"Password of account {name}", hide_input=True, confirmation_prompt="Once more")
    else:
        click.echo("reading the password from the first line of the standard input", err=True)
        password = sys.stdin.readline().rstrip("\r\n")
    if not password or not password.isprintable():
        raise click.UsageError("a password has at least one character, and none that cannot be printed")
    if password.startswith(PREFIX) and not keys.can_encrypt:
        raise click.UsageError(f"without PHARMASYNC_SECRET_KEY, what begins with {PREFIX} would be taken for encrypted")
    return password


def _print(done: Encrypted) -> None:
    click.echo(
        f"{done.encrypted} encrypted, {done.renewed} encrypted anew with the first key, {done.up_to_date} as before"
    )
    for shop in done.changed_meanwhile:
        click.echo(f"{shop}: changed by somebody else meanwhile; run it again")
    for shop in done.unreadable:
        click.echo(f"{shop}: left alone, since PHARMASYNC_SECRET_KEY lacks the key of its password")
    for shop in done.too_long:
        click.echo(f"{shop}: left alone, since its password is too long to be encrypted")
