"""What is known of each document outside of the national API: whether it may be stored there.

A document is in doubt from the moment a call that may store it is written until the API says that it is not there. A
POST of a document in doubt is a blind one, whether it does harm or not.
"""

from collections import defaultdict
from enum import Enum

from attrs import define, field, frozen

from pharmasync.sandbox.national.store import Key


class Meaning(Enum):
    """What an answer says about its document."""

    STORED = "it is stored"
    NOT_THERE = "it is not there"
    REFUSED = "this call stored nothing"
    TROUBLE = "5xx, which says nothing about it"
    NOTHING = "nothing, or nothing that can be understood"


class BlindPostError(AssertionError):
    """A POST of a document that may be stored, without having found out."""


@frozen
class Inquiry:
    """A call from whose answer something may be learnt.

    Attributes:
        key: The document.
        number: The call's number.
        earlier: The calls because of which the document was in doubt before it.
    """

    key: Key
    number: int
    earlier: frozenset[int]


@define
class Doubts:
    """The doubts about all documents.

    Attributes:
        excused: Documents that the table of errors posts again with open eyes; see :meth:`judge_post`.
        troubled: Documents of which a writing call was answered with 5xx.
    """

    excused: set[Key] = field(factory=set, init=False)
    troubled: set[Key] = field(factory=set, init=False)
    _reasons: dict[Key, dict[int, Meaning]] = field(factory=lambda: defaultdict(dict), init=False)
    _calls: int = field(default=0, init=False)

    def judge_post(self, key: Key, *, readable: bool) -> None:
        """Raises BlindPostError where a document in doubt is posted.

        The one exception is known and accepted: the table of errors makes a row PENDING_SYNC after a 5xx, although one
        may hide a stored document, and what cannot be read (every slip; invoices, if the API has no GET) is then posted
        again. It holds for nothing else: not for a document of which a call was never answered, or was answered
        "stored", and not for one that can be read.
        """
        reasons = set(self._reasons[key].values())
        if not reasons:
            return
        if readable or reasons != {Meaning.TROUBLE}:
            raise BlindPostError(key, sorted(reason.value for reason in reasons))
        self.excused.add(key)

    def written(self, key: Key, *, writes: bool) -> Inquiry:
        """A call is written: from now on its document is in doubt, if the call may store it."""
        self._calls += 1
        earlier = frozenset(self._reasons[key])
        if writes:
            self._reasons[key][self._calls] = Meaning.NOTHING
        return Inquiry(key, self._calls, earlier)

    def heard(self, inquiry: Inquiry, meaning: Meaning) -> None:
        """The call's answer is heard."""
        reasons = self._reasons[inquiry.key]
        settled = {Meaning.REFUSED: {inquiry.number}, Meaning.NOT_THERE: {inquiry.number, *inquiry.earlier}}
        for number in settled.get(meaning, set()):
            reasons.pop(number, None)
        if inquiry.number in reasons:
            reasons[inquiry.number] = meaning
            if meaning is Meaning.TROUBLE:
                self.troubled.add(inquiry.key)
