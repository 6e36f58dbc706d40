"""``pharmasync retry``."""

import click

from pharmasync.commands.group import as_json, kinds_named, of_type, print_json, settings
from pharmasync.sqlserver.operator import Selection, retry_failed
from pharmasync.wiring import sql_server


@click.command()
@click.option("--shop", help="Failed documents of this shop.")
@click.option("--id", "local_id", help="The failed document with this code of the shop's own.")
@of_type
@click.option("--all", "everything", is_flag=True, help="All failed documents.")
@as_json
def retry(shop: str | None, local_id: str | None, type_name: str | None, everything: bool, as_json: bool) -> None:
    """Send failed documents again, once what was wrong with them is mended.

    One that may be stored already is looked for before it is sent.
    """
    if not (everything or shop or local_id or type_name):
        raise click.UsageError("say which: --shop, --id, --type or --all")
    sql = sql_server(settings())
    which = Selection(shop_id=shop, local_id=local_id)
    done = {kind.name: retry_failed(sql, kind, which) for kind in kinds_named(type_name)}
    if as_json:
        print_json(done)
    else:
        for name, count in done.items():
            click.echo(f"{name}: {count} will be sent again")
    if local_id is not None and not any(done.values()):
        raise click.ClickException(f"no failed document has the code {local_id}")
