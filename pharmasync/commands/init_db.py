"""``pharmasync init-db``."""

import click

from pharmasync.commands.group import TROUBLE, settings
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.wiring import sql_server


@click.command("init-db")
def init_db() -> None:
    """Create the tables, or add to existing ones what pharmasync needs. Does nothing the second time."""
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        click.echo(line)

    is_whole = create_or_extend(sql_server(settings()).patient(), tell)
    if not told:
        click.echo("nothing to do")
    if not is_whole:
        raise SystemExit(TROUBLE)
