"""The login call."""

from aiohttp import web

from pharmasync.sandbox.national import answers
from pharmasync.sandbox.national.bodies import read_body
from pharmasync.sandbox.national.practice import Practice
from pharmasync.sandbox.national.refusal import RefusedError
from pharmasync.sandbox.national.validation import read_login

LOGIN_PATH = "/api/tai_khoan/dang_nhap"


class Login:
    """Answers logins."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    async def handle(self, request: web.Request) -> web.Response:
        """Answer ``POST /api/tai_khoan/dang_nhap``."""
        practice = self._practice
        faults = practice.faults
        if faults.down:
            return answers.cut(request)
        if faults.login_500 and practice.dice.random() < faults.login_500:
            practice.tally.faults["login_500"] += 1
            answer = answers.trouble(500, "Lỗi hệ thống")
        else:
            answer = await self._log_in(request)
        await practice.hold_back()
        return answer

    async def _log_in(self, request: web.Request) -> web.Response:
        practice = self._practice
        switches = practice.switches
        try:
            content = read_login(await read_body(request))
            practice.accounts.log_in(content["usr"], content["pwd"], switches.lock_after)
        except RefusedError as refusal:
            return answers.trouble(refusal.code, refusal.message)
        token = practice.tokens.issue(content["usr"], switches.token_lifetime)
        told = {"token": token, "token_type": "bearer"}
        if switches.login_form == "wrapped":
            return answers.json_answer({"code": 200, "message": "Thành công", "data": told})
        return answers.json_answer(told)
