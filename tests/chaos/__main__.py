"""``python -m tests.chaos``: the matrix, or some rows of it."""

import argparse
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from pharmasync import __version__
from tests.chaos.matrix import MATRIX, SHORT
from tests.chaos.run import Result, run_row
from tests.chaos.table import cells, table

TROUBLE = 1
MOST_FINDINGS = 20
SEEDS = 1_000_000


def main() -> int:
    """Runs what is asked for; the exit status is 1 unless every number that must be zero is."""
    options = _parser().parse_args()
    rows = SHORT if options.short else MATRIX
    seed = secrets.randbelow(SEEDS) if options.seed is None else options.seed
    _say(f"seed {seed}, {datetime.now(UTC):%Y-%m-%d}, version {_version()}")
    began = time.monotonic()
    results = []
    for name in options.row or rows:
        results.append(run_row(rows[name], seed))
        _tell(results[-1])
    _say(f"\n{table(results)}\n")
    _say(f"{len(results)} rows in {time.monotonic() - began:.0f} s, seed {seed}: {_sum(results)}")
    return 0 if all(result.fine for result in results) else TROUBLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="The crash matrix.")
    parser.add_argument("--row", action="append", choices=MATRIX, metavar="NAME", help="only this row; may be repeated")
    parser.add_argument("--seed", type=int, help="make the choices of an earlier run")
    parser.add_argument("--short", action="store_true", help="the few short rows that belong to the tests")
    return parser


def _tell(result: Result) -> None:
    _say(" | ".join(cells(result)))
    for finding in result.findings[:MOST_FINDINGS]:
        _say(f"    {finding.sort}: {finding.words}")
    if not result.fine:
        _say(result.logs)


def _sum(results: Sequence[Result]) -> str:
    sorts = {"lost": "lost", "doubled": "doubled", "wrong": "wrong status", "stuck": "stuck"}
    return ", ".join(f"{words} {sum(result.count(sort) for result in results)}" for sort, words in sorts.items())


def _version() -> str:
    """The package's, and the commit where there is one."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git is there
        capture_output=True,
        text=True,
        check=False,
    )
    commit = found.stdout.strip()
    return f"{__version__} ({commit})" if commit else __version__


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
