"""How sure we are that the national server has not got a document yet."""

from enum import Enum

from pharmasync.decisions.status import Status


class Doubt(Enum):
    """What must be found out before a document may be posted."""

    NONE = "none"
    """Never sent: POST it."""

    SLIGHT = "slight"
    """Every earlier answer said "not now". A 5xx may still hide a stored document: look where looking is harmless."""

    STRONG = "strong"
    """It was sent and the answer is not known: never a POST before everything else was tried."""

    STORED = "stored"
    """It has a national id: somebody set a delivered row back, to have what is stored corrected."""


def doubt_about(previous: Status, attempt: int, national_id: str | None = None) -> Doubt:
    """The doubt about a row that was begun from state ``previous`` as its ``attempt``-th attempt (from 1)."""
    if national_id is not None:
        return Doubt.STORED
    if previous is Status.UNCERTAIN:
        return Doubt.STRONG
    return Doubt.SLIGHT if attempt > 1 else Doubt.NONE
