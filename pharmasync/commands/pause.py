"""``pharmasync pause`` and ``pharmasync resume``."""

import click

from pharmasync.commands.group import settings
from pharmasync.errors import AccountMissingError
from pharmasync.sqlserver.passwords import account_rows
from pharmasync.sqlserver.shops import pause_shop, resume_shop
from pharmasync.wiring import fingerprints, shop_accounts, sql_server, token_cache


@click.command()
@click.argument("shop")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
def pause(shop: str, reason: str) -> None:
    """Stop sending documents of SHOP; they wait."""
    sql = sql_server(settings())
    is_known = bool(account_rows(sql, shop))
    pause_shop(sql, shop, reason)
    click.echo(f"{shop} is paused")
    if not is_known:
        click.echo(f"{shop} had no row in AccountShop: one was added")


@click.command()
@click.argument("shop")
def resume(shop: str) -> None:
    """Send documents of SHOP again, with one new login."""
    found = settings()
    sql = sql_server(found)
    if not resume_shop(sql, shop):
        if not account_rows(sql, shop):
            raise click.ClickException(f"AccountShop does not know {shop}: nothing was resumed")
        click.echo(f"{shop} was not paused")
        return
    try:
        account = shop_accounts(found, sql).account_of(shop)
    except AccountMissingError as error:
        click.echo(f"{shop} is resumed, but: {error}")
        return
    token_cache(found).forget_refusal(fingerprints(found)(account))
    click.echo(f"{shop} is resumed")
