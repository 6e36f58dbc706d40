"""``pharmasync sandbox``."""

import click

from pharmasync.sandbox.extra import need_extra


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, 0 for any free one.  [default: 8808]")
@click.option(
    "--account", "accounts", metavar="NAME=PASSWORD", multiple=True, help="An account; without any, all are accepted."
)
@click.option(
    "--switch",
    "switches",
    metavar="NAME=VALUE",
    multiple=True,
    help="Such as second_post=reject; a wrong name tells all of them.",
)
@click.option(
    "--fault",
    "faults",
    metavar="NAME=VALUE",
    multiple=True,
    help="Such as lost_answer=0.01; a wrong name tells all of them.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="What the faults are drawn from.")
def sandbox(  # noqa: PLR0913, PLR0917 - one option of the command line each
    host: str,
    port: int | None,
    accounts: tuple[str, ...],
    switches: tuple[str, ...],
    faults: tuple[str, ...],
    seed: int,
) -> None:
    """Run the practice national API, to try pharmasync or another client against, until Ctrl-C.

    Its page, with all that it holds, is at the address that it prints.
    """
    need_extra("aiohttp", "jsonschema")
    from pharmasync.sandbox import national  # noqa: PLC0415 - only with the extra installed

    try:
        national.serve(
            host,
            national.DEFAULT_PORT if port is None else port,
            dict(map(_account, accounts)),
            national.from_pairs(national.Switches(), switches),
            national.from_pairs(national.Faults(), faults),
            seed,
        )
    except national.ChangeError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _account(pair: str) -> tuple[str, str]:
    name, separator, password = pair.partition("=")
    if not separator:
        raise click.UsageError(f"--account {pair!r} is not of the form NAME=PASSWORD")
    return name, password
