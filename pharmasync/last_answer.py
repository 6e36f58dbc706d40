"""Notes which HTTP status the answer about a document had, for the journal."""

from attrs import frozen

from pharmasync.in_hand import in_hand
from pharmasync.national.http import Carrier, Request, Response, Until


@frozen
class NoteStatus:
    """Carries calls about the document that the thread has in hand, and notes the last answer's status.

    A call that gets no answer leaves none. What is looked up after the document was sent changes nothing.

    Attributes:
        carrier: Carries them.
    """

    carrier: Carrier

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        """The answer; raises the transport's errors."""
        held = in_hand()
        if held.sent and not request.writes:
            return self.carrier(request, until, write_by)
        held.http_status = None
        answer = self.carrier(request, until, write_by)
        held.http_status = answer.status
        return answer
