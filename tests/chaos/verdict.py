"""Compares SQL Server, the national API and the journal once everything is at rest: four lists that must be empty."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.status import OPEN, Status
from pharmasync.sandbox.demo.verdict import ExpectedDocument, FoundRow, HeldDocument
from tests.chaos.journal import JournalledAttempt

DELIVERED = "delivered"
"""The journal's word for an attempt whose document is stored and whose row says so."""

Key = tuple[str, str, str]
"""Type, facility and own code: what the national API knows a document by."""


@frozen
class Finding:
    """Something that must not be.

    Attributes:
        sort: ``lost``, ``doubled``, ``wrong`` or ``stuck``.
        words: What it is.
    """

    sort: str
    words: str


@frozen(kw_only=True)
class Evidence:
    """What is there at the end.

    Attributes:
        expected: Every document that was loaded.
        rows: Every row.
        held: Every document at the national API.
        journal: Every attempt in the journal.
        journal_is_whole: Whether nobody was killed who had entries in hand; MongoDB's own absence is no excuse.
        paused: The paused shops.
        locked: The accounts that the national API locked.
    """

    expected: Sequence[ExpectedDocument]
    rows: Sequence[FoundRow]
    held: Sequence[HeldDocument]
    journal: Sequence[JournalledAttempt] = ()
    journal_is_whole: bool = False
    paused: Collection[str] = ()
    locked: Collection[str] = ()


def judge(evidence: Evidence) -> list[Finding]:
    """Everything that must not be."""
    rows = {(row.kind, row.id): row for row in evidence.rows}
    held = {(document.kind, document.facility, document.code): document for document in evidence.held}
    return [
        *_of_rows(evidence, rows, held),
        *_of_the_api(evidence, rows),
        *_of_the_journal(evidence, rows),
        *_missing_in_the_journal(evidence, rows),
        *(Finding("wrong", f"the account {account} was locked") for account in evidence.locked),
    ]


def _of_rows(
    evidence: Evidence, rows: Mapping[tuple[str, int], FoundRow], held: Mapping[Key, HeldDocument]
) -> Iterator[Finding]:
    for document in evidence.expected:
        row = rows.get((document.kind, document.id))
        there = held.get((document.kind, document.facility, document.code))
        if row is None:
            yield Finding("lost", f"{document}: its row is gone")
        elif row.status in OPEN:
            if not _may_wait(document, row, evidence.paused):
                yield Finding("stuck", f"{document}: it is still {row.status}: {row.message}")
        elif row.status == Status.SUCCESS:
            yield from _of_a_stored_row(document, row, there)
        else:
            yield from _of_a_failed_row(document, row, there)


def _may_wait(document: ExpectedDocument, row: FoundRow, paused: Collection[str]) -> bool:
    """A paused shop's rows rest as they are; only a shop that cannot log in may be paused."""
    return row.status in OPEN and document.shop in paused and not document.shop_can_log_in


def _of_a_stored_row(document: ExpectedDocument, row: FoundRow, there: HeldDocument | None) -> Iterator[Finding]:
    if there is None:
        yield Finding("lost", f"{document}: it counts as stored, and the national API does not have it")
        return
    if row.national_id not in there.national_ids:
        yield Finding("wrong", f"{document}: its id is {row.national_id}, the national API's is {there.national_ids}")
    if there.drugs != document.drugs:
        yield Finding("wrong", f"{document}: the national API has other lines under its code")
    if not document.sound:
        yield Finding("wrong", f"{document}: it is faulty and counts as stored")


def _of_a_failed_row(document: ExpectedDocument, row: FoundRow, there: HeldDocument | None) -> Iterator[Finding]:
    if there is not None:
        yield Finding("wrong", f"{document}: it is stored and counts as failed: {row.message}")
    elif document.sound:
        yield Finding("lost", f"{document}: it is sound and counts as failed: {row.message}")


def _of_the_api(evidence: Evidence, rows: Mapping[tuple[str, int], FoundRow]) -> Iterator[Finding]:
    loaded = {(document.kind, document.facility, document.code) for document in evidence.expected}
    for document in evidence.held:
        if len(document.national_ids) > 1:
            words = f"{document.kind} {document.code} of {document.facility} is stored as {document.national_ids}"
            yield Finding("doubled", words)
        if (document.kind, document.facility, document.code) not in loaded:
            yield Finding("wrong", f"{document.kind} {document.code} of {document.facility} was never loaded")
    ids = Counter(row.national_id for row in rows.values() if row.status == Status.SUCCESS)
    for national_id, count in ids.items():
        if count > 1:
            yield Finding("wrong", f"{count} rows have the national id {national_id}")


def _of_the_journal(evidence: Evidence, rows: Mapping[tuple[str, int], FoundRow]) -> Iterator[Finding]:
    """An attempt that the journal calls delivered must be the row's one and only."""
    by_name: dict[Key, list[FoundRow]] = defaultdict(list)
    for document in evidence.expected:
        if (row := rows.get((document.kind, document.id))) is not None:
            by_name[document.kind, document.shop, document.code].append(row)
    delivered = [entry for entry in evidence.journal if entry.outcome == DELIVERED]
    for entry in delivered:
        found = by_name[entry.kind, entry.shop, entry.code]
        if (Status.SUCCESS, entry.national_id) not in {(row.status, row.national_id) for row in found}:
            words = f"the journal has {entry.kind} {entry.code} of {entry.shop} as {entry.national_id}, the row has not"
            yield Finding("wrong", words)
    for (kind, shop, code), count in Counter((entry.kind, entry.shop, entry.code) for entry in delivered).items():
        if count > 1:
            yield Finding("wrong", f"the journal has {kind} {code} of {shop} as delivered {count} times")


def _missing_in_the_journal(evidence: Evidence, rows: Mapping[tuple[str, int], FoundRow]) -> Iterator[Finding]:
    """The attempt that brought a row its national id is there, whether or not its outcome could be written at once."""
    if not evidence.journal_is_whole:
        return
    brought = {entry.national_id for entry in evidence.journal}
    for row in rows.values():
        if row.status == Status.SUCCESS and row.national_id not in brought:
            yield Finding("wrong", f"the journal has no attempt that brought {row.national_id}")
