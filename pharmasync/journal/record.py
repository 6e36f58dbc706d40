"""Journal entries as MongoDB takes them."""

from datetime import datetime
from typing import Any, TypeAlias

import attrs
import bson
from attrs import frozen
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, UpdateMany, UpdateOne

from pharmasync.journal.database import SYNC_FAILURES, TASK_LOGS
from pharmasync.journal.entries import Attempt, Entry, Failure, Resolution

Statement: TypeAlias = InsertOne[Any] | UpdateOne | UpdateMany

_LARGEST_DOCUMENT = 16 * 1024 * 1024


@frozen
class Record:
    """An entry on its way to MongoDB.

    Attributes:
        collection: Where it goes.
        statement: What is done there. Doing it again changes nothing.
        label: What the log calls it: which entry it is, and none of what it holds.
    """

    collection: str
    statement: Statement
    label: str


def label_of(entry: Entry) -> str:
    """Name an entry for the log, without what it holds."""
    return f"{type(entry).__name__} of document {entry.business_id} of shop {entry.shop_id}"


def record_of(entry: Entry) -> Record:
    """Turn an entry into a record.

    It is encoded here and not in the driver: there, one bad entry would fail its whole batch. And what becomes of a
    payload later on makes no difference.

    Args:
        entry: The entry.

    Returns:
        The record. An attempt has its ``_id`` from here and not from the server, so that one sent again because the
        answer got lost is not stored twice; a failure's ``_id`` is its row.

    Raises:
        Exception: MongoDB cannot hold the entry. Which exception is up to the value.
    """
    match entry:
        case Attempt():
            inserted = InsertOne(RawBSONDocument(_encode(entry, _id=ObjectId())))
            return Record(TASK_LOGS, inserted, label_of(entry))
        case Failure():
            return Record(SYNC_FAILURES, _open(entry, RawBSONDocument(_encode(entry))), label_of(entry))
        case Resolution():
            _encode(entry)
            return Record(SYNC_FAILURES, _resolve(entry), label_of(entry))


def _encode(entry: Entry, **more: ObjectId) -> bytes:
    fields: dict[str, Any] = attrs.asdict(entry, recurse=False)
    for name, value in fields.items():
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"{name} has no time zone")
    encoded = bson.encode({**more, **fields})
    if len(encoded) > _LARGEST_DOCUMENT:
        raise ValueError("larger than 16 MiB")
    return encoded


def _open(failure: Failure, fields: RawBSONDocument) -> UpdateOne:
    """Make it the row's failure: the only one, so that a row that is refused again after a retry is counted once.

    Where a later failure or resolution of the row is known, the document is not found, and its ``_id`` cannot be
    inserted a second time either: a failure that comes late or twice changes nothing.
    """
    return UpdateOne(
        {
            "_id": {
                "shop_id": failure.shop_id,
                "business_id": failure.business_id,
                "document_type": failure.document_type,
            },
            "failed_at": {"$lt": failure.failed_at},
            "resolved_at": {"$not": {"$gte": failure.failed_at}},
        },
        {"$set": fields},
        upsert=True,
    )


def _resolve(resolution: Resolution) -> UpdateMany:
    """Mark the open failure of a row as resolved. If it failed anew since, that failure stays open."""
    return UpdateMany(
        {
            "shop_id": resolution.shop_id,
            "business_id": resolution.business_id,
            "document_type": resolution.document_type,
            "resolved_at": None,
            "failed_at": {"$lte": resolution.resolved_at},
        },
        {"$set": {"resolved_at": resolution.resolved_at}},
    )
