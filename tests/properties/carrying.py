"""How a call and its answer travel between a player and the national API, each as its fate says."""

from attrs import frozen

from tests.properties.call_fates import AnswerFate, CallFate, NationalCall
from tests.properties.national_api import Answer, NationalApi
from tests.properties.players import Player


@frozen
class Coming:
    """An answer that is on its way."""

    call: NationalCall
    answer: Answer


def make(player: Player, api: NationalApi, call: NationalCall, fate: CallFate) -> None:
    """Makes the call before which a player stands; one that comes too late is not written.

    A call takes effect at once or never. A server that goes on with a call long after it was cut is met by the length
    of pauses and leases, and not by states.
    """
    if call.is_too_late or fate is CallFate.UNREACHABLE:
        player.fail(call.never_made())
        return
    if fate is CallFate.REFUSED and call.request.method == "GET":
        fate = CallFate.ANSWERED  # what it would say is that the document cannot be read, which is a habit of the API
    coming = Coming(call, api.take(call.request, fate))
    if fate is CallFate.SLOW:
        player.stands_before = coming
        return
    lost = fate in {CallFate.CUT, CallFate.ANSWER_LOST}
    hear(player, api, coming, AnswerFate.LOST if lost else AnswerFate.ARRIVES)


def hear(player: Player, api: NationalApi, coming: Coming, fate: AnswerFate) -> None:
    """Lets the answer for which a player waits arrive, unless the transport has cut the call."""
    if fate is AnswerFate.LOST or coming.call.is_over:
        player.fail(coming.call.broken_off())
    else:
        player.go_on(api.tell(coming.answer))
