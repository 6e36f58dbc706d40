"""Hands every attempt, and every row that failed or got through after all, to the journal."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dramatiq import Broker, Middleware, Worker
from dramatiq.broker import MessageProxy

from pharmasync.decisions.outcome import Outcome
from pharmasync.decisions.status import Status
from pharmasync.errors import KNOWN_OUTAGE
from pharmasync.in_hand import InHand, in_hand
from pharmasync.journal import Attempt, Entry, Failure, JournalWriter, Resolution, mask
from pharmasync.row import BegunRow

CLOSING_SECONDS = 10.0

LEFT = "left_to_lease"
TOO_LATE = "too_late"


class Journalling(Middleware):
    """Writes the journal.

    Args:
        journal: Takes entries at once and never raises.
        personal: The names of the payload's fields that name a person, on the wire and in the tables.
        clock: Now, UTC.
    """

    def __init__(
        self,
        journal: JournalWriter,
        personal: frozenset[str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._journal = journal
        self._personal = personal
        self._clock = clock

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        """Hands over what is worth keeping of the attempt; a message that began no row was none.

        Of an outage that is known already nothing is: it would be an entry for every probe of a day. Nor is a row that
        is held back again for the same reason, such as an account that is missing for weeks.
        """
        held = in_hand()
        if held.row is None or isinstance(exception, KNOWN_OUTAGE) or _is_held_back_again(held.row, held.outcome):
            return
        now = self._clock()
        self._journal.write(_attempt(held, held.row, exception, now))
        if held.outcome is not None and held.written:
            about_row = self._about_row(held, held.row, held.outcome, exception, now)
            if about_row is not None:
                self._journal.write(about_row)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Writes what is still waiting."""
        self._journal.close(timeout=CLOSING_SECONDS)

    def _about_row(
        self, held: InHand, row: BegunRow, outcome: Outcome, exception: BaseException | None, now: datetime
    ) -> Entry | None:
        if outcome.status is Status.SUCCESS:
            return Resolution(
                document_type=row.kind.name, business_id=row.local_id, shop_id=row.shop_id, resolved_at=now
            )
        if outcome.status is not Status.FAILED:
            return None
        return Failure(
            document_type=row.kind.name,
            business_id=row.local_id,
            shop_id=row.shop_id,
            queue=held.queue,
            error_class=type(exception).__name__,
            error_message=outcome.message or "",
            payload=None if held.payload is None else mask(held.payload(), self._personal),
            attempts=row.attempt,
            failed_at=now,
        )


def _is_held_back_again(row: BegunRow, outcome: Outcome | None) -> bool:
    return outcome is not None and not outcome.counted and outcome.message == row.message


def _attempt(held: InHand, row: BegunRow, exception: BaseException | None, now: datetime) -> Attempt:
    return Attempt(
        message_id=held.message_id,
        document_type=row.kind.name,
        business_id=row.local_id,
        shop_id=row.shop_id,
        queue=held.queue,
        attempt=row.attempt,
        outcome=_outcome_name(held, exception),
        national_id=held.outcome.national_id if held.outcome else None,
        error_class=None if exception is None else type(exception).__name__,
        http_status=getattr(exception, "http_status", None) or held.http_status,
        duration_ms=round(held.seconds * 1000, 1),
        started_at=held.started_at,
        completed_at=now,
    )


def _outcome_name(held: InHand, exception: BaseException | None) -> str:
    if held.outcome is not None and held.written:
        return held.outcome.name
    return TOO_LATE if exception is None else LEFT
