"""A national API that quotes in its answers whatever it was sent: names, passwords, tokens.

What happens to a document depends on how its code begins: REFUSED, BROKEN (a page with 500), GARBLED (200 and nothing
that can be understood) or LOST (no answer at all); every other one is stored.
"""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from attrs import define, field

LOGIN = "/api/tai_khoan/dang_nhap"
CODES = ("ma_hoa_don", "ma_phieu")
IDS = ("ma_hoa_don_quoc_gia", "ma_phieu_nhap_quoc_gia", "ma_phieu_xuat_quoc_gia")


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.owner.heard.append(json.dumps([sent, dict(self.headers)], ensure_ascii=False))
        if self.path == LOGIN:
            self._log_in(sent)
        else:
            self._take(sent)

    def do_PUT(self) -> None:
        self.do_POST()

    def do_GET(self) -> None:
        self._answer(500, f"<html>{self.headers['Authorization']}</html>".encode(), "text/html")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Prints nothing: it is not what is tested."""

    def _log_in(self, sent: Mapping[str, str]) -> None:
        api = self.server.owner
        if api.accounts.get(sent["usr"]) == sent["pwd"]:
            self._answer_json(200, {"token": api.token, "token_type": "bearer"})
        else:
            self._answer_json(400, {"message": f"Mật khẩu {sent['pwd']} của tài khoản {sent['usr']} sai"})

    def _take(self, sent: Mapping[str, Any]) -> None:
        code = next(str(sent[key]) for key in CODES if key in sent)
        quote = ", ".join(str(value) for value in sent.values() if isinstance(value, str) and " " in value)
        quote = f"{quote}; {quote.upper()}; {self.headers['Authorization']}; {json.dumps(sent)}"
        match code.partition("-")[0]:
            case "REFUSED":
                self._answer_json(400, {"code": 400, "mess": quote})
            case "BROKEN":
                self._answer(500, f"<html>{quote}</html>".encode(), "text/html")
            case "GARBLED":
                self._answer(200, quote.encode(), "text/plain")
            case "LOST":
                self.close_connection = True
            case _:
                self._answer_json(200, {"code": 200, **dict.fromkeys(IDS, f"QG_{code}")})

    def _answer_json(self, status: int, value: object) -> None:
        self._answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: "IndiscreetAPI"


@define(eq=False)
class IndiscreetAPI:
    """The API, in threads of this process.

    Attributes:
        accounts: The password of each account.
        token: The one token that it gives.
        heard: Every body and its headers, as text.
    """

    accounts: Mapping[str, str]
    token: str
    heard: list[str] = field(factory=list)
    _server: _Server = field(init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
