"""The journal's database: the connection, the collections' names and their indexes."""

from typing import Any, TypeAlias

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

JournalDatabase: TypeAlias = Database[dict[str, Any]]

TASK_LOGS = "task_logs"
"""The collection with one document an attempt."""

SYNC_FAILURES = "sync_failures"
"""The collection with one document a failed row."""

# Bounds how long the writer's thread, or a command that reads the journal, takes to notice that MongoDB is away.
_SELECT_TIMEOUT_MS = 2_000
_CONNECT_TIMEOUT_MS = 2_000
_ANSWER_TIMEOUT_MS = 10_000

_INDEX_OPTIONS_CONFLICT = 85


def connect(uri: str, name: str) -> JournalDatabase:
    """Connect to the journal. No packet is sent before the first command.

    A write is acknowledged when MongoDB has it on disk: whoever writes keeps an entry until then.

    Args:
        uri: Where MongoDB is, as ``mongodb://…``.
        name: The database's name.

    Returns:
        The database; its ``client`` is the caller's to close. It gives datetimes with their time zone, UTC.

    Raises:
        pymongo.errors.PyMongoError: The URI makes no sense.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(
        uri,
        appname="pharmasync",
        tz_aware=True,
        journal=True,
        serverSelectionTimeoutMS=_SELECT_TIMEOUT_MS,
        connectTimeoutMS=_CONNECT_TIMEOUT_MS,
        socketTimeoutMS=_ANSWER_TIMEOUT_MS,
    )
    return client[name]


def open_journal(uri: str, name: str, *, lifetime: int) -> JournalDatabase:
    """Connect to the journal and see to its indexes: what a `JournalWriter` connects with.

    Args:
        uri: Where MongoDB is, as ``mongodb://…``.
        name: The database's name.
        lifetime: How long attempts are kept, in seconds.

    Returns:
        The database; its ``client`` is the caller's to close.

    Raises:
        pymongo.errors.PyMongoError: MongoDB is away or refuses. Nothing is left open.
    """
    database = connect(uri, name)
    try:
        ensure_indexes(database, lifetime=lifetime)
    except PyMongoError:
        database.client.close()
        raise
    return database


def ensure_indexes(database: JournalDatabase, *, lifetime: int) -> None:
    """Create the indexes that are missing, and give the attempts the lifetime asked for.

    Several processes may do so at the same time, and as often as they like.

    Args:
        database: The journal's database.
        lifetime: How long attempts are kept, in seconds, from their ``completed_at``.

    Raises:
        pymongo.errors.PyMongoError: MongoDB is away or refuses.
    """
    row = [("shop_id", 1), ("business_id", 1)]
    database[TASK_LOGS].create_index(row)
    database[SYNC_FAILURES].create_index(row)
    database[SYNC_FAILURES].create_index([("resolved_at", 1), ("failed_at", 1)])
    _ensure_lifetime(database, lifetime)


def _ensure_lifetime(database: JournalDatabase, lifetime: int) -> None:
    """Create the TTL index of the attempts, or change the lifetime of the one that is there."""
    try:
        database[TASK_LOGS].create_index("completed_at", expireAfterSeconds=lifetime)
    except OperationFailure as error:
        if error.code != _INDEX_OPTIONS_CONFLICT:
            raise
        index = {"keyPattern": {"completed_at": 1}, "expireAfterSeconds": lifetime}
        database.command("collMod", TASK_LOGS, index=index)
