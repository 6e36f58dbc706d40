"""Sends a document so that it is stored once: what may already be there is found out before anything is posted."""

from attrs import evolve, field, frozen

from pharmasync.decisions.doubt import Doubt
from pharmasync.documents import Document, DocumentType
from pharmasync.errors import AlreadyStoredError, NotStoredError, RefusedError, UnreachableError, UnresolvedError
from pharmasync.limits import OpenTurnstile, Turnstile
from pharmasync.national.adapter import Adapter, Stored
from pharmasync.national.guard import Guard, NoGuard
from pharmasync.national.http import ANYTHING, Call, Carrier, Permit, Request, Response
from pharmasync.national.login import Login
from pharmasync.repeating import repeat
from pharmasync.words import Words

FOUND = Words("đã có sẵn trên hệ thống quốc gia", "it was at the national server already")
CORRECTED = Words("đã gửi lại để chắc chắn", "sent again as a correction, to be sure")
REPORTED = Words("hệ thống báo đã tồn tại", "the national server said that it exists")

NOT_THERE = Words("hệ thống quốc gia chưa có", "the national server does not have it")

NO_CORRECTIONS = 405
"""The answer that says that there is no PUT, and so nothing about the document."""


@frozen(kw_only=True)
class NationalClient:
    """The national API as the workers see it.

    Attributes:
        adapter: The API's version.
        transport: Makes a call.
        login: Gives tokens.
        retries: How often a call that never reached the server is repeated.
        retry_seconds: The wait between.
        turnstile: Lets calls through as the limits allow, repeats included.
        guard: Lets calls through while the server is there, repeats included.
    """

    adapter: Adapter
    transport: Carrier
    login: Login
    retries: int
    retry_seconds: float
    turnstile: Turnstile = field(factory=OpenTurnstile)
    guard: Guard = field(factory=NoGuard)

    def send(
        self,
        kind: DocumentType,
        document: Document,
        shop_id: str,
        doubt: Doubt,
        permit: Permit = ANYTHING,
    ) -> Stored:
        """Stores the document nationally and returns how.

        ``Doubt.NONE`` posts. ``SLIGHT`` looks first, where the API can be read, and posts what is not there.
        ``STRONG`` looks, then corrects, and posts only what the API says it does not know. An answer that says "already
        stored" is found out like strong doubt.

        Args:
            kind: The document's type.
            document: The document.
            shop_id: Whose account sends it.
            doubt: How sure it is that the document is not stored yet.
            permit: What its calls are allowed.

        Raises:
            NotStoredError: It is not stored, and the permit is only for finding that out.
            DeliveryError: It did not get through; the family says what follows.
        """
        call = self._authorised(shop_id, permit)
        if doubt is not Doubt.NONE:
            found = self.adapter.find(call, kind, document)
            if found is not None:
                return _noted(found, FOUND)
        if doubt is Doubt.STRONG:
            corrected = self._corrected(call, kind, document)
            if corrected is not None:
                return corrected
        if not permit.may_create:
            raise NotStoredError(NOT_THERE)
        return self._posted(call, kind, document)

    def _posted(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        try:
            return self.adapter.create(call, kind, document)
        except AlreadyStoredError as refusal:
            stored = self.adapter.find(call, kind, document) or self._corrected(call, kind, document)
            if stored is None:
                raise RefusedError(refusal.words, http_status=refusal.http_status) from refusal
            return _noted(stored, REPORTED)

    def _corrected(self, call: Call, kind: DocumentType, document: Document) -> Stored | None:
        """The document, stored by a correction; None where the API says that it does not know it."""
        try:
            return _noted(self.adapter.correct(call, kind, document), CORRECTED)
        except NotStoredError:
            return None
        except AlreadyStoredError:
            return Stored(national_id=None, note=REPORTED)
        except RefusedError as refusal:
            if refusal.http_status == NO_CORRECTIONS:
                raise UnresolvedError(
                    Words("không kiểm tra được đã lưu hay chưa", "whether it is stored cannot be found out"),
                    http_status=refusal.http_status,
                ) from refusal
            raise

    def _authorised(self, shop_id: str, permit: Permit) -> Call:
        def call(request: Request) -> Response:
            token = self.login.token(shop_id)
            response = once(request, token)
            if not self.adapter.token_refused(response):
                return response
            return once(request, self.login.token(shop_id, refused=token))

        def once(request: Request, token: str) -> Response:
            authorised = self.adapter.authorised(request, token)
            return repeat(lambda: guarded(authorised), UnreachableError, times=self.retries, seconds=self.retry_seconds)

        def guarded(request: Request) -> Response:
            return self.guard.carry(request, lambda: written(request), permit.until)

        def written(request: Request) -> Response:
            with self.turnstile.pass_for(shop_id):
                if not request.writes:
                    return self.transport(request, permit.until)
                permit.before_writing()
                return self.transport(request, permit.until, permit.write_by)

        return call


def _noted(stored: Stored, note: Words) -> Stored:
    if stored.note is None:
        return evolve(stored, note=note)
    return evolve(stored, note=Words(f"{note.vi}; {stored.note.vi}", f"{note.en}; {stored.note.en}"))
