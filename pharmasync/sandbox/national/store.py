"""The store: every document the practice server took, and how often it took it."""

import json
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any

from attrs import asdict, define, evolve, frozen

from pharmasync.sandbox.national.kinds import KINDS, Kind

Key = tuple[str, str, str]


@frozen
class StoredDocument:
    """One document, known by its kind, facility and own code.

    Attributes:
        kind: The name of its kind.
        facility: The facility's code.
        code: The facility's own code of the document.
        raw_body: The body that was sent last.
        national_ids: Every national id it ever got, the oldest first; more than one copy means more than one.
        times_stored: How often it was stored.
        times_adopted: How often a PUT found it there and was answered with its id.
        copies: How many copies are there now; 0 once it was withdrawn.
        doubled: Whether there ever was more than one copy at the same time.
        changed_at: When it was stored, corrected or withdrawn last, UTC.
    """

    kind: str
    facility: str
    code: str
    raw_body: bytes
    national_ids: tuple[str, ...]
    changed_at: datetime
    times_stored: int = 1
    times_adopted: int = 0
    copies: int = 1
    doubled: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """The body that was sent last."""
        content: dict[str, Any] = json.loads(self.raw_body)
        return content

    @property
    def national_id(self) -> str:
        """The id that a correction or a look-up answers: the oldest of the copies there are."""
        return self.national_ids[-max(1, self.copies)]


@define
class KindCounts:
    """The counts of one kind.

    Attributes:
        stored: Copies stored.
        distinct: Documents that were stored at least once.
        doubled: Documents of which there was more than one copy at the same time.
        adopted: PUTs that found their document there.
        withdrawn: DELETEs that found their document there.
    """

    stored: int = 0
    distinct: int = 0
    doubled: int = 0
    adopted: int = 0
    withdrawn: int = 0


class Store:
    """All documents; may be read from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        # In the order of their last change.
        self._documents: dict[Key, StoredDocument] = {}
        self._counts = {name: KindCounts() for name in KINDS}

    def find(self, kind: str, facility: str, code: str) -> StoredDocument | None:
        """Return the document if it is there and not withdrawn."""
        with self._lock:
            document = self._documents.get((kind, facility, code))
        return document if document is not None and document.copies else None

    def add(self, kind: Kind, facility: str, code: str, raw_body: bytes) -> str:
        """Store a document, or one more copy of it.

        Returns:
            The national id of this copy.
        """
        key = (kind.name, facility, code)
        with self._lock:
            counts = self._counts[kind.name]
            counts.stored += 1
            national_id = f"{kind.prefix}_{counts.stored:08d}"
            known = self._documents.pop(key, None)
            if known is None:
                counts.distinct += 1
                self._documents[key] = StoredDocument(*key, raw_body, (national_id,), datetime.now(UTC))
                return national_id
            copies = known.copies + 1
            counts.doubled += copies > 1 and not known.doubled
            self._documents[key] = evolve(
                known,
                raw_body=raw_body,
                national_ids=(*known.national_ids, national_id),
                times_stored=known.times_stored + 1,
                copies=copies,
                doubled=known.doubled or copies > 1,
                changed_at=datetime.now(UTC),
            )
            return national_id

    def correct(self, document: StoredDocument, raw_body: bytes) -> str:
        """Replace the body of a document that is there.

        Returns:
            Its national id.
        """
        with self._lock:
            self._counts[document.kind].adopted += 1
            times = document.times_adopted + 1
            self._put_last(evolve(document, raw_body=raw_body, times_adopted=times, changed_at=datetime.now(UTC)))
        return document.national_id

    def withdraw(self, document: StoredDocument) -> None:
        """Withdraw all copies of a document that is there."""
        with self._lock:
            self._counts[document.kind].withdrawn += 1
            self._put_last(evolve(document, copies=0, changed_at=datetime.now(UTC)))

    def documents(self, kind: str | None = None, latest: int | None = None) -> list[StoredDocument]:
        """Return documents, withdrawn ones too, the one that changed last first.

        Args:
            kind: Only of this kind.
            latest: At most so many.
        """
        with self._lock:
            newest_first = reversed(self._documents.values())
            return list(islice((item for item in newest_first if kind in (None, item.kind)), latest))

    def counts(self, kind: str) -> dict[str, int]:
        """Return the counts of one kind by name."""
        with self._lock:
            return asdict(self._counts[kind])

    def clear(self) -> None:
        """Forget every document."""
        with self._lock:
            self._documents.clear()
            self._counts = {name: KindCounts() for name in KINDS}

    def _put_last(self, document: StoredDocument) -> None:
        key = (document.kind, document.facility, document.code)
        self._documents.pop(key)
        self._documents[key] = document
