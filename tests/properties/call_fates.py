"""A call to the national API as a player makes it: what it does there and what is heard of it are two moves."""

import time
from enum import Enum

from attrs import frozen

from pharmasync.errors import DeliveryError, LostAnswerError, NetworkTroubleError, UnreachableError
from pharmasync.national.http import Request, Response, Until
from tests.properties.players import stop_before


class CallFate(Enum):
    """What becomes of a call."""

    ANSWERED = "it is carried out and answered"
    SLOW = "it is carried out, and its answer is on its way"
    ANSWER_LOST = "it is carried out, and its answer is lost"
    CUT = "it is written, and never carried out"
    UNREACHABLE = "no connection is made"
    TROUBLE = "503, and it is not carried out"
    TROUBLE_AFTERWARDS = "500, although it is carried out"
    GARBLED = "it is carried out, and its answer cannot be read"
    EXPIRED = "401: the token is too old"
    REFUSED = "400: the API does not like it"


class AnswerFate(Enum):
    """What becomes of an answer that is on its way."""

    ARRIVES = "it arrives"
    LOST = "it is lost"


@frozen
class NationalCall:
    """A call that is about to be made."""

    request: Request
    until: Until | None
    write_by: Until | None

    @property
    def is_over(self) -> bool:
        """Whether its time is over: the transport cuts it."""
        return self.until is not None and self.until() <= time.monotonic()

    @property
    def is_too_late(self) -> bool:
        """Whether it may not be written any more: the transport does not."""
        return self.is_over or (self.write_by is not None and self.write_by() <= time.monotonic())

    def broken_off(self) -> DeliveryError:
        """What the transport says where the connection breaks after the call was written."""
        if self.request.writes:
            return LostAnswerError("sent, and the answer was lost")
        return NetworkTroubleError("no answer")

    def never_made(self) -> DeliveryError:
        """What the transport says where no connection comes about."""
        return UnreachableError("no connection")


class TurnFate(Enum):
    """What comes of waiting for a turn to make a call."""

    COMES = "it comes"
    NO_ROOM = "it does not come in time"
    CIRCUIT_OPEN = "nobody calls now"
    PROBE = "nobody else calls now: the call is the probe"


@frozen
class Turn:
    """A turn to make a call, which is waited for."""


def carry(request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
    """Carries calls in place of the transport: a player stops before each."""
    answer: Response = stop_before(NationalCall(request, until, write_by))
    return answer
