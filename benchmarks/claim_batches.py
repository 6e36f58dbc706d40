"""What batches of the producer cost, in a process of its own; what they claim is handed back, outside the clock.

The queues stand in: they are always empty and take everything, so that the clock sees SQL Server's work and the
producer's, and nothing of Redis.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

import attrs
from attrs import define, field, frozen

from benchmarks.cpu import cpu_seconds
from pharmasync.decisions.status import Status
from pharmasync.documents import SALES_INVOICE
from pharmasync.queues import RowMessage
from pharmasync.schedulers.opening import open_producer
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.statements import places
from pharmasync.wiring import settings_or_exit

WARM_UP = 2


@frozen(kw_only=True)
class Batches:
    """Some batches, one after the other.

    Attributes:
        rows: How many rows they claimed together.
        milliseconds: What each took: the look for work and its claims.
        cpu_ms: The producer's processor time a batch.
        server_cpu_ms: SQL Server's; None where it is not ours.
        most: The rows of the shop that got most.
        least: The rows of the shop that got least; 0 where one got nothing.
    """

    rows: int
    milliseconds: list[float]
    cpu_ms: float
    server_cpu_ms: float | None
    most: int
    least: int


@define
class CountingQueues:
    """Queues that take everything, stay empty and count the rows of each shop; ``rows`` are those of one batch."""

    shops: Counter[str] = field(factory=Counter)
    rows: list[int] = field(factory=list)

    def waiting(self, queue: str) -> int:  # noqa: ARG002 - every queue is empty
        """None."""
        return 0

    def enqueue(self, messages: Sequence[RowMessage]) -> Sequence[int]:
        """Counts."""
        self.shops.update(message.shop_id for message in messages)
        self.rows += [message.claimed.row_id for message in messages]
        return []


def measure(sql: SqlServer, count: int, shops: int, server: int | None) -> Batches:
    """Measures ``count`` batches over ``shops`` shops; ``server`` is SQL Server's process."""
    queues = CountingQueues()
    producer = attrs.evolve(open_producer(settings_or_exit(os.environ)), sql=sql, queues=queues)
    milliseconds, cpu, server_cpu = [], 0.0, 0.0
    for place in range(-WARM_UP, count):
        if place == 0:
            queues.shops.clear()
        began, began_cpu, began_server = time.perf_counter(), time.process_time(), _seconds(server)
        producer.scan()
        if place >= 0:
            milliseconds.append((time.perf_counter() - began) * 1000)
            cpu += time.process_time() - began_cpu
            server_cpu += _seconds(server) - began_server
        _hand_back(sql, queues)
    rows = queues.shops
    return Batches(
        rows=rows.total(),
        milliseconds=milliseconds,
        cpu_ms=cpu * 1000 / count,
        server_cpu_ms=None if server is None else server_cpu * 1000 / count,
        most=max(rows.values(), default=0),
        least=min(rows.values(), default=0) if len(rows) == shops else 0,
    )


def _seconds(server: int | None) -> float:
    return 0.0 if server is None else cpu_seconds([server])


def _hand_back(sql: SqlServer, queues: CountingQueues) -> None:
    if queues.rows:
        sql.run(
            f"UPDATE {SALES_INVOICE.table} SET status = %s, sync_due_at = NULL WHERE id IN ({places(queues.rows)})",
            (Status.PENDING.value, *queues.rows),
        )
    queues.rows.clear()


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claim_batches", description=__doc__)
    parser.add_argument("--batches", type=int, required=True)
    parser.add_argument("--shops", type=int, required=True)
    parser.add_argument("--server", type=int, help="process id of SQL Server")
    given = parser.parse_args()
    sql = open_producer(settings_or_exit(os.environ)).sql
    sys.stdout.write(json.dumps(attrs.asdict(measure(sql, given.batches, given.shops, given.server))))


if __name__ == "__main__":
    main()
