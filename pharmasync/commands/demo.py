"""``pharmasync demo``."""

import click
from rich.console import Console

from pharmasync.sandbox.extra import need_extra

FEWEST = 60


@click.command()
@click.option("--documents", type=click.IntRange(FEWEST), default=600, show_default=True, help="How many documents.")
@click.option("--seed", type=int, default=1, show_default=True, help="What documents and faults are drawn from.")
@click.option("--keep", is_flag=True, help="Go on running afterwards, to play with.")
def demo(documents: int, seed: int, keep: bool) -> None:
    """Deliver the documents of 12 shops to a practice national API in bad weather, and count.

    Needs nothing but this machine: the servers are started on free ports of loopback, and end with the demo. The exit
    status is 0 only if no document was lost and none doubled.
    """
    need_extra("aiohttp", "jsonschema", "sqlglot")
    from pharmasync.sandbox.demo.plan import Plan  # noqa: PLC0415 - only with the extra installed
    from pharmasync.sandbox.demo.run import run  # noqa: PLC0415 - likewise
    from pharmasync.sandbox.servers import ServerStartError  # noqa: PLC0415 - likewise

    try:
        status = run(Plan(documents=documents, seed=seed, keep=keep), _console())
    except ServerStartError as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(status)


def _console() -> Console:
    """The terminal, or lines wide enough to be read in a file."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=140)
