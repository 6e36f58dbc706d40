"""Somebody whose work stops before each thing that it does outside of itself, so that any interleaving can be played.

The work is production's own, in a thread of its own, but only one thread ever runs: the work up to where it stops, or
the test, which then says what came of the thing and lets the work go on.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from attrs import define, field

PATIENCE_SECONDS = 60.0
"""Whoever works for longer without stopping hangs."""

_thread = threading.local()


class KilledError(BaseException):
    """What a killed player's work gets instead of an answer; nothing in production catches it."""


@define(eq=False)
class Player:
    """One who works until something outside is to be done.

    Attributes:
        name: What it is called in the story of a failure.
        work: What it does.
        stands_before: What it is about to do outside of itself; None once its work is over.
        moves: How many things it did outside.
    """

    name: str
    work: Callable[[], None]
    stands_before: object | None = None
    moves: int = 0
    _answer: Callable[[], object] = field(default=lambda: None, init=False, repr=False)
    _failure: BaseException | None = field(default=None, init=False, repr=False)
    _its_turn: threading.Semaphore = field(factory=lambda: threading.Semaphore(0), init=False, repr=False)
    _our_turn: threading.Semaphore = field(factory=lambda: threading.Semaphore(0), init=False, repr=False)

    @property
    def is_done(self) -> bool:
        """Whether its work is over."""
        return self.stands_before is None

    def start(self) -> None:
        """Lets it work until it stops for the first time."""
        threading.Thread(target=self._run, name=self.name, daemon=True).start()
        self._watch()

    def go_on(self, answer: object) -> None:
        """Gives it what came of the thing before which it stands, and lets it work until it stops again."""
        self._let_go(lambda: answer)

    def fail(self, error: BaseException) -> None:
        """Raises the error where it stands instead."""
        self._let_go(lambda: _raised(error))

    def kill(self) -> None:
        """Ends it where it stands, as a SIGKILL does: it does nothing more outside of itself."""
        self.fail(KilledError())

    def _let_go(self, answer: Callable[[], object]) -> None:
        self._answer = answer
        self.stands_before = None
        self.moves += 1
        self._its_turn.release()
        self._watch()

    def _watch(self) -> None:
        if not self._our_turn.acquire(timeout=PATIENCE_SECONDS):
            raise TimeoutError(self.name)
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        _thread.player = self
        try:
            with suppress(KilledError):
                self.work()
        except BaseException as failure:  # noqa: BLE001 - raised again in the test's thread
            self._failure = failure
        self._our_turn.release()

    def _stop(self, thing: object) -> Any:
        self.stands_before = thing
        self._our_turn.release()
        self._its_turn.acquire()
        return self._answer()


def stop_before(thing: object) -> Any:
    """Stops the player whose thread this is, and returns what the test says that came of the thing, or raises it."""
    player: Player = _thread.player
    return player._stop(thing)


def _raised(error: BaseException) -> object:
    raise error
