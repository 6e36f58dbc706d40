"""The tally: what was called, answered, refused and broken on purpose."""

from collections import Counter, deque
from datetime import UTC, datetime

from attrs import Factory, define, frozen

from pharmasync.sandbox.national.kinds import KINDS
from pharmasync.sandbox.national.refusal import RefusedError

LATEST_REFUSALS = 50
_COMMONEST = 10
_MOST_REASONS = 500
_OTHER_REASON = "Lý do khác"


@frozen
class Refusal:
    """One refused call, as the page shows it.

    Attributes:
        at: When, UTC, ISO 8601.
        kind: The document's kind.
        method: The HTTP method.
        facility: The facility's code, empty if the body could not be read.
        code: The facility's own code of the document, likewise.
        status: The code of the refusal, such as 400.
        message: The words of the refusal.
    """

    at: str
    kind: str
    method: str
    facility: str
    code: str
    status: int
    message: str


@define
class KindTally:
    """The counts of the calls of one kind of document: by method, by HTTP status answered, by reason refused."""

    calls: Counter[str] = Factory(Counter)
    answers: Counter[str] = Factory(Counter)
    refused: int = 0
    reasons: Counter[str] = Factory(Counter)

    def snapshot(self) -> dict[str, object]:
        """Return the counts, the commonest reasons first."""
        return {
            "calls": dict(self.calls),
            "answers": dict(self.answers),
            "refused": self.refused,
            "reasons": [{"reason": reason, "count": count} for reason, count in self.reasons.most_common(_COMMONEST)],
        }


class Tally:
    """All counts of calls, and the latest refusals."""

    def __init__(self) -> None:
        self.clear()

    def refuse(self, kind: str, method: str, document: tuple[str, str], refusal: RefusedError) -> None:
        """Count a refused call.

        Args:
            kind: The document's kind.
            method: The HTTP method.
            document: The facility's code and the document's own code, as far as they are known.
            refusal: Why it was refused.
        """
        tally = self.kinds[kind]
        tally.refused += 1
        known = refusal.reason in tally.reasons or len(tally.reasons) < _MOST_REASONS
        tally.reasons[refusal.reason if known else _OTHER_REASON] += 1
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.refusals.appendleft(Refusal(now, kind, method, *document, refusal.code, refusal.message))

    def clear(self) -> None:
        """Begin anew."""
        self.kinds = {name: KindTally() for name in KINDS}
        self.faults: Counter[str] = Counter()
        self.refusals: deque[Refusal] = deque(maxlen=LATEST_REFUSALS)
