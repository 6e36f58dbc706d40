"""A client among stand-ins: the order of its calls is pure flow, so the API and the transport are scripted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import define, evolve, field

from pharmasync.decisions.doubt import Doubt
from pharmasync.documents import SALES_INVOICE, Document, DocumentType, read_document
from pharmasync.errors import DeliveryError, PharmasyncError, ShopPausedError, TokenRefusedError
from pharmasync.national.adapter import Account, Stored
from pharmasync.national.client import NationalClient
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.national.guard import Guard, NoGuard
from pharmasync.national.http import Call, Permit, Request, Response, Until
from pharmasync.national.login import Login
from pharmasync.national.turnstile import OpenTurnstile, Turnstile

Row = dict[str, object]
RowsOf = Callable[..., tuple[Row, list[Row]]]

RETRIES = 2
OK = Response(status=200)
EXPIRED = Response(status=401)


@define
class ScriptedVersion:
    """A version of the API whose every operation makes one call and then does what the script says."""

    script: dict[str, list[Stored | PharmasyncError | None]]
    operations: list[str] = field(factory=list)

    def login(self, call: Call, account: Account) -> str:
        return call(Request(method="LOGIN", path=account.name)).content_type

    def authorised(self, request: Request, token: str) -> Request:
        return evolve(request, headers={"token": token})

    def token_refused(self, response: Response) -> bool:
        return response.status == EXPIRED.status

    def create(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        stored = self._play("create", call, kind, document)
        assert stored is not None
        return stored

    def correct(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        stored = self._play("correct", call, kind, document)
        assert stored is not None
        return stored

    def find(self, call: Call, kind: DocumentType, document: Document) -> Stored | None:
        return self._play("find", call, kind, document)

    def body(self, kind: DocumentType, document: Document) -> dict[str, object]:
        return {"kind": kind.name, "code": kind.own_code(document)}

    def personal_fields(self) -> frozenset[str]:
        return frozenset()

    def _play(self, name: str, call: Call, kind: DocumentType, document: Document) -> Stored | None:
        self.operations.append(name)
        path = f"/{kind.name}/{kind.own_code(document)}"
        response = call(Request(method=name, path=path, writes=name != "find"))
        if self.token_refused(response):
            raise TokenRefusedError("401", http_status=401)
        result = self.script[name].pop(0)
        if isinstance(result, PharmasyncError):
            raise result
        return result


@define
class ScriptedTransport:
    """Answers the calls in turn, OK once the script is over, and keeps them."""

    answers: list[Response | DeliveryError] = field(factory=list)
    calls: list[tuple[str, str]] = field(factory=list)
    moments: list[tuple[str, Until | None, Until | None]] = field(factory=list)

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        self.calls.append((request.method, request.headers.get("token", "")))
        self.moments.append((request.method, until, write_by))
        answer = self.answers.pop(0) if self.answers else OK
        if isinstance(answer, DeliveryError):
            raise answer
        return answer


@define
class OneShop:
    """The tokens and the account of one shop, in memory; each login gives the next token."""

    logins: int = 0
    token: str | None = None
    paused_after: int = 100

    def get(self, shop_id: str, *, newest: bool = False) -> str | None:  # noqa: ARG002 - this one has no older ones
        assert shop_id == "S1"
        return self.token

    def put(self, shop_id: str, token: str) -> None:
        assert shop_id == "S1"
        self.token = token

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        assert name
        yield

    def was_refused(self, fingerprint: str) -> bool:
        return not fingerprint

    def remember_refusal(self, fingerprint: str) -> None:
        raise AssertionError(fingerprint)

    def account_of(self, shop_id: str) -> Account:
        if self.logins >= self.paused_after:
            raise ShopPausedError("paused")
        return Account(shop_id, "password")

    def pause(self, shop_id: str, reason: str) -> None:
        raise AssertionError(shop_id, reason)

    def log_in(self, request: Request) -> Response:
        assert request.method == "LOGIN"
        self.logins += 1
        return Response(status=200, content_type=f"token-{self.logins}")


@define
class Scene:
    """A client among its stand-ins."""

    api: ScriptedVersion
    transport: ScriptedTransport
    shop: OneShop
    document: Document
    announced: int = 0
    prevents: DeliveryError | None = None
    may_create: bool = True
    until: Until | None = None
    write_by: Until | None = None
    turnstile: Turnstile = field(factory=OpenTurnstile)
    guard: Guard = field(factory=NoGuard)

    def send(self, doubt: Doubt) -> Stored:
        login = Login(
            adapter=self.api,
            call=self.shop.log_in,
            cache=self.shop,
            accounts=self.shop,
            fingerprint=Fingerprints("key"),
            retries=1,
            retry_seconds=0.001,
            turnstile=self.turnstile,
            guard=self.guard,
        )
        client = NationalClient(
            adapter=self.api,
            transport=self.transport,
            login=login,
            retries=RETRIES,
            retry_seconds=0.001,
            turnstile=self.turnstile,
            guard=self.guard,
        )
        permit = Permit(self._announce, self.until, self.write_by, self.may_create)
        return client.send(SALES_INVOICE, self.document, "S1", doubt, permit)

    def _announce(self) -> None:
        self.announced += 1
        if self.prevents is not None:
            raise self.prevents


MakeScene = Callable[..., Scene]


@pytest.fixture
def scene(rows_of: RowsOf) -> MakeScene:
    """Makes a scene out of what each operation does, and what the transport answers."""

    def make(answers: list[Response | DeliveryError] | None = None, **script: Any) -> Scene:
        return Scene(
            api=ScriptedVersion({name: [result] for name, result in script.items()}),
            transport=ScriptedTransport(answers or []),
            shop=OneShop(),
            document=read_document(SALES_INVOICE, *rows_of(SALES_INVOICE)),
        )

    return make
