"""``pharmasync pause`` and ``pharmasync resume``."""

import click

from pharmasync.commands.group import settings
from pharmasync.errors import AccountMissingError
from pharmasync.sqlserver.shops import pause_shop, resume_shop
from pharmasync.wiring import fingerprints, shop_accounts, sql_server, token_cache


@click.command()
@click.argument("shop")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
def pause(shop: str, reason: str) -> None:
    """Stop sending documents of SHOP; they wait."""
    pause_shop(sql_server(settings()), shop, reason)
    click.echo(f"{shop} is paused")


@click.command()
@click.argument("shop")
def resume(shop: str) -> None:
    """Send documents of SHOP again, with one new login."""
    found = settings()
    sql = sql_server(found)
    if not resume_shop(sql, shop):
        click.echo(f"{shop} was not paused")
        return
    try:
        account = shop_accounts(found, sql).account_of(shop)
    except AccountMissingError as error:
        click.echo(f"{shop} is resumed, but: {error}")
        return
    token_cache(found).forget_refusal(fingerprints(found)(account))
    click.echo(f"{shop} is resumed")
