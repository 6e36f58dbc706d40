"""The workers' broker and actors, made from the settings and the registry of document types."""

import dramatiq

from pharmasync.circuit import Quiet
from pharmasync.delivery import deliver
from pharmasync.desk import Desk
from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.errors import PharmasyncError
from pharmasync.exposure import warn_of_exposure
from pharmasync.middleware import (
    CloseInTime,
    ComplainSeldom,
    HoldInHand,
    Journalling,
    KeepWhatStays,
    Retries,
    Sizing,
    StopOnce,
    SwitchSeldom,
    TellExposure,
    TellReasonsOnce,
)
from pharmasync.queues import RowBroker, connect_broker
from pharmasync.settings import Settings
from pharmasync.wiring import delivery_desk, journal_writer, sql_server

DocumentActor = dramatiq.Actor[..., None]


def open_broker(settings: Settings, desk: Desk) -> RowBroker:
    """The broker with its middleware: what comes first here runs last after a message."""
    personal = desk.national.adapter.personal_fields().union(*(kind.personal_fields for kind in DOCUMENT_TYPES))
    return connect_broker(
        settings.broker,
        [
            HoldInHand(),
            Journalling(journal_writer(settings), personal),
            Retries(desk.write, settings.pauses),
            CloseInTime(desk.closing),
            StopOnce(),
            KeepWhatStays(),
            SwitchSeldom(),
            Sizing(settings.worker_threads, settings.worker_prefetch),
            Quiet(),
            ComplainSeldom(),
            TellReasonsOnce(),
            TellExposure(lambda: warn_of_exposure(settings, sql_server(settings))),
        ],
    )


def declare(kind: DocumentType, rank: int, desk: Desk, broker: RowBroker) -> DocumentActor:
    """The actor of a document type; a lower ``rank`` goes first among the messages that a worker holds."""

    @dramatiq.actor(actor_name=kind.actor, queue_name=kind.queue, priority=rank, broker=broker, throws=PharmasyncError)
    def process(*arguments: object, **by_name: object) -> None:
        deliver(desk, kind, arguments, by_name)

    return process


def assemble(settings: Settings) -> tuple[RowBroker, dict[str, DocumentActor]]:
    """The broker, and an actor for every document type by its name; nothing is connected yet."""
    desk = delivery_desk(settings)
    broker = open_broker(settings, desk)
    return broker, {kind.actor: declare(kind, rank, desk, broker) for rank, kind in enumerate(DOCUMENT_TYPES)}
