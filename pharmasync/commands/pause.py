"""``pharmasync pause`` and ``pharmasync resume``."""

import click

from pharmasync.commands.group import settings
from pharmasync.errors import AccountMissingError
from pharmasync.sqlserver.passwords import account_rows
from pharmasync.sqlserver.shops import is_known, pause_shop, resume_shop
from pharmasync.wiring import fingerprints, shop_accounts, sql_server, token_cache


@click.command()
@click.argument("shop")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
def pause(shop: str, reason: str) -> None:
    """Stop sending documents of SHOP; they wait."""
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
    was_paused = resume_shop(sql, shop)
    if not was_paused and not account_rows(sql, shop):
        raise click.ClickException(f"AccountShop does not know {shop}: nothing was resumed")
    done = f"{shop} is resumed" if was_paused else f"{shop} was not paused"
    try:
        account = shop_accounts(found, sql).account_of(shop)
    except AccountMissingError as error:
        click.echo(f"{done}, but: {error}")
        return
    # Also of a shop that could not be paused when its login was refused.
    token_cache(found).forget_refusal(fingerprints(found)(account))
    click.echo(done)
