"""The live view: a bar for each document type, and a few lines of what is going on."""

import signal
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.snapshot import Progress, Snapshot
from pharmasync.sandbox.demo.stopping import StopRequested

BAR_WIDTH = 44
LINES_SHOWN = 8
PLAIN_SECONDS = 3.0

TITLES = {kind.name: kind.title for kind in DOCUMENT_TYPES}


class View(Protocol):
    """Shows how far things are."""

    def __enter__(self) -> Self:
        """Begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the last picture on the screen."""

    def show(self, snapshot: Snapshot, events: Sequence[str], seconds: float) -> None:
        """Shows one look, ``seconds`` after the beginning."""


def open_view(console: Console) -> View:
    """The view that fits where the output goes."""
    return LiveView(console) if console.is_terminal else PlainView(console)


class LiveView:
    """Bars that move, on a terminal."""

    def __init__(self, console: Console) -> None:
        """Show nothing yet."""
        self._console = console
        self._live = Live(console=console, auto_refresh=False)
        self._lines: deque[str] = deque(maxlen=LINES_SHOWN)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, snapshot: Snapshot, events: Sequence[str], seconds: float) -> None:
        """Draws the bars, the legend and the newest lines.

        Raises:
            StopRequested: The terminal was closed; where make stands in between, no signal tells so.
        """
        if not self._console.is_terminal:
            raise StopRequested(signal.SIGHUP)
        self._lines.extend(events)
        lines = [Text.from_markup(line, overflow="ellipsis") for line in self._lines]
        for line in lines:
            line.no_wrap = True
        picture = Group(bars(snapshot), legend(snapshot), clock(snapshot, seconds), Text(), *lines)
        self._live.update(picture, refresh=True)


class PlainView:
    """A line every few seconds, for a file or a pipe."""

    def __init__(self, console: Console) -> None:
        """Print nothing yet."""
        self._console = console
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""

    def show(self, snapshot: Snapshot, events: Sequence[str], seconds: float) -> None:
        """Prints the counts, and what was told last."""
        if seconds < self._next:
            return
        self._next = seconds + PLAIN_SECONDS
        counts = ", ".join(
            f"{TITLES[name].en} {progress.delivered + progress.refused}/{progress.total}"
            for name, progress in snapshot.progress.items()
        )
        self._console.print(f"{seconds:5.1f} s  {counts}")
        for line in events:
            self._console.print(f"         {line}")


def bars(snapshot: Snapshot) -> Table:
    """A bar a type: delivered, refused, in doubt, on the way, waiting."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, progress in snapshot.progress.items():
        count = f"{progress.delivered + progress.refused}/{progress.total}"
        table.add_row(Text(TITLES[name].vi, style="bold"), bar(progress), count)
    return table


def bar(progress: Progress) -> Text:
    """One bar; whatever there is of a state is at least one cell wide."""
    drawn = Text()
    left, total = BAR_WIDTH, max(1, progress.total)
    for count, style, sign in (
        (progress.delivered, "green", "█"),
        (progress.refused, "red", "█"),
        (progress.uncertain, "magenta", "▓"),
        (progress.in_flight, "cyan", "▒"),
    ):
        width = min(left, max(1, round(BAR_WIDTH * count / total))) if count else 0
        drawn.append(sign * width, style=style)
        left -= width
    drawn.append("░" * left, style="dim")
    return drawn


def legend(snapshot: Snapshot) -> Text:
    """What the colours mean, with the sums over all types."""
    every = list(snapshot.progress.values())
    text = Text()
    for style, words, count in (
        ("green", "delivered", sum(one.delivered for one in every)),
        ("red", "refused", sum(one.refused for one in every)),
        ("magenta", "in doubt", sum(one.uncertain for one in every)),
        ("cyan", "on the way", sum(one.in_flight for one in every)),
        ("dim", "waiting", sum(one.pending for one in every)),
    ):
        text.append("■ ", style=style).append(f"{words} {count}  ")
    return text


def clock(snapshot: Snapshot, seconds: float) -> Text:
    """How long it takes, and who is paused."""
    paused = f", paused: {', '.join(snapshot.paused)}" if snapshot.paused else ""
    return Text(f"{seconds:.0f} s{paused}", style="dim")
