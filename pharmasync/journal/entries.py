"""What the journal holds. The names of the fields are the names in MongoDB, which operators' scripts rely on."""

from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen


@frozen(kw_only=True)
class Attempt:
    """One attempt to deliver a document: one document of ``task_logs``.

    Attributes:
        message_id: The broker's id of the message that caused the attempt.
        document_type: What kind of document it is.
        business_id: The document's id at the shop.
        shop_id: The shop's code.
        queue: The queue the message came from.
        attempt: How many attempts the row has had, this one included.
        outcome: How the attempt ended.
        national_id: The national id, if the document has one now.
        error_class: The name of the error, if there was one.
        http_status: The status of the national API's answer, if there was one.
        duration_ms: How long the attempt took, in milliseconds.
        started_at: When the attempt began, with a time zone.
        completed_at: When the attempt ended, with a time zone. The entry's lifetime counts from here.
    """

    message_id: str
    document_type: str
    business_id: str
    shop_id: str
    queue: str
    attempt: int
    outcome: str
    national_id: str | None = None
    error_class: str | None = None
    http_status: int | None = None
    duration_ms: float
    started_at: datetime
    completed_at: datetime


@frozen(kw_only=True)
class Failure:
    """A row that was refused or given up: its document of ``sync_failures``, which tells the latest failure of the row.

    Attributes:
        document_type: What kind of document it is.
        business_id: The document's id at the shop.
        shop_id: The shop's code.
        queue: The queue the message came from.
        error_class: The name of the error.
        error_message: What a person should know about it.
        payload: What was sent, after `pharmasync.journal.mask`. Text, numbers, lists and mappings with text as keys; a
            Decimal is none of MongoDB's types, an entry with one is dropped.
        attempts: How many attempts the row has had.
        failed_at: When it was given up last, with a time zone.
        resolved_at: When the row was delivered after all. None as long as the failure is open.
    """

    document_type: str
    business_id: str
    shop_id: str
    queue: str
    error_class: str
    error_message: str
    payload: Any
    attempts: int
    failed_at: datetime
    resolved_at: datetime | None = None


@frozen(kw_only=True)
class Resolution:
    """A row that was delivered after all: its failure, if it is from before that, is marked as resolved.

    Attributes:
        document_type: What kind of document it is.
        business_id: The document's id at the shop.
        shop_id: The shop's code.
        resolved_at: When it was delivered, with a time zone.
    """

    document_type: str
    business_id: str
    shop_id: str
    resolved_at: datetime


Entry: TypeAlias = Attempt | Failure | Resolution
