"""What the journal tells of the attempts, for the comparison at the end."""

from datetime import datetime

from attrs import frozen

from pharmasync.journal import connect
from pharmasync.journal.database import TASK_LOGS


@frozen(kw_only=True)
class JournalledAttempt:
    """An attempt as MongoDB has it.

    Attributes:
        kind: The document type's name.
        shop: The shop.
        code: The shop's own code of the document.
        outcome: How it ended.
        national_id: The id that it brought.
        completed_at: When it ended, UTC, without a zone.
    """

    kind: str
    shop: str
    code: str
    outcome: str
    national_id: str | None
    completed_at: datetime


def read_journal(uri: str, name: str) -> list[JournalledAttempt]:
    """Every attempt, the oldest first."""
    database = connect(uri, name)
    with database.client:
        return [
            JournalledAttempt(
                kind=found["document_type"],
                shop=found["shop_id"],
                code=found["business_id"],
                outcome=found["outcome"],
                national_id=found["national_id"],
                completed_at=found["completed_at"].replace(tzinfo=None),
            )
            for found in database[TASK_LOGS].find().sort("completed_at", 1)
        ]
