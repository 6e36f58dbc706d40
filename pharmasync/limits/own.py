"""The limits within this process, for as long as Redis is away."""

from collections.abc import Sequence

from attrs import define, field

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Admitted, Answer, Refusal, Ticket


@define
class OwnLimits:
    """Keeps the rate; the line keeps the caps within the process anyway.

    Attributes:
        limits: What is allowed.
        patience: How long a caller waits; no moment beyond it is given out.
    """

    limits: Limits
    patience: Patience = field(factory=Patience)
    _free_at: float = field(default=0.0, init=False)

    def ask(self, callers: Sequence[Ticket], now: float) -> list[Answer]:
        """Admits callers, each in its moment, for as long as none of these is in the future."""
        answers: list[Answer] = []
        for caller in callers:
            wait = max(0.0, self._free_at - now)
            if wait > 0 and now - caller.since + wait > self.patience.overall:
                answers.append(Refusal.RATE)
                continue
            answers.append(Admitted(wait))
            self.note(now + wait)
            if wait > 0:
                break
        return answers

    def note(self, moment: float) -> None:
        """Remembers a moment that was given out, by whomever."""
        self._free_at = max(self._free_at, moment + self.limits.spacing)
