"""The Celery design in its two settings: as written, and tuned."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import frozen

from benchmarks import documents
from benchmarks.celery_peer.delivery import DELIVER, open_app
from benchmarks.processes import PYTHON, MeasuredProcess
from benchmarks.subject import Job, started
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sqlserver.connection import SqlServer

APPS = {"sale": SALES_INVOICE, "receipt": PURCHASE_RECEIPT, "issue": GOODS_ISSUE_SLIP}
QUIET = "--loglevel WARNING"


@frozen(kw_only=True)
class CeleryRun:
    """A worker for each of the three apps.

    Attributes:
        options: What follows ``celery worker``.
        concurrency: How many tasks each worker runs at the same time.
        prefetch: How many messages it fetches for each of them.
    """

    name: str
    options: str
    concurrency: int
    prefetch: int = 4
    share: float = 1.0
    writes_rows: bool = True
    counted: bool = False

    @property
    def in_flight(self) -> int:
        """One document a task."""
        return len(APPS) * self.concurrency

    @property
    def ahead(self) -> int:
        """What is in flight and what the workers have fetched beyond that."""
        return self.in_flight * (1 + self.prefetch)

    @contextmanager
    def start(self, job: Job) -> Iterator[list[MeasuredProcess]]:
        """Enqueues every row, then starts the workers."""
        enqueue(job)
        commands = {
            name: f"{PYTHON} -m celery -A benchmarks.celery_peer.{name} worker -n {name}@%h {QUIET} {self.options}"
            for name in APPS
        }
        with started(job, commands) as processes:
            yield processes


def as_written() -> CeleryRun:
    """Celery's defaults. It is slow and steady, so that a tenth of the documents is enough."""
    return CeleryRun(name="Celery as written", options="", concurrency=os.cpu_count() or 1, share=0.1)


def tuned(concurrency: int = 64, prefetch: int = 4) -> CeleryRun:
    """Threads, more messages at a time, and nothing that talks to other workers."""
    quiet = "--without-gossip --without-mingle --without-heartbeat"
    options = f"--pool threads --concurrency {concurrency} --prefetch-multiplier {prefetch} {quiet}"
    return CeleryRun(name="Celery tuned", options=options, concurrency=concurrency, prefetch=prefetch)


def enqueue(job: Job) -> None:
    """Sends a message for each row, the types sharing the documents equally."""
    sql = SqlServer(job.servers.address)
    for place, kind in enumerate(APPS.values()):
        each = (job.documents + len(APPS) - 1 - place) // len(APPS)
        app = open_app(kind, job.servers.valkey.url)
        with app.producer_pool.acquire(block=True) as producer:
            for row_id in documents.ids(sql, kind)[:each]:
                app.send_task(DELIVER, (row_id,), producer=producer)
        app.close()
    sql.close()
