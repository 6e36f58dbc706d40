"""The outcome of one attempt: what is written to the row, as one value."""

from collections.abc import Iterator

from attrs import evolve, frozen

from pharmasync.decisions.status import Status
from pharmasync.words import Words

MAY_BE_STORED = Words("có thể đã được lưu", "it may be stored")

FEWER_WORDS = (250, 100, 50)
"""How many characters are kept of words that do not fit into their column."""


@frozen(kw_only=True)
class Outcome:
    """What one attempt does to its row.

    Attributes:
        name: The journal's word for it: delivered, later, uncertain, refused, given_up, bug, held_back.
        status: The row's next state.
        message: For ``sync_response_message``; None empties it.
        national_id: Written where it is not None.
        due_in: Seconds until the row may be picked up, counted by the database's clock; None writes NULL.
            A SYNC_FAILED row with a due time ended in doubt: ``retry`` makes it SYNC_UNCERTAIN.
        counted: False takes the attempt that begin counted back.
    """

    name: str
    status: Status
    message: str | None = None
    national_id: str | None = None
    due_in: float | None = None
    counted: bool = True

    @property
    def may_be_stored(self) -> bool:
        """Whether the document is stored, or nobody knows."""
        in_doubt = self.status is Status.FAILED and self.due_in is not None
        return in_doubt or self.status in {Status.SUCCESS, Status.UNCERTAIN}

    def in_fewer_words(self) -> "Iterator[Outcome]":
        """The same in ever fewer words, and at last in none: a row that says less is better than one in no state."""
        words = self.message or ""
        for length in FEWER_WORDS:
            if len(words) > length:
                yield evolve(self, message=f"{words[: length - 1]}…")
        if words:
            yield evolve(self, message=None)


def delivered(national_id: str | None, note: Words | None = None) -> Outcome:
    """The document is stored nationally; ``note`` is what is worth knowing about how."""
    return Outcome(
        name="delivered",
        status=Status.SUCCESS,
        national_id=national_id,
        message=None if note is None else str(note),
    )


def refused(message: object, *, in_doubt: bool = False) -> Outcome:
    """The document will not be taken as it is; ``in_doubt`` where an earlier attempt may have stored it."""
    if in_doubt:
        message = f"{message}; {MAY_BE_STORED}"
    return Outcome(name="refused", status=Status.FAILED, message=str(message), due_in=0.0 if in_doubt else None)
