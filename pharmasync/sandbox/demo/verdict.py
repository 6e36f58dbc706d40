"""Compares the rows with what the national server holds: nothing may be lost, nothing may be there twice.

Every document that was loaded is followed, so that a row that vanished counts as well. Each document at the national
server answers for one row only, and only if its id, its code and its lines are that row's.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from attrs import field, frozen

from pharmasync.decisions.status import Status
from pharmasync.sandbox.demo.reasons import commonest

Drugs = tuple[tuple[str, int], ...]

DELIVERED = "delivered"
REFUSED = "refused"
WAITING = "waiting: shop paused"
UNFINISHED = "unfinished"
OUTCOMES = (DELIVERED, REFUSED, WAITING, UNFINISHED)


@frozen(kw_only=True)
class ExpectedDocument:
    """A document that was loaded.

    Attributes:
        kind: The name of its type.
        id: Its row's id.
        shop: Its shop.
        facility: The facility's code.
        code: The shop's own code of it.
        drugs: Drug code and quantity of each line.
        sound: Whether the national server has to take it.
        shop_can_log_in: Whether the shop has the right password.
    """

    kind: str
    id: int
    shop: str
    facility: str
    code: str
    drugs: Drugs
    sound: bool = True
    shop_can_log_in: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.code} of {self.shop} (row {self.id})"


@frozen(kw_only=True)
class FoundRow:
    """A row as it is in SQL Server at the end."""

    kind: str
    id: int
    status: str
    national_id: str | None = None
    message: str = ""


@frozen(kw_only=True)
class HeldDocument:
    """A document at the national server; more than one id means that it was stored more than once."""

    kind: str
    facility: str
    code: str
    national_ids: tuple[str, ...]
    drugs: Drugs


@frozen(kw_only=True)
class Verdict:
    """What became of the documents.

    Attributes:
        outcomes: The rows of each type by outcome.
        held: How many documents of each type the national server holds, every copy counted.
        lost: Each document that is lost, in words.
        doubled: Each document that is there too often, in words.
        refused: How many were refused.
        reasons: The commonest reasons and how many rows have them.
    """

    outcomes: Mapping[str, Mapping[str, int]]
    held: Mapping[str, int]
    lost: Sequence[str] = field(factory=list)
    doubled: Sequence[str] = field(factory=list)
    refused: int = 0
    reasons: Sequence[tuple[str, int]] = field(factory=list)

    @property
    def fine(self) -> bool:
        """Whether nothing is lost and nothing doubled."""
        return not self.lost and not self.doubled

    @property
    def line(self) -> str:
        """The verdict in one line."""
        return f"lost {len(self.lost)}, doubled {len(self.doubled)}"


Key = tuple[str, str, str]


def judge(
    expected: Sequence[ExpectedDocument],
    rows: Sequence[FoundRow],
    held: Sequence[HeldDocument],
    paused: Collection[str],
) -> Verdict:
    """The verdict.

    Args:
        expected: Every document that was loaded.
        rows: Every row there is.
        held: Every document at the national server.
        paused: The shops that are paused.
    """
    by_id = {(row.kind, row.id): row for row in rows}
    by_key = {(document.kind, document.facility, document.code): document for document in held}
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    lost: list[str] = []
    answered_for: set[Key] = set()
    for document in expected:
        row = by_id.get((document.kind, document.id))
        outcomes[document.kind][_outcome(document, row, paused)] += 1
        key = (document.kind, document.facility, document.code)
        why = _why_lost(document, row, None if key in answered_for else by_key.get(key), paused)
        if why is not None:
            lost.append(f"{document}: {why}")
        if row is not None and row.status == Status.SUCCESS:
            answered_for.add(key)
    failed = [row.message for row in rows if row.status == Status.FAILED]
    return Verdict(
        outcomes=outcomes,
        held=Counter(document.kind for document in held for _ in document.national_ids),
        lost=lost,
        doubled=[why for document in held if (why := _why_doubled(document, answered_for)) is not None],
        refused=len(failed),
        reasons=commonest(failed),
    )


def _outcome(document: ExpectedDocument, row: FoundRow | None, paused: Collection[str]) -> str:
    if row is not None and row.status == Status.SUCCESS:
        return DELIVERED
    if row is not None and row.status == Status.FAILED:
        return REFUSED
    return WAITING if _may_wait(document, row, paused) else UNFINISHED


def _may_wait(document: ExpectedDocument, row: FoundRow | None, paused: Collection[str]) -> bool:
    """Only a row of a shop that cannot log in may wait: were every shop paused, all would be waiting."""
    waits = row is not None and row.status == Status.PENDING
    return waits and document.shop in paused and not document.shop_can_log_in


def _why_lost(
    document: ExpectedDocument, row: FoundRow | None, there: HeldDocument | None, paused: Collection[str]
) -> str | None:
    if row is None:
        return "its row is gone"
    if row.status == Status.FAILED:
        return f"it is sound and was refused: {row.message}" if document.sound else None
    if row.status != Status.SUCCESS:
        return None if _may_wait(document, row, paused) else f"it is still {row.status}"
    return _why_not_held(document, row, there)


def _why_not_held(document: ExpectedDocument, row: FoundRow, there: HeldDocument | None) -> str | None:
    """What speaks against the national server having the document of a row that counts as stored."""
    if there is None:
        return "it counts as stored and the national server does not have it"
    if row.national_id not in there.national_ids:
        return f"its national id is {row.national_id}, the national server's is {there.national_ids[0]}"
    if there.drugs != document.drugs:
        return "the national server has other lines under its code"
    return None


def _why_doubled(document: HeldDocument, answered_for: Collection[Key]) -> str | None:
    named = f"{document.kind} {document.code} of facility {document.facility}"
    if len(document.national_ids) > 1:
        return f"{named} is stored {len(document.national_ids)} times: {', '.join(document.national_ids)}"
    if (document.kind, document.facility, document.code) not in answered_for:
        return f"{named} is stored, and no row knows it as stored"
    return None
