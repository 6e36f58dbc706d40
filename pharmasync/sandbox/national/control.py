"""The control calls under ``/_sandbox/``, and the page that shows what they tell."""

from importlib.resources import files
from typing import Any

from aiohttp import web

from pharmasync.sandbox.national.answers import json_answer
from pharmasync.sandbox.national.bodies import read_body
from pharmasync.sandbox.national.changes import ChangeError, changed
from pharmasync.sandbox.national.kinds import KINDS
from pharmasync.sandbox.national.practice import Practice
from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.store import StoredDocument
from pharmasync.sandbox.national.validation import read_json


class Control:
    """Answers the page and all calls under ``/_sandbox/``."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._page = files(__package__).joinpath("page.html").read_bytes()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the page and the calls."""
        router.add_get("/", self.show_page)
        router.add_get("/_sandbox/state", self.show_state)
        router.add_get("/_sandbox/documents", self.show_documents)
        router.add_patch("/_sandbox/switches", self.change_switches)
        router.add_patch("/_sandbox/faults", self.change_faults)
        router.add_post("/_sandbox/expire-tokens", self.expire_tokens)
        router.add_post("/_sandbox/reset", self.reset)

    async def show_page(self, _request: web.Request) -> web.Response:
        """Answer the page."""
        return web.Response(body=self._page, content_type="text/html", charset="utf-8")

    async def show_state(self, _request: web.Request) -> web.Response:
        """Answer all counts and settings."""
        return json_answer(self._practice.snapshot())

    async def show_documents(self, request: web.Request) -> web.Response:
        """Answer the documents, the latest first; ``kind`` and ``latest`` (a number) choose some of them."""
        kind = request.query.get("kind")
        if kind is not None and kind not in KINDS:
            return _bad_request(f"unknown kind {kind!r}; known are {', '.join(KINDS)}")
        latest = request.query.get("latest")
        if latest is not None and not (latest.isascii() and latest.isdigit()):
            return _bad_request(f"latest must be a whole number, not {latest!r}")
        found = self._practice.store.documents(kind, None if latest is None else int(latest))
        return json_answer([_shown(document) for document in found])

    async def change_switches(self, request: web.Request) -> web.Response:
        """Change some switches and answer all of them."""
        try:
            self._practice.switches = changed(self._practice.switches, await _named_values(request))
        except (ChangeError, RefusedError) as error:
            return _bad_request(_words(error))
        return await self.show_state(request)

    async def change_faults(self, request: web.Request) -> web.Response:
        """Change some faults and answer all of them."""
        try:
            self._practice.faults = changed(self._practice.faults, await _named_values(request))
        except (ChangeError, RefusedError) as error:
            return _bad_request(_words(error))
        return await self.show_state(request)

    async def expire_tokens(self, request: web.Request) -> web.Response:
        """Make all tokens worthless, or the share that the body's ``share`` (0 to 1) says; answer how many."""
        try:
            share = (await _named_values(request)).get("share", 1)
        except RefusedError as error:
            return _bad_request(_words(error))
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            return _bad_request(f"share must be a number from 0 to 1, not {share!r}")
        return json_answer({"expired": self._practice.tokens.expire(share, self._practice.dice)})

    async def reset(self, _request: web.Request) -> web.Response:
        """Go back to how the server was started."""
        self._practice.reset()
        return json_answer(self._practice.snapshot())


async def _named_values(request: web.Request) -> dict[str, Any]:
    body = await read_body(request)
    content = read_json(body) if body else {}
    if not isinstance(content, dict):
        raise RefusedError(400, "the body must be a JSON object")
    return content


def _shown(document: StoredDocument) -> dict[str, object]:
    return {
        "kind": document.kind,
        "facility": document.facility,
        "code": document.code,
        "times_stored": document.times_stored,
        "times_adopted": document.times_adopted,
        "doubled": document.doubled,
        "withdrawn": document.copies == 0,
        "national_ids": document.national_ids,
        "changed_at": document.changed_at.isoformat(timespec="milliseconds"),
        "body": document.body,
    }


def _words(error: ChangeError | RefusedError) -> str:
    return error.message if isinstance(error, RefusedError) else str(error)


def _bad_request(message: str) -> web.Response:
    return json_answer({"code": 400, "message": message}, 400)
