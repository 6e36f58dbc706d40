"""A row that a worker is sending: what the begin reads, and what the delivery and its middleware work with."""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from pharmasync.decisions.doubt import Doubt, doubt_about
from pharmasync.decisions.status import Status
from pharmasync.decisions.twins import Twin
from pharmasync.documents import DocumentType


@frozen
class ClaimedAs:
    """What a message tells of its row beside the row's name.

    Attributes:
        row_id: The row's id.
        attempts: How many attempts the row had when it was claimed.
    """

    row_id: int
    attempts: int


@frozen(kw_only=True)
class BegunRow:
    """A row that this worker is sending.

    Attributes:
        kind: The document's type.
        id: The row's id.
        local_id: The facility's own code.
        shop_id: The shop.
        previous: The state it was begun from.
        attempt: Which attempt this is, from 1.
        header: The document's header columns, and ``facility_code``.
        lines: The columns of its lines, in order.
        twins: Other rows that the API would know as this document.
        silent: How many attempts in a row, before this one, ended without an outcome.
        national_id: The id of a row that was delivered before.
        message: What the attempt before this one left in ``sync_response_message``.
    """

    kind: DocumentType
    id: int
    local_id: str
    shop_id: str
    previous: Status
    attempt: int
    header: Mapping[str, object] = field(repr=False)
    lines: Sequence[Mapping[str, object]] = field(repr=False)
    twins: Sequence[Twin] = ()
    silent: int = 0
    national_id: str | None = None
    message: str | None = field(default=None, repr=False)

    @property
    def doubt(self) -> Doubt:
        """How sure it is that the document is not stored yet."""
        return doubt_about(self.previous, self.attempt, self.national_id)
