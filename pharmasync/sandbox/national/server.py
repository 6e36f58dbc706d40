"""The practice server itself: a thread of its own in tests and demos, the main thread on the command line."""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from pharmasync.sandbox.national import answers
from pharmasync.sandbox.national.accounts import Account, Accounts
from pharmasync.sandbox.national.bodies import LARGEST_BODY_BYTES
from pharmasync.sandbox.national.changes import changed
from pharmasync.sandbox.national.control import Control
from pharmasync.sandbox.national.documents import DocumentCalls
from pharmasync.sandbox.national.faults import Faults
from pharmasync.sandbox.national.kinds import KINDS
from pharmasync.sandbox.national.login import LOGIN_PATH, Login
from pharmasync.sandbox.national.practice import Practice
from pharmasync.sandbox.national.store import Store
from pharmasync.sandbox.national.switches import Switches

DEFAULT_PORT = 8808

_GRACE_SECONDS = 0.2
_DEFAULT_SWITCHES = Switches()
_DEFAULT_FAULTS = Faults()

T = TypeVar("T")


class PracticeNationalAPI:
    """A practice national API on a port of its own.

    As a context manager it runs in a background thread. It may be stopped and started again; it then keeps its port and
    everything it stored, as after an outage.

    Args:
        host: The address to listen on.
        port: The port; 0 for any free one.
        accounts: Account to password, or to an :class:`Account`; without any, every account is accepted unless its
            password is ``wrong`` or ``sai``.
        switches: How it behaves at first.
        faults: What goes wrong at first.
        seed: What the faults are drawn from: the same calls with the same seed meet the same faults.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # each is one option of the command line
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        accounts: Mapping[str, str | Account] | None = None,
        switches: Switches = _DEFAULT_SWITCHES,
        faults: Faults = _DEFAULT_FAULTS,
        seed: int = 0,
    ) -> None:
        self.host = host
        self.port = port
        self._practice = Practice(Accounts.of(accounts), switches, faults, seed)
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, ``http://HOST:PORT``."""
        return f"http://{self.host}:{self.port}"

    @property
    def store(self) -> Store:
        """The documents it took; may be read from any thread."""
        return self._practice.store

    @property
    def state(self) -> dict[str, object]:
        """All counts and settings, as ``GET /_sandbox/state`` answers them; may be read from any thread."""
        return self._in_loop(self._practice.snapshot)

    def set_switches(self, **values: object) -> None:
        """Change some switches.

        Raises:
            ChangeError: A name is unknown or a value is not possible.
        """
        self._practice.switches = changed(self._practice.switches, values)

    def set_faults(self, **values: object) -> None:
        """Change some faults.

        Raises:
            ChangeError: A name is unknown or a value is not possible.
        """
        self._practice.faults = changed(self._practice.faults, values)

    def expire_tokens(self, share: float = 1.0) -> int:
        """Make all tokens worthless, or a random share (0 to 1) of them.

        Returns:
            How many these were.
        """
        return self._in_loop(lambda: self._practice.tokens.expire(share, self._practice.dice))

    def reset(self) -> None:
        """Go back to how the server was started: no documents, no counts, no tokens, first switches and faults."""
        self._in_loop(self._practice.reset)

    def start(self) -> None:
        """Listen, in a background thread.

        Raises:
            OSError: The port cannot be had.
        """
        if self._thread is not None:
            raise RuntimeError("the practice national API is running already")
        listening: Future[None] = Future()
        thread = Thread(target=self._run, args=(listening,), name="practice-national-api", daemon=True)
        thread.start()
        try:
            listening.result()
        except OSError:
            thread.join()
            raise
        self._thread = thread

    def stop(self) -> None:
        """Stop listening, cut what is still going on, and wait until the thread is gone."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = self._stopping = None

    def run_forever(self) -> None:
        """Listen in this thread until SIGTERM or SIGINT; says ``listening on URL`` once it does.

        Raises:
            OSError: The port cannot be had.
        """
        asyncio.run(self._serve(self._announce))

    def _run(self, listening: Future[None]) -> None:
        try:
            asyncio.run(self._serve(lambda: listening.set_result(None)))
        except OSError as error:
            listening.set_exception(error)

    async def _serve(self, ready: Callable[[], None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_GRACE_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            self.port = runner.addresses[0][1]
            ready()
            await self._stopping.wait()
        finally:
            await runner.cleanup()

    def _announce(self) -> None:
        if self._loop is not None and self._stopping is not None:
            for number in (signal.SIGTERM, signal.SIGINT):
                self._loop.add_signal_handler(number, self._stopping.set)
        sys.stdout.write(f"listening on {self.url}\n")
        sys.stdout.flush()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_BODY_BYTES)
        router = application.router
        router.add_post(LOGIN_PATH, Login(self._practice).handle)
        for kind in KINDS.values():
            calls = DocumentCalls(kind, self._practice)
            router.add_post(kind.path, calls.handle)
            router.add_put(kind.path, calls.handle)
            one = router.add_resource(kind.path + "/{facility:[^/]+}/{code:[^/]+}")
            one.add_route("DELETE", calls.handle)
            one.add_route("GET", calls.handle)
        Control(self._practice).add_routes(router)
        router.add_route("*", "/{path:.*}", _no_such_path)
        return application

    def _in_loop(self, question: Callable[[], T]) -> T:
        loop = self._loop
        if self._thread is None or loop is None:
            return question()

        async def answer() -> T:
            return question()

        return asyncio.run_coroutine_threadsafe(answer(), loop).result()


def serve(  # noqa: PLR0913, PLR0917  # each is one option of the command line
    host: str,
    port: int,
    accounts: Mapping[str, str | Account],
    switches: Switches,
    faults: Faults,
    seed: int,
) -> None:
    """Run a practice national API until SIGTERM or SIGINT; the arguments are those of :class:`PracticeNationalAPI`.

    Raises:
        OSError: The port cannot be had.
    """
    PracticeNationalAPI(host, port, accounts, switches, faults, seed).run_forever()


async def _no_such_path(_request: web.Request) -> web.Response:
    return answers.trouble(404, "Không tìm thấy đường dẫn")
