"""What is going on, from the journal: each attempt in one line, the ones that met trouble first."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.errors import PyMongoError
from rich.markup import escape

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.journal.database import TASK_LOGS, JournalDatabase

NEWEST = 60
A_LOOK = 3
"""So many lines of each look are told."""

TITLES = {kind.name: kind.title.vi for kind in DOCUMENT_TYPES}
TOLD = {
    "delivered": "[green]✓[/] stored as {national_id}{again}",
    "later": "[yellow]↻[/] {why}: again in a moment",
    "uncertain": "[magenta]?[/] {why}: stored or not? will look first",
    "refused": "[red]✗[/] refused: {why}",
    "held_back": "[blue]‖[/] waits: {why}",
    "given_up": "[red]✗[/] given up: {why}",
}
OTHERWISE = "[red]![/] {outcome}: {why}"
WHY = {
    "CredentialsRefusedError": "the password is wrong, the shop is paused",
    "ShopPausedError": "the shop is paused",
    "LostAnswerError": "no answer",
    "NetworkTroubleError": "no answer to a look",
    "UnreadableAnswerError": "an answer that nobody can read",
    "FaultyDocumentError": "it is incomplete or wrong",
    "DoubledLocalIdError": "its code is used twice",
    "RefusedError": "the national server does not take it",
    "TokenRefusedError": "the token ended",
}


class Events:
    """Reads the journal on, look by look; a journal that is away tells nothing and stops nobody."""

    def __init__(self, journal: JournalDatabase) -> None:
        """Begin before the first attempt."""
        self._attempts = journal[TASK_LOGS]
        self._seen: set[object] = set()

    def look(self) -> list[str]:
        """The most telling of the attempts since the last look, as lines with rich's markup."""
        try:
            newest = list(self._attempts.find().sort("completed_at", -1).limit(NEWEST))
        except PyMongoError:
            return []
        fresh = [attempt for attempt in reversed(newest) if attempt["_id"] not in self._seen]
        self._seen.update(attempt["_id"] for attempt in fresh)
        return [in_words(attempt) for attempt in most_telling(fresh)]


def most_telling(attempts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """At most a few attempts, in their order: those with trouble, or after it, before those that went well at once."""
    ranked = sorted(range(len(attempts)), key=lambda place: (_went_well_at_once(attempts[place]), -place))
    return [attempts[place] for place in sorted(ranked[:A_LOOK])]


def in_words(attempt: Mapping[str, Any]) -> str:
    """An attempt in one line."""
    about = f"{attempt['shop_id']} {TITLES[attempt['document_type']]} {attempt['business_id']}"
    told = TOLD.get(attempt["outcome"], OTHERWISE).format(
        outcome=escape(attempt["outcome"]),
        national_id=escape(str(attempt["national_id"])),
        again="" if attempt["attempt"] == 1 else f" at attempt {attempt['attempt']}",
        why=escape(_why(attempt)),
    )
    return f"[dim]{escape(about):<28}[/] {told}"


def _went_well_at_once(attempt: Mapping[str, Any]) -> bool:
    return bool(attempt["outcome"] == "delivered" and attempt["attempt"] == 1)


def _why(attempt: Mapping[str, Any]) -> str:
    error, status = str(attempt["error_class"]), attempt["http_status"]
    known = WHY.get(error)
    if known is not None:
        return known
    return error if status is None else f"HTTP {status}"
