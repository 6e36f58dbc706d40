"""The group of all commands: what is true of each of them.

The exit status is 0 for fine, 1 for trouble found, 2 for wrong usage or a wrong setting.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any

import attrs
import click

from pharmasync import __version__
from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.errors import PharmasyncError, StatementError
from pharmasync.settings import Settings
from pharmasync.wiring import settings_or_exit

TROUBLE = 1


class Commands(click.Group):
    """Turns an error of ours into one line and exit status 1, where others would show a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except StatementError as error:  # most often a table or a column that is not there yet
            words = str(error).rstrip(".")
            raise click.ClickException(f"{words}; `pharmasync check` tells more") from error
        except PharmasyncError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.version_option(__version__)
def pharmasync() -> None:
    """Delivers every pharmacy document to the national pharmacy database: nothing lost, nothing twice."""


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

of_type = click.option(
    "--type",
    "type_name",
    type=click.Choice([kind.name for kind in DOCUMENT_TYPES]),
    help="Only this document type.",
)


def settings() -> Settings:
    """The settings of this process."""
    return settings_or_exit(os.environ)


def kinds_named(type_name: str | None) -> list[DocumentType]:
    """The document type of this name, or all."""
    return [kind for kind in DOCUMENT_TYPES if type_name in {None, kind.name}]


def print_json(value: object) -> None:
    """Prints a value, or a list of them, as JSON; attrs classes become objects, times ISO 8601 in UTC."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> object:
    if isinstance(value, datetime):  # SQL Server's have no zone: they are UTC
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return attrs.asdict(value) if attrs.has(type(value)) else str(value)
