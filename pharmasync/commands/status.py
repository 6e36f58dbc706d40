"""``pharmasync status``."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
from attrs import frozen

from pharmasync.circuit import State
from pharmasync.commands.circuit import in_words, state_of
from pharmasync.commands.group import TROUBLE, as_json, print_json, settings
from pharmasync.commands.tables import print_table
from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sqlserver.operator import (
    OTHER,
    StatusCount,
    count_by_status,
    failed_lately,
    neglected_rows,
    stuck_rows,
)
from pharmasync.sqlserver.shops import paused_shops
from pharmasync.wiring import sql_server

NEGLECTED_SECONDS = 300
"""The producer looks for due rows every second or so; a restart of it, or of the workers, takes no minutes."""

LATELY_HOURS = 24
"""The failures of years stand in one number: those of the last night are to be seen in it."""

NOT_WAITING = frozenset({Status.SUCCESS.value, Status.FAILED.value, OTHER})


@frozen(kw_only=True)
class Report:
    """How things stand."""

    documents: dict[str, list[StatusCount]]
    stuck: dict[str, int]
    neglected: dict[str, int]
    failed_lately: dict[str, int]
    paused_shops: dict[str, str]
    circuit: State | None


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Show how many documents are in which state, and which shops are paused.

    The exit status is 1 where rows are stuck, or nobody takes them up.
    """
    found = settings()
    sql, circuit = sql_server(found), state_of(found)
    report = Report(
        documents={kind.name: count_by_status(sql, kind) for kind in DOCUMENT_TYPES},
        stuck={kind.name: stuck_rows(sql, kind, found.stuck_seconds) for kind in DOCUMENT_TYPES},
        neglected={} if _lets_rows_wait(circuit) else neglected_rows(sql, DOCUMENT_TYPES, NEGLECTED_SECONDS),
        failed_lately={kind.name: failed_lately(sql, kind, LATELY_HOURS * 3600) for kind in DOCUMENT_TYPES},
        paused_shops=paused_shops(sql),
        circuit=circuit,
    )
    if as_json:
        print_json(report)
    else:
        _tell(report, found.stuck_seconds)
    unknown = (_unknown(counts) for counts in report.documents.values())
    if any((*report.stuck.values(), *report.neglected.values(), *unknown)):
        raise SystemExit(TROUBLE)


def _tell(report: Report, age: float) -> None:
    print_table(("document", *(state.value for state in Status), "oldest waiting"), _rows(report))
    for shop, reason in report.paused_shops.items():
        click.echo(f"paused: {shop}: {reason}")
    click.echo(f"calls to the national server: {in_words(report.circuit)}")
    for name, rows in report.failed_lately.items():
        if rows:
            click.echo(f"FAILED in the last {LATELY_HOURS} h: {rows} x {name}; `pharmasync failures` tells why")
    for name, rows in report.stuck.items():
        if rows:
            click.echo(f"STUCK: {rows} x {name} came more than {_duration(age)} ago")
    for name, rows in report.neglected.items():
        if rows:
            click.echo(
                f"NOT TAKEN UP: {rows} x {name}, due for more than {_duration(NEGLECTED_SECONDS)}, and none is on its"
                " way: do the producer and a worker run?"
            )
    for name, counts in report.documents.items():
        if rows := _unknown(counts):
            click.echo(f"NEVER SENT: {rows} x {name} with a status that pharmasync does not know, or with none")


def _lets_rows_wait(circuit: State | None) -> bool:
    """Whether calls pause, or only begin again: due rows wait for the national server then."""
    return circuit is not None and (circuit.is_open or circuit.closed_for is not None)


def _unknown(counts: Sequence[StatusCount]) -> int:
    return sum(count.rows for count in counts if count.status == OTHER)


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    for name, counts in report.documents.items():
        rows = {count.status: count.rows for count in counts}
        waiting = [count.oldest for count in counts if count.status not in NOT_WAITING and count.oldest is not None]
        oldest = _age(min(waiting)) if waiting else "-"
        yield (name, *(str(rows.get(state.value, 0)) for state in Status), oldest)


def _age(since: datetime) -> str:
    return _duration((datetime.now(UTC).replace(tzinfo=None) - since).total_seconds())


def _duration(length: float) -> str:
    seconds = int(length)
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
