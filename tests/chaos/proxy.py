"""A TCP proxy on loopback that can refuse, cut, hang and delay what passes through it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from types import TracebackType
from typing import Self

from attrs import define, field

from pharmasync.sandbox.servers.ports import HOST, free_port

CHUNK = 65_536
CONNECT_SECONDS = 5.0


class Fate(Enum):
    """What happens to a piece of what a client sends."""

    PASS = "pass"
    CUT_IN_IT = "half of it gets through, and the connection is cut"
    CUT_AFTER_IT = "it gets through whole, and the connection is cut before any answer"
    HANG = "it is held for a while, however long the client waits, and then gets through"


Decide = Callable[[bytes], Fate]
"""Decides the fate of each piece that a client sends."""


@define(eq=False)
class Link:
    """A client's connection and the one that was made for it."""

    client: socket.socket
    server: socket.socket
    answers_are_cut: bool = False

    def cut(self) -> None:
        """Ends both, whoever is waiting for them."""
        for side in (self.client, self.server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes both."""
        for side in (self.client, self.server):
            side.close()


@define(eq=False)
class Proxy:
    """A proxy in front of a port of loopback; runs in threads of its own.

    Attributes:
        target: The port of the real server.
        port: Its own.
        decide: The fate of what clients send; everything passes unless a run says otherwise.
        delay: Seconds before each piece in either direction.
        hang_seconds: How long a piece with that fate is held.
    """

    target: int
    port: int = field(factory=free_port)
    decide: Decide = lambda _: Fate.PASS
    delay: float = 0.0
    hang_seconds: float = 0.0
    _listener: socket.socket | None = field(default=None, init=False)
    _links: set[Link] = field(factory=set, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse()

    def listen(self) -> None:
        """Takes connections."""
        self._listener = socket.create_server((HOST, self.port))
        threading.Thread(target=self._accept, args=(self._listener,), name="proxy", daemon=True).start()

    def refuse(self) -> None:
        """Cuts every connection and takes none."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            links = list(self._links)
        for link in links:
            link.cut()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuses meanwhile."""
        self.refuse()
        try:
            yield
        finally:
            self.listen()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((HOST, self.target), CONNECT_SECONDS)
            except OSError:
                client.close()
                continue
            self._join(Link(client, server))

    def _join(self, link: Link) -> None:
        for side in (link.client, link.server):
            side.settimeout(None)
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._links.add(link)
        for carry in (self._carry_questions, self._carry_answers):
            threading.Thread(target=self._carry, args=(carry, link), name="proxy-link", daemon=True).start()

    def _carry(self, carry: Callable[[Link], None], link: Link) -> None:
        try:
            with suppress(OSError):
                carry(link)
        finally:
            link.cut()
            with self._lock:
                is_last = link not in self._links
                self._links.discard(link)
            if is_last:
                link.close()

    def _carry_questions(self, link: Link) -> None:
        while piece := link.client.recv(CHUNK):
            time.sleep(self.delay)
            fate = self.decide(piece)
            if fate is Fate.HANG:
                time.sleep(self.hang_seconds)
            if fate is Fate.CUT_IN_IT:
                link.server.sendall(piece[: len(piece) // 2])
                return
            if fate is Fate.CUT_AFTER_IT:
                link.answers_are_cut = True
            link.server.sendall(piece)

    def _carry_answers(self, link: Link) -> None:
        while piece := link.server.recv(CHUNK):
            time.sleep(self.delay)
            if link.answers_are_cut:
                return
            link.client.sendall(piece)
