"""The one table that decides what a failed attempt means for its row, by the family of the error."""

from attrs import frozen

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.outcome import MAY_BE_STORED, Outcome, refused
from pharmasync.decisions.pauses import Pauses
from pharmasync.decisions.status import Status
from pharmasync.errors import (
    HeldBackError,
    ProbeFailedError,
    ProbeLostError,
    RefusedError,
    ServerAwayError,
    StatementError,
    UnavailableError,
    UncertainError,
    Wait,
)
from pharmasync.words import Words

SOON = 2
"""The attempt whose pause is a minute or so."""


@frozen(kw_only=True)
class Attempt:
    """What the table knows of an attempt.

    Attributes:
        number: Which attempt of this row it is, from 1.
        doubt: How sure it was, before the attempt, that the document is not stored.
        sent: Whether a create or correct call may have been written to the national server in this attempt.
        chance: A number in [0, 1) for the jitter.
    """

    number: int
    doubt: Doubt
    sent: bool = False
    chance: float = 0.0

    @property
    def waiting(self) -> Status:
        """The state in which the row waits: a doubt that was there before is still there."""
        return Status.UNCERTAIN if self.doubt is Doubt.STRONG else Status.PENDING


def decide(error: BaseException, attempt: Attempt, pauses: Pauses) -> Outcome | None:
    """The row's next state after ``error``; None leaves the row to its lease.

    ============================  ==========================================================================
    error                         the row
    ============================  ==========================================================================
    a server of ours is away, or  untouched: the lease ends and the producer comes for it
    SQL Server refused a
    statement
    the shop cannot send          back as it was, no attempt counted, until it is resumed or for some minutes
    a limit, a lease too short    back as it was, no attempt counted, for some seconds
    the circuit is open           back as it was, no attempt counted, for a minute or so
    refused                       SYNC_FAILED with the API's words
    uncertain                     SYNC_UNCERTAIN, looked at after a pause
    unavailable                   PENDING_SYNC later (SYNC_UNCERTAIN where it was in doubt before)
    a probe's failure             as uncertain or unavailable, soon again, and never given up by it
    anything else is our own bug  SYNC_FAILED with the exception's name
    ============================  ==========================================================================
    """
    if isinstance(error, ServerAwayError | StatementError):
        return None
    if isinstance(error, HeldBackError):
        return _held_back(error, attempt, pauses)
    if isinstance(error, RefusedError):
        return refused(error, in_doubt=attempt.doubt is Doubt.STRONG)
    if isinstance(error, UncertainError):
        return _uncertain(error, attempt, pauses)
    if isinstance(error, UnavailableError):
        return _unavailable(error, attempt, pauses)
    return _bug(error, attempt)


def _held_back(error: HeldBackError, attempt: Attempt, pauses: Pauses) -> Outcome:
    """A paused shop's rows have no due time of their own: the pause keeps them; the others wait a little."""
    waits = {
        Wait.SECONDS: pauses.after(1, attempt.chance),
        Wait.A_MINUTE: pauses.after(SOON, attempt.chance),
        Wait.SOME_MINUTES: pauses.held_back,
        Wait.UNTIL_RESUMED: None,
    }
    return Outcome(
        name="held_back", status=attempt.waiting, message=str(error), due_in=waits[error.wait], counted=False
    )


def _uncertain(error: UncertainError, attempt: Attempt, pauses: Pauses) -> Outcome:
    is_probe = isinstance(error, ProbeLostError)
    if pauses.is_last(attempt.number) and not is_probe:
        return _given_up(error, attempt, in_doubt=True)
    pause = max(pauses.uncertain, _pause(attempt, pauses, is_probe=is_probe))
    return Outcome(name="uncertain", status=Status.UNCERTAIN, message=str(error), due_in=pause)


def _unavailable(error: UnavailableError, attempt: Attempt, pauses: Pauses) -> Outcome:
    is_probe = isinstance(error, ProbeFailedError)
    if pauses.is_last(attempt.number) and not is_probe:
        return _given_up(error, attempt, in_doubt=attempt.doubt is Doubt.STRONG)
    pause = _pause(attempt, pauses, is_probe=is_probe)
    if error.retry_after is not None:
        pause = min(max(pause, error.retry_after), pauses.longest)
    return Outcome(name="later", status=attempt.waiting, message=str(error), due_in=pause)


def _pause(attempt: Attempt, pauses: Pauses, *, is_probe: bool) -> float:
    """A probe's row may be the only one that waits: it is due soon again, however long the outage is."""
    return pauses.after(SOON if is_probe else attempt.number, attempt.chance)


def _given_up(error: UnavailableError | UncertainError, attempt: Attempt, *, in_doubt: bool) -> Outcome:
    advice = Words(f"đã thử {attempt.number} lần, dừng lại", f"given up after {attempt.number} attempts")
    if in_doubt:
        advice = Words(f"{advice.vi}; {MAY_BE_STORED.vi}", f"{advice.en}; {MAY_BE_STORED.en}")
    return Outcome(
        name="given_up",
        status=Status.FAILED,
        message=f"{advice}: {error}",
        due_in=0.0 if in_doubt else None,
    )


def _bug(error: BaseException, attempt: Attempt) -> Outcome:
    words = Words("lỗi của phần mềm gửi", "a fault of the sending software")
    in_doubt = attempt.sent or attempt.doubt is Doubt.STRONG
    return Outcome(
        name="bug",
        status=Status.FAILED,
        message=f"{words}: {type(error).__name__}",
        due_in=0.0 if in_doubt else None,
    )
