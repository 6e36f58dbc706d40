"""``pharmasync failures``."""

import click
from rich.table import Table

from pharmasync.commands.group import as_json, console, kinds_named, of_type, print_json, settings
from pharmasync.sqlserver.operator import FailedRow, Selection, failed_rows
from pharmasync.wiring import sql_server


@click.command()
@click.option("--shop", help="Only this shop.")
@of_type
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many of each type.")
@as_json
def failures(shop: str | None, type_name: str | None, limit: int, as_json: bool) -> None:
    """Show the documents that were refused or given up, and why, the newest first."""
    sql = sql_server(settings())
    which = Selection(shop_id=shop)
    rows = [row for kind in kinds_named(type_name) for row in failed_rows(sql, kind, which, limit)]
    if as_json:
        print_json(rows)
    elif rows:
        console().print(_table(rows))
    else:
        click.echo("no failed documents")


def _table(rows: list[FailedRow]) -> Table:
    table = Table("document", "shop", "code", "attempts", "failed (UTC)", "why")
    for row in rows:
        when = "-" if row.failed_at is None else f"{row.failed_at:%Y-%m-%d %H:%M}"
        table.add_row(row.document_type, row.shop_id, row.local_id, str(row.attempts), when, row.message)
    return table
