"""The calls of version 1. Source: API list, "Login" and "Documents"."""

import json
from functools import partial
from urllib.parse import quote

import attrs

from pharmasync.documents import DOCUMENT_TYPES, Document, DocumentType
from pharmasync.national.adapter import Account, Stored
from pharmasync.national.http import Call, Request, Response
from pharmasync.national.v1 import answers, fields
from pharmasync.national.v1.finding import read_found
from pharmasync.national.v1.ids import Own
from pharmasync.national.v1.login import read_token
from pharmasync.national.v1.wire import FORMS, check_forms, personal_words, wire_form

LOGIN = "/api/tai_khoan/dang_nhap"
DOCUMENTS = "/api/lien_thong/"
JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}


class Version1:
    """Speaks version 1; holds nothing between two calls.

    Raises:
        UnwritableTypeError: A document type has no form on the wire.
    """

    def __init__(self) -> None:
        check_forms(DOCUMENT_TYPES)

    def login(self, call: Call, account: Account) -> str:
        """See :class:`~pharmasync.national.adapter.Adapter`."""
        credentials = {"usr": account.name, "pwd": account.password}
        response = call(Request(method="POST", path=LOGIN, body=_json(credentials), headers=JSON))
        return read_token(response, hidden=(account.password,))

    def authorised(self, request: Request, token: str) -> Request:
        """The request with the token behind a lower-case "bearer"."""
        return attrs.evolve(request, headers={**request.headers, "Authorization": f"bearer {token}"})

    def token_refused(self, response: Response) -> bool:
        """401 as status, or as code of a 2xx."""
        if not fields.OK <= response.status < answers.FIRST_REDIRECT:
            return response.status == answers.UNAUTHORISED
        answer = fields.parse(response) if b"401" in response.body else None
        return isinstance(answer, dict) and fields.code_of(answer) == answers.UNAUTHORISED

    def create(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """POST path."""
        return self._store("POST", call, kind, document)

    def correct(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """PUT path, same body."""
        return self._store("PUT", call, kind, document)

    def find(self, call: Call, kind: DocumentType, document: Document) -> Stored | None:
        """GET path/facility/code, known for invoices only."""
        form = FORMS[kind.name]
        if not form.readable:
            return None
        key = "/".join(quote(part, safe="") for part in (document.facility_code, kind.own_code(document)))
        response = call(Request(method="GET", path=f"{DOCUMENTS}{form.path}/{key}", headers=JSON))
        return read_found(response, self._own(kind, document), self.body(kind, document), form)

    def body(self, kind: DocumentType, document: Document) -> dict[str, object]:
        """The wire form."""
        return wire_form(kind, document)

    def personal_fields(self) -> frozenset[str]:
        """The wire's names of what names a person."""
        return personal_words(DOCUMENT_TYPES)

    def _store(self, method: str, call: Call, kind: DocumentType, document: Document) -> Stored:
        path = DOCUMENTS + FORMS[kind.name].path
        body = _json(self.body(kind, document))
        response = call(Request(method=method, path=path, body=body, headers=JSON, writes=True))
        return answers.read_stored(response, self._own(kind, document))

    def _own(self, kind: DocumentType, document: Document) -> Own:
        form = FORMS[kind.name]
        return Own(
            code=kind.own_code(document),
            code_key=form.word(kind.local_id),
            id_key=form.national_id,
            facility=document.facility_code,
            hidden=partial(kind.personal_values, document),
        )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
