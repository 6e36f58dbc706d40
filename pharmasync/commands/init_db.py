"""``pharmasync init-db``."""

import click

from pharmasync.commands.group import settings
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.wiring import sql_server


@click.command("init-db")
def init_db() -> None:
    """Create the tables, or add to existing ones what pharmasync needs. Does nothing the second time."""
    done: list[str] = []
    create_or_extend(sql_server(settings()).patient(), done.append)
    for line in done or ["nothing to do"]:
        click.echo(line)
