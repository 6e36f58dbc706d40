"""One document: fetch, transform, post, update, log. And the Celery app that does it for one type."""

from datetime import UTC, datetime

from celery import Celery

from benchmarks.celery_peer.journal import log_success
from benchmarks.celery_peer.models import body_of
from benchmarks.celery_peer.national import post
from benchmarks.celery_peer.rows import fetch, write_success
from pharmasync.documents import DocumentType

DELIVER = "deliver"


def deliver(kind: DocumentType, row_id: int) -> None:
    """Delivers the document of a row."""
    started_at = datetime.now(UTC)
    header, lines = fetch(kind, row_id)
    national_id = post(kind, str(header["shop_pharmacy_code"]), body_of(kind, header, lines))
    write_success(kind, row_id, national_id)
    log_success(kind, header, national_id, started_at)


def open_app(kind: DocumentType, redis_url: str) -> Celery:
    """The app of a document type, with its one task and a queue of its own."""
    app = Celery(f"peer-{kind.name}", broker=redis_url)
    app.conf.update(
        task_default_queue=f"peer-{kind.name}",
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
    )

    def task(row_id: int) -> None:
        deliver(kind, row_id)

    app.task(name=DELIVER)(task)
    return app
