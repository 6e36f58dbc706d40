"""The log of deliveries in MongoDB; one client a process, which threads share."""

import os
from datetime import UTC, datetime
from functools import cache

from pymongo import MongoClient
from pymongo.collection import Collection

from pharmasync.documents import DocumentType


def log_success(kind: DocumentType, row: dict[str, object], national_id: str, started_at: datetime) -> None:
    """Logs that a document is stored."""
    completed_at = datetime.now(UTC)
    _logs().insert_one(
        {
            "document_type": kind.name,
            "business_id": row[kind.local_id],
            "shop_id": row["shop_pharmacy_code"],
            "outcome": "delivered",
            "national_id": national_id,
            "duration_ms": (completed_at - started_at).total_seconds() * 1000,
            "started_at": started_at,
            "completed_at": completed_at,
        }
    )


@cache
def _logs() -> Collection[dict[str, object]]:
    """Made at the first use, so after the fork."""
    client: MongoClient[dict[str, object]] = MongoClient(os.environ["MONGO_URI"])
    return client["sync_data_logs"]["task_logs"]
