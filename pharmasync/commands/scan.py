"""``pharmasync scan --once``."""

import click

from pharmasync.commands.group import as_json, print_json, settings
from pharmasync.schedulers.opening import open_producer


@click.command()
@click.option("--once", is_flag=True, required=True, help="Scan one time; the process `scheduler` does it all day.")
@as_json
def scan(once: bool, as_json: bool) -> None:  # noqa: ARG001 - click asks for --once
    """Claim due rows and enqueue them, one time."""
    done = open_producer(settings()).scan()
    if as_json:
        print_json(done)
        return
    for name, count in done.enqueued.items():
        click.echo(f"{name}: {count} enqueued")
