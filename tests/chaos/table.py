"""The table of the results: Markdown that reads well as it is."""

from collections.abc import Sequence

from tests.chaos.run import Result

HEADINGS = ("row", "what is broken", "documents", "done", "lost", "doubled", "wrong status", "stuck", "to rest", "took")
SORTS = ("lost", "doubled", "wrong", "stuck")
LEFT = 2
"""So many columns are text."""


def cells(result: Result) -> list[str]:
    """A result's line."""
    done = ", ".join(f"{count} {name}" for name, count in sorted(result.done.items())) or "none"
    missed = f", {result.missed} missed" if result.missed else ""
    return [
        result.row.name,
        result.row.breaks,
        str(result.row.documents),
        done + missed,
        *(str(result.count(sort)) for sort in SORTS),
        f"{result.slowest:.1f} s",
        f"{result.seconds:.0f} s",
    ]


def table(results: Sequence[Result]) -> str:
    """All results; "to rest" is from what was broken to the last affected row, "took" the whole row of the matrix."""
    lines = [list(HEADINGS), *map(cells, results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    rule = "|".join(["", *("-" * (width + 2) for width in widths), ""])
    head, *body = (_line(line, widths) for line in lines)
    return "\n".join([head, rule, *body])


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text.ljust(width) for text, width in zip(texts, widths, strict=True)]
    return f"| {' | '.join(padded)} |"
