"""The document calls: POST creates, PUT corrects, DELETE withdraws, GET reads."""

from collections.abc import Callable

from aiohttp import web
from attrs import define

from pharmasync.sandbox.national import answers
from pharmasync.sandbox.national.bodies import read_body
from pharmasync.sandbox.national.broken_answers import AFTERWARDS, INSTEAD
from pharmasync.sandbox.national.faults import draw
from pharmasync.sandbox.national.kinds import INVOICE, Kind
from pharmasync.sandbox.national.practice import Practice
from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.store import StoredDocument
from pharmasync.sandbox.national.validation import check_document, read_json

_WITH_BODY = ("POST", "PUT")
_LONGEST_NAME = 50


@define
class _Sent:
    """What a call is about, as far as it is known: a body that is not valid may still name its document."""

    facility: str = ""
    code: str = ""
    raw_body: bytes = b""


class DocumentCalls:
    """Answers all calls of one kind of document."""

    def __init__(self, kind: Kind, practice: Practice) -> None:
        self._kind = kind
        self._practice = practice
        self._by_method: dict[str, Callable[[_Sent], web.Response]] = {
            "POST": self._create,
            "PUT": self._correct,
            "DELETE": self._withdraw,
            "GET": self._read,
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, with the faults and the delay that the settings ask for."""
        practice = self._practice
        tally = practice.tally.kinds[self._kind.name]
        tally.calls[request.method] += 1
        answer = await self._admit(request)
        await practice.hold_back()
        tally.answers["cut" if _is_cut(request) else str(answer.status)] += 1
        return answer

    async def _admit(self, request: web.Request) -> web.StreamResponse:
        practice = self._practice
        if practice.faults.down:
            return answers.cut(request)
        switches = practice.switches
        wait = practice.limit.wait(switches.max_rps)
        if wait:
            return answers.too_many_calls(wait, switches.retry_after_form)
        token = _token(request)
        account = practice.tokens.account_of(token, switches.token_lifetime)
        if account is None:
            return answers.unauthorized()
        return await self._play(request, account, token)

    async def _play(self, request: web.Request, account: str, token: str) -> web.StreamResponse:
        practice = self._practice
        faults = practice.faults
        fault = draw(faults, practice.dice)
        if fault is None:
            return await self._carry_out(request, account)
        practice.tally.faults[fault] += 1
        if fault == "expired_token":
            practice.tokens.revoke(token)
        if fault in INSTEAD:
            return INSTEAD[fault](request, faults)
        return await AFTERWARDS[fault](request, await self._carry_out(request, account), faults)

    async def _carry_out(self, request: web.Request, account: str) -> web.Response:
        document = _Sent()
        try:
            if request.method in _WITH_BODY:
                self._take_body(document, await read_body(request))
            else:
                document.facility, document.code = request.match_info["facility"], request.match_info["code"]
            self._practice.accounts.check_facility(account, document.facility)
            return self._by_method[request.method](document)
        except RefusedError as refusal:
            names = (document.facility, document.code)
            self._practice.tally.refuse(self._kind.name, request.method, names, refusal)
            return answers.refused(self._practice.switches, refusal)

    def _take_body(self, document: _Sent, raw_body: bytes) -> None:
        content = read_json(raw_body)
        if isinstance(content, dict):
            document.facility, document.code = _name(content.get("ma_co_so")), _name(content.get(self._kind.code_field))
        check_document(self._kind.name, content)
        document.raw_body = raw_body

    def _create(self, document: _Sent) -> web.Response:
        switches, store = self._practice.switches, self._practice.store
        known = self._known(document)
        if known is not None and switches.second_post == "reject":
            raise RefusedError(409, f"{self._kind.title} đã tồn tại")
        if known is not None and switches.second_post == "same_id":
            national_id = known.national_id
        else:
            national_id = store.add(self._kind, document.facility, document.code, document.raw_body)
        return answers.stored(switches.answer_form, self._kind, document.code, national_id)

    def _correct(self, document: _Sent) -> web.Response:
        switches, store = self._practice.switches, self._practice.store
        known = self._known(document)
        if known is not None:
            national_id = store.correct(known, document.raw_body)
        elif switches.put_unknown == "store":
            national_id = store.add(self._kind, document.facility, document.code, document.raw_body)
        else:
            raise self._unknown(*_PUT_UNKNOWN[switches.put_unknown])
        return answers.stored(switches.answer_form, self._kind, document.code, national_id)

    def _withdraw(self, document: _Sent) -> web.Response:
        known = self._known(document)
        if known is None:
            raise self._unknown(404)
        self._practice.store.withdraw(known)
        return answers.withdrawn(self._practice.switches.answer_form)

    def _read(self, document: _Sent) -> web.Response:
        switches = self._practice.switches
        if not (switches.get_invoice if self._kind is INVOICE else switches.get_slip):
            return answers.trouble(405, "Phương thức không được hỗ trợ")
        known = self._known(document)
        if known is None:
            raise self._unknown(404)
        return answers.read(switches.answer_form, self._kind, document.code, known.national_id, known.body)

    def _known(self, document: _Sent) -> StoredDocument | None:
        return self._practice.store.find(self._kind.name, document.facility, document.code)

    def _unknown(self, code: int, http_status: int | None = None) -> RefusedError:
        return RefusedError(code, f"{self._kind.title} không tồn tại", http_status=http_status)


_PUT_UNKNOWN = {"refuse": (404, 404), "refuse_400": (400, 400), "refuse_200": (404, 200)}
"""The code and the HTTP status by the switch ``put_unknown``."""


def _name(value: object) -> str:
    return value[:_LONGEST_NAME] if isinstance(value, str) else ""


def _is_cut(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
