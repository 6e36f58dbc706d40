"""How long to wait before the next attempt."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from attrs import frozen


@frozen(kw_only=True)
class Pauses:
    """The waits between attempts, all in seconds, and how many attempts there are.

    Attributes:
        first: The wait after the first failed attempt; it doubles with each further one.
        longest: The wait never grows beyond this, and no ``Retry-After`` is believed beyond it.
        uncertain: The least wait before an uncertain row is looked at: a server that is slow may say "not there"
            although the document is on its way in.
        held_back: The wait of a row whose shop has no account.
        attempts: After so many attempts a row is given up; an operator's retry gives it another round of them.
    """

    first: float = 30.0
    longest: float = 3600.0
    uncertain: float = 60.0
    held_back: float = 300.0
    attempts: int = 12

    def after(self, attempt: int, chance: float) -> float:
        """Seconds to wait after attempt number ``attempt`` (from 1): exponential, jittered by ``chance`` in [0, 1).

        Half of the wait is fixed and half is jitter, so that rows that failed together don't come back together.
        """
        full = min(self.longest, self.first * 2.0 ** min(self._in_its_round(attempt) - 1, 30))
        return full * (0.5 + chance / 2)

    def is_last(self, attempt: int) -> bool:
        """Whether a row is given up when attempt number ``attempt`` fails.

        Attempts are counted on for ever, since a count that fell would let a message from before fit again: a row is
        given up at the end of each round.
        """
        return self._in_its_round(attempt) == self.attempts

    def _in_its_round(self, attempt: int) -> int:
        return (attempt - 1) % self.attempts + 1


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """The seconds that a ``Retry-After`` header asks for, in either form (RFC 9110, 10.2.3), or None."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
