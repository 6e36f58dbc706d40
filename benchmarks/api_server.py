"""The benchmark's national API: just enough HTTP and just enough of version 1, so that it is never the bottleneck.

It takes every login and every document, and answers after a fixed time. It has a gate: while that is closed, documents
are held unanswered, so that a subject's processes can all start and connect before anything is counted.

``GET /bench`` tells what it counted; ``POST /bench/open`` opens the gate; ``POST /bench/reset`` forgets and closes it;
``POST /bench/delay/500`` lets answers take 500 ms from now on.
"""

import argparse
import asyncio
import json
import re
import signal
import time
from itertools import count

from attrs import define, field, frozen

from pharmasync.national.v1.adapter import DOCUMENTS, LOGIN
from pharmasync.national.v1.wire import FORMS

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
BENCH = "/bench"
TOKEN = {"token": "benchmark", "token_type": "bearer"}


@frozen
class Call:
    """A call that arrived whole."""

    method: str
    path: str


@define
class NationalApi:
    """What is counted, and the gate.

    Attributes:
        delay: Seconds between a call and its answer.
    """

    delay: float
    is_open: bool = False
    answered: int = 0
    logins: int = 0
    last_answered: float = 0.0
    _held: list["Client"] = field(factory=list)
    _waiting: int = 0
    _ids: "count[int]" = field(factory=lambda: count(1))

    def state(self) -> dict[str, object]:
        """What ``GET /bench`` tells; ``last_answered`` is on the clock that all processes of a machine share."""
        return {
            "answered": self.answered,
            "logins": self.logins,
            "held": len(self._held),
            "waiting": self._waiting,
            "last_answered": self.last_answered,
        }

    def call(self, client: "Client", call: Call) -> None:
        """Answers a call, now or later."""
        if call.path.startswith(BENCH):
            client.answer(self._bench(call))
        elif call.path == LOGIN:
            self.logins += 1
            client.later(self.delay, TOKEN)
        elif self.is_open:
            self._take(client, call.path)
        else:
            client.held_path = call.path
            self._held.append(client)

    def stored(self) -> None:
        """A document's answer is on its way."""
        self._waiting -= 1
        self.answered += 1
        self.last_answered = time.monotonic()

    def _take(self, client: "Client", path: str) -> None:
        form = NATIONAL_IDS[path]
        self._waiting += 1
        answer = {form: f"QG_{next(self._ids):08}", "code": 200, "mess": "Thành công"}
        client.later(self.delay, answer, self.stored)

    def _bench(self, call: Call) -> dict[str, object]:
        if call.path.endswith("/reset"):
            self.is_open, self.answered, self.logins = False, 0, 0
            self._held.clear()
        elif call.path.endswith("/open"):
            self.is_open = True
            held, self._held = self._held, []
            for client in held:
                self._take(client, client.held_path)
        elif "/delay/" in call.path:
            self.delay = float(call.path.rpartition("/")[2]) / 1000
        return self.state()


NATIONAL_IDS = {DOCUMENTS + form.path: form.national_id for form in FORMS.values()}
"""The key of the id in an answer, by the path of the call."""


@define(eq=False, slots=False)
class Client(asyncio.Protocol):
    """One connection, kept alive; a client waits for its answer before it sends the next call."""

    api: NationalApi
    held_path: str = ""
    _unread: bytes = b""
    _transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way back."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Takes the calls that have arrived whole."""
        self._unread += data
        while (end := self._unread.find(HEAD_END)) >= 0:
            head = self._unread[:end]
            found = LENGTH.search(head)
            whole = end + len(HEAD_END) + (int(found[1]) if found else 0)
            if len(self._unread) < whole:
                return
            self._unread = self._unread[whole:]
            method, path, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ", 2)
            self.api.call(self, Call(method, path))

    def later(self, delay: float, body: object, done: object = None) -> None:
        """Answers after ``delay`` seconds, and calls ``done`` then."""
        asyncio.get_running_loop().call_later(delay, self._answer_and_tell, body, done)

    def answer(self, body: object) -> None:
        """Answers now."""
        text = json.dumps(body, ensure_ascii=False).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(head.encode() + text)

    def _answer_and_tell(self, body: object, done: object) -> None:
        self.answer(body)
        if callable(done):
            done()


async def serve(host: str, port: int, delay: float) -> None:
    """Listens until SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    api = NationalApi(delay)
    server = await loop.create_server(lambda: Client(api), host, port, backlog=1024)
    async with server:
        await ended.wait()


def main() -> None:
    """Reads the arguments and serves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay-ms", type=float, default=100.0)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.host, arguments.port, arguments.delay_ms / 1000))


if __name__ == "__main__":
    main()
