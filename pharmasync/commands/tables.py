"""Tables for an operator: nothing of them is left out, however narrow the terminal is, and a pipe gets a line a row."""

from collections.abc import Iterable, Sequence

import click
from rich import box
from rich.console import Console
from rich.table import Table

WIDEST = 1_000_000
"""Wider than any line; a table is only as wide as what stands in it."""


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints rows under their heads; what is too wide for a terminal is folded, and nothing is cut off.

    Where it is no terminal there are no borders, and nothing behind a row: one long reason would make every other line
    as long.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    table = Table(box=box.HEAVY_HEAD if console.is_terminal else None, pad_edge=console.is_terminal)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(_on_one_line(cell) for cell in row))
    if console.is_terminal:
        console.print(table)
        return
    console.width = WIDEST
    with console.capture() as printed:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def _on_one_line(cell: str) -> str:
    """A code with a line break in it is one that the operator must see."""
    return cell.replace("\r", "\\r").replace("\n", "\\n")
