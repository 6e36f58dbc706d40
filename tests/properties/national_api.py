"""The model of the national API: the practice API's own handlers, without its web server."""

from aiohttp import web
from attrs import define, field, frozen

from pharmasync.documents import DocumentType
from pharmasync.national.http import Request, Response
from pharmasync.national.v1.adapter import DOCUMENTS, LOGIN
from pharmasync.national.v1.wire import FORMS
from pharmasync.sandbox.national import answers
from pharmasync.sandbox.national.accounts import Accounts
from pharmasync.sandbox.national.documents import DocumentCalls, _Sent
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.kinds import INVOICE, KINDS
from pharmasync.sandbox.national.practice import Practice
from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.store import Key, StoredDocument
from pharmasync.sandbox.national.switches import Switches
from tests.properties.call_fates import CallFate
from tests.properties.doubts import Doubts, Inquiry, Meaning

Said = tuple[web.Response, Meaning]

NO_SUCH_METHOD = answers.trouble(405, "Phương thức không được hỗ trợ")

INSTEAD: dict[CallFate, Said] = {
    CallFate.CUT: (web.Response(), Meaning.NOTHING),
    CallFate.TROUBLE: (answers.trouble(503, "Hệ thống bận"), Meaning.TROUBLE),
    CallFate.EXPIRED: (answers.unauthorized(), Meaning.REFUSED),
    CallFate.REFUSED: (answers.trouble(400, "Ngày bán không đúng định dạng"), Meaning.REFUSED),
}
"""What is said where a call is not carried out."""

AFTERWARDS: dict[CallFate, Said] = {
    CallFate.TROUBLE_AFTERWARDS: (answers.trouble(500, "Lỗi hệ thống"), Meaning.TROUBLE),
    CallFate.GARBLED: (web.Response(body=b'{"co', content_type="application/json"), Meaning.NOTHING),
}
"""What is said instead of the truth where a call is carried out."""


@frozen
class Habits:
    """What nobody knows about the national API, and so is different from example to example.

    Attributes:
        switches: Those of the practice API.
        corrects: Whether there is a PUT.
    """

    switches: Switches
    corrects: bool = True


@frozen
class Answer:
    """An answer on its way, and the inquiry that it answers; a login asks about no document."""

    response: Response
    meaning: Meaning
    inquiry: Inquiry | None = None


@define
class NationalApi:
    """The national API.

    Attributes:
        habits: Its habits.
        doubts: What is known of its documents outside of it.
    """

    habits: Habits
    doubts: Doubts = field(factory=Doubts, init=False)
    _practice: Practice = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._practice = Practice(Accounts({}), self.habits.switches, Faults(), seed=0)

    def take(self, request: Request, fate: CallFate) -> Answer:
        """Carries a call out, as far as its fate lets it.

        Raises:
            BlindPostError: The call must never have been made.
        """
        if request.path == LOGIN:
            return _log_in(fate)
        name, sent = self._read(request)
        key = (name, sent.facility, sent.code)
        if request.method == "POST":
            self.doubts.judge_post(key, readable=name == INVOICE.name and self.habits.switches.get_invoice)
        inquiry = self.doubts.written(key, writes=request.writes)
        said = INSTEAD[fate] if fate in INSTEAD else self._carry_out(request.method, name, sent)
        response, meaning = AFTERWARDS.get(fate, said)
        return Answer(_as_carried(response), meaning, inquiry)

    def tell(self, answer: Answer) -> Response:
        """Lets an answer arrive: from now on it is known what it says."""
        if answer.inquiry is not None:
            self.doubts.heard(answer.inquiry, answer.meaning)
        return answer.response

    def held(self, kind: DocumentType, facility: str, code: str) -> StoredDocument | None:
        """The document, where it is stored."""
        return self._practice.store.find(FORMS[kind.name].path, facility, code)

    def doubled(self) -> set[Key]:
        """The documents that are stored more than once, but for the excused ones."""
        documents = self._practice.store.documents()
        return {(each.kind, each.facility, each.code) for each in documents if each.copies > 1} - self.doubts.excused

    def _carry_out(self, method: str, name: str, sent: _Sent) -> Said:
        if method == "PUT" and not self.habits.corrects:
            return NO_SUCH_METHOD, Meaning.REFUSED
        is_there = self._practice.store.find(name, sent.facility, sent.code) is not None
        try:
            answer = DocumentCalls(KINDS[name], self._practice)._by_method[method](sent)
        except RefusedError as refusal:
            meaning = Meaning.REFUSED if is_there or method == "POST" else Meaning.NOT_THERE
            return answers.refused(self.habits.switches, refusal), meaning
        return answer, Meaning.STORED if answer.status == web.HTTPOk.status_code else Meaning.REFUSED

    def _read(self, request: Request) -> tuple[str, _Sent]:
        """The name of the document's kind, and what of it the call tells."""
        name, *key = request.path.removeprefix(DOCUMENTS).split("/")
        if request.body is None:
            facility, code = key
            return name, _Sent(facility, code)
        sent = _Sent()
        DocumentCalls(KINDS[name], self._practice)._take_body(sent, request.body)
        return name, sent


def _log_in(fate: CallFate) -> Answer:
    given = answers.json_answer({"token": "a new one", "token_type": "bearer"})
    response, meaning = INSTEAD.get(fate) or AFTERWARDS.get(fate) or (given, Meaning.STORED)
    return Answer(_as_carried(response), meaning)


def _as_carried(answer: web.Response) -> Response:
    body = answer.body
    return Response(
        status=answer.status,
        body=body if isinstance(body, bytes) else b"",
        content_type=answer.headers.get("Content-Type", ""),
    )
