"""Sends a document so that it is stored once: what may already be there is found out before anything is posted."""

from contextlib import suppress

from attrs import evolve, field, frozen

from pharmasync.decisions.doubt import Doubt
from pharmasync.documents import Document, DocumentType
from pharmasync.errors import (
    AlreadyStoredError,
    NotStoredError,
    PharmasyncError,
    RefusedError,
    UnavailableError,
    UnreachableError,
    UnresolvedError,
)
from pharmasync.national.adapter import Adapter, Stored
from pharmasync.national.guard import Guard, NoGuard
from pharmasync.national.http import ANYTHING, Call, Carrier, Permit, Request, Response
from pharmasync.national.login import Login
from pharmasync.national.turnstile import OpenTurnstile, Turnstile
from pharmasync.repeating import repeat
from pharmasync.words import Words

FOUND = Words("đã có sẵn trên hệ thống quốc gia", "it was at the national server already")
CORRECTED = Words("đã gửi lại để chắc chắn", "sent again as a correction, to be sure")
REPORTED = Words("hệ thống báo đã tồn tại", "the national server said that it exists")

NOT_THERE = Words("hệ thống quốc gia chưa có", "the national server does not have it")

NO_CORRECTION = Words("hệ thống quốc gia không nhận sửa đổi", "the national server takes no corrections")

UNRESOLVED = Words("không kiểm tra được đã lưu hay chưa", "whether it is stored cannot be found out")

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
        ``STRONG`` looks, then corrects, and posts only what the API says it does not know: in answer to the correction,
        or to the look where the correction is refused for any reason. An answer that says "already stored" is found out
        like strong doubt. ``STORED`` corrects, and posts what the API does not know any more.

        Where a correction, too, is answered by "already stored", a document is there under this code that can neither
        be read nor corrected. It is taken for this one only where an earlier call may have stored this one (``STRONG``)
        and the API says so in words about the document: a bare 409 may mean anything, and stays to be found out. What
        never was in such doubt is refused: the document that is there may be another one, and this one nowhere.

        Where a document was stored and no id came, it is looked up once; a failure of that changes nothing.

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
        if doubt is Doubt.STORED:
            return self._corrected_as_wanted(call, kind, document)
        absent = False
        if doubt is not Doubt.NONE:
            try:
                found = self.adapter.find(call, kind, document)
            except NotStoredError:
                found, absent = None, True
            if found is not None:
                return _noted(found, FOUND)
        if doubt is Doubt.STRONG:
            corrected = self._corrected_in_doubt(call, kind, document, absent=absent)
            if corrected is not None:
                return corrected
        if not permit.may_create:
            raise NotStoredError(NOT_THERE)
        return self._posted(call, kind, document, doubt)

    def _corrected_as_wanted(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """The document that is stored, corrected; stored anew where the API does not know it any more."""
        try:
            return self._corrected(call, kind, document)
        except NotStoredError:
            return self._posted(call, kind, document, Doubt.STORED)
        except UnresolvedError as error:
            raise RefusedError(NO_CORRECTION, http_status=error.http_status) from error

    def _corrected_in_doubt(self, call: Call, kind: DocumentType, document: Document, *, absent: bool) -> Stored | None:
        """The document, stored by a correction or told to be; None where it is not there, and so may be posted.

        Where a look said that it is ``absent``, a correction that is refused, whatever its words, says so as well.
        """
        try:
            return self._corrected(call, kind, document)
        except AlreadyStoredError as refusal:
            return _told(refusal, in_words=refusal.in_words)
        except NotStoredError:
            return None
        except (RefusedError, UnresolvedError):
            if absent:
                return None
            raise

    def _posted(self, call: Call, kind: DocumentType, document: Document, doubt: Doubt) -> Stored:
        try:
            return self._with_id(self.adapter.create(call, kind, document), call, kind, document)
        except AlreadyStoredError as refusal:
            stored = self._reported(call, kind, document, refusal, doubt)
            if stored is None:
                raise RefusedError(refusal.words, http_status=refusal.http_status) from refusal
            return stored

    def _reported(
        self, call: Call, kind: DocumentType, document: Document, refusal: AlreadyStoredError, doubt: Doubt
    ) -> Stored | None:
        """The document that a post was told to be there already; None where nothing shows that it is this one."""
        with suppress(NotStoredError):  # one of both answers is wrong: a correction settles it
            found = self.adapter.find(call, kind, document)
            if found is not None:
                return _noted(found, REPORTED)
        try:
            return _noted(self._corrected(call, kind, document), REPORTED)
        except NotStoredError:
            return None
        except AlreadyStoredError as again:
            if doubt is not Doubt.STRONG:
                return None
            return _told(again, in_words=again.in_words or refusal.in_words)
        except UnavailableError as trouble:
            trouble.words = f"{REPORTED}; {trouble.words}"
            raise

    def _corrected(self, call: Call, kind: DocumentType, document: Document) -> Stored:
        """The document, stored by a correction."""
        try:
            corrected = self.adapter.correct(call, kind, document)
        except RefusedError as refusal:
            if refusal.http_status == NO_CORRECTIONS:
                raise UnresolvedError(UNRESOLVED, http_status=refusal.http_status) from refusal
            raise
        return _noted(self._with_id(corrected, call, kind, document), CORRECTED)

    def _with_id(self, stored: Stored, call: Call, kind: DocumentType, document: Document) -> Stored:
        """What was stored just now, with its id looked up where no id came and the API can be read."""
        if stored.national_id is not None:
            return stored
        try:
            found = self.adapter.find(call, kind, document)
        except PharmasyncError:  # it is stored, whatever goes wrong in asking for its id
            return stored
        return stored if found is None or found.national_id is None else found

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


def _told(refusal: AlreadyStoredError, *, in_words: bool) -> Stored:
    """A document that may be there, as the API says that it is, ``in_words`` about it or only by a status."""
    if not in_words:
        raise UnresolvedError(UNRESOLVED, http_status=refusal.http_status) from refusal
    return Stored(national_id=None, note=REPORTED)


def _noted(stored: Stored, note: Words) -> Stored:
    if stored.note is None:
        return evolve(stored, note=note)
    return evolve(stored, note=Words(f"{note.vi}; {stored.note.vi}", f"{note.en}; {stored.note.en}"))
