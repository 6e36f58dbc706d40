"""``pharmasync failures``."""

import click

from pharmasync.commands.group import as_json, kinds_named, of_type, print_json, settings
from pharmasync.commands.tables import print_table
from pharmasync.sqlserver.operator import FailedRow, Selection, count_failed, failed_rows
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
    rows: list[FailedRow] = []
    for kind in kinds_named(type_name):
        shown = failed_rows(sql, kind, which, limit)
        rows += shown
        if len(shown) == limit and (count := count_failed(sql, kind, which)) > limit:
            click.echo(f"{kind.name}: only the newest {limit} of {count} are shown; --limit shows more", err=True)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(("document", "shop", "code", "attempts", "failed (UTC)", "why"), map(_cells, rows))
    else:
        click.echo("no failed documents")


def _cells(row: FailedRow) -> tuple[str, ...]:
    when = "-" if row.failed_at is None else f"{row.failed_at:%Y-%m-%d %H:%M}"
    return row.document_type, row.shop_id, row.local_id, str(row.attempts), when, row.message
