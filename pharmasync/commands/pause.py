"""``pharmasync pause`` and ``pharmasync resume``."""

import click

from pharmasync.commands.group import settings
from pharmasync.errors import AccountMissingError
from pharmasync.settings import Settings
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.passwords import account_rows
from pharmasync.sqlserver.shops import is_known, pause_shop, resume_shop
from pharmasync.wiring import fingerprints, shop_accounts, sql_server, token_cache


@click.command()
@click.argument("shop")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
def pause(shop: str, reason: str) -> None:
    """Stop sending documents of SHOP; they wait."""
    reason = " ".join(reason.split())
    if not reason:
        raise click.UsageError("--reason says nothing; whoever looks next wants to know why")
    sql = sql_server(settings())
    known = is_known(sql, shop)
    added = pause_shop(sql, shop, reason)
    click.echo(f"{shop} is paused")
    if added:
        click.echo(f"{shop} had no row in AccountShop: one was added")
    if not known:
        click.echo(f"no document that is to be sent names {shop}: is that its code?")


@click.command()
@click.argument("shop")
def resume(shop: str) -> None:
    """Send documents of SHOP again, with one new login."""
    found = settings()
    sql = sql_server(found)
    if not account_rows(sql, shop):
        raise click.ClickException(f"AccountShop does not know {shop}: nothing was resumed")
    trouble = _forget_refusal(found, sql, shop)
    was_paused = resume_shop(sql, shop)
    click.echo(f"{shop} is resumed{trouble}" if was_paused else f"{shop} was not paused{trouble}")


def _forget_refusal(found: Settings, sql: SqlServer, shop: str) -> str:
    """Lets the shop's account be tried again, before the shop is resumed: a worker that came between would pause it.

    Also of a shop that could not be paused when its login was refused.
    """
    try:
        account = shop_accounts(found, sql).kept_for(shop)
    except AccountMissingError as error:
        return f", but: {error}"
    token_cache(found).forget_refusal(fingerprints(found)(account))
    return ""
