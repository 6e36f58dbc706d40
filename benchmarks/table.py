"""Writes the results: Markdown for people, JSON for programs."""

import json
from collections.abc import Callable, Sequence

import attrs
from attrs import frozen

from benchmarks.figures import BARE, Figure
from benchmarks.machine import Machine
from benchmarks.results import Results
from benchmarks.statistics import Summary, ratios, summary
from benchmarks.throughput import Run

SERVERS = ("SQL Server", "API", "Redis", "MongoDB")
NOTHING = "–"
EXPLAINED = (
    "CPU and SQL round trips are for one document. Elsewhere: the share of all processors that neither subject nor"
    " servers had; where it is more than a few percent, something disturbed the run."
)


@frozen(kw_only=True)
class Setup:
    """How it was measured.

    Attributes:
        documents: How many documents a run counts.
        warm_up: How many it does not count before them.
        runs: How many runs.
        answer_ms: How long the national API takes to answer.
        sql_server: Which SQL Server it was.
    """

    documents: int
    warm_up: int
    runs: int
    answer_ms: int
    sql_server: str


def markdown(machine: Machine, setup: Setup, results: Results, figures: Sequence[Figure]) -> str:
    """The tables, with the machine's description below them."""
    parts = ["# Benchmarks", _throughput(results), _figures(figures), _about(machine, setup)]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(machine: Machine, setup: Setup, results: Results, figures: Sequence[Figure]) -> str:
    """Everything, each run of it."""
    told = {
        "machine": attrs.asdict(machine),
        "setup": attrs.asdict(setup),
        "figures": [{**attrs.asdict(figure), "met": figure.met} for figure in figures],
        "results": attrs.asdict(results),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns stand under each other in plain text too."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, *rows)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """Three digits that count; a dash where there is nothing."""
    if value is None:
        return NOTHING
    if value and abs(value) < 100:  # noqa: PLR2004 - from here on three digits need no point
        return f"{value:.3g}"
    return f"{value:,.0f}"


def spread(value: Summary | None) -> str:
    """The least and the most of all runs."""
    return NOTHING if value is None else f"{number(value.least)} to {number(value.most)}"


def _throughput(results: Results) -> str:
    if not results.throughput:
        return ""
    head = ["subject", "in flight", "documents/s", "runs", "beside bare", "own CPU ms", "SQL trips"]
    rows = [_subject(name, runs, results.of(BARE)) for name, runs in results.throughput.items()]
    return grid([*head, *(f"{name} CPU ms" for name in SERVERS), "elsewhere %"], rows) + f"\n\n{EXPLAINED}"


def _subject(name: str, runs: Sequence[Run], bare: Sequence[Run]) -> list[str]:
    rate = summary([run.rate for run in runs])
    beside = ratios([run.rate for run in runs], [run.rate for run in bare]) if len(bare) == len(runs) else []

    def middle(value: Callable[[Run], float | None]) -> str:
        found = summary([each for run in runs if (each := value(run)) is not None])
        return number(found.median if found else None)

    def server(called: str) -> str:
        return middle(lambda run: run.server_cpu_ms.get(called))

    ratio = summary(beside)
    return [
        *(name, middle(lambda run: run.in_flight), middle(lambda run: run.rate), spread(rate)),
        *(number(ratio.median if ratio else None), middle(lambda run: run.cpu_ms), middle(lambda run: run.round_trips)),
        *(server(called) for called in SERVERS),
        middle(lambda run: run.elsewhere * 100),
    ]


def _figures(figures: Sequence[Figure]) -> str:
    return grid(["", "figure", "median", "unit", "runs", "target", ""], [_figure(figure) for figure in figures])


def _figure(figure: Figure) -> list[str]:
    target = ""
    if figure.at_least is not None:
        target = f"at least {figure.at_least:g}"
    elif figure.at_most is not None:
        target = f"at most {figure.at_most:g}"
    met = {True: "met", False: "missed", None: ""}[figure.met]
    value = number(figure.value.median) if figure.value else "not measured"
    return [figure.number, figure.name, value, figure.unit, spread(figure.value), target, met]


def _about(machine: Machine, setup: Setup) -> str:
    packages = ", ".join(f"{name} {found}" for name, found in machine.packages.items())
    return (
        f"Runs: {setup.runs}, each of {setup.documents:,} documents of 3 lines (Celery as written: a tenth), after"
        f" {setup.warm_up} for warm-up; medians; ratios within the same run. The national API answers after"
        f" {setup.answer_ms} ms. SQL Server: {setup.sql_server}.\n\n"
        f"{machine.processors} x {machine.processor}, {machine.memory_gb} GB, {machine.system}, {machine.python};"
        f" {packages}. Load before: {machine.load_before:.2f}."
    )
