"""Every call passes the turnstile: first it is admitted, then announced, then made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import define, field

from pharmasync.decisions.doubt import Doubt
from pharmasync.errors import LimitReachedError, LostAnswerError, NotStoredError, UnreachableError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Response

MakeScene = Callable[..., Any]

OK = Response(status=200)
EXPIRED = Response(status=401)
STORED = Stored(national_id="HD_QG_1")


@define
class WatchedTurnstile:
    """Keeps what had been announced and called when each pass began and when it ended, and admits ``room`` of them."""

    scene: Any
    room: int = 100
    passes: list[tuple[str, tuple[int, int], tuple[int, int]]] = field(factory=list)

    @contextmanager
    def pass_for(self, shop_id: str) -> Iterator[None]:
        if len(self.passes) >= self.room:
            raise LimitReachedError("full")
        before = self._so_far()
        try:
            yield
        finally:
            self.passes.append((shop_id, before, self._so_far()))

    def _so_far(self) -> tuple[int, int]:
        return self.scene.announced, len(self.scene.transport.calls) + self.scene.shop.logins


@pytest.fixture
def watched(scene: MakeScene) -> MakeScene:
    """Makes a scene with a turnstile that is watched; the shop has a token."""

    def make(answers: list[Any] | None = None, room: int = 100, **script: Any) -> Any:
        here = scene(answers, **script)
        here.shop.token = "kept"
        here.turnstile = WatchedTurnstile(here, room)
        return here

    return make


def test_a_post_is_announced_and_made_once_it_is_admitted(watched: MakeScene) -> None:
    here = watched(create=STORED)
    here.send(Doubt.NONE)
    assert here.turnstile.passes == [("S1", (0, 0), (1, 1))]


def test_every_call_of_a_document_passes_by_itself(watched: MakeScene) -> None:
    here = watched(find=None, correct=NotStoredError("404"), create=STORED)
    here.send(Doubt.STRONG)
    assert here.turnstile.passes == [("S1", (0, 0), (0, 1)), ("S1", (0, 1), (1, 2)), ("S1", (1, 2), (2, 3))]


def test_a_repeat_passes_again(watched: MakeScene) -> None:
    here = watched([UnreachableError("refused"), OK], create=STORED)
    here.send(Doubt.NONE)
    assert here.turnstile.passes == [("S1", (0, 0), (1, 1)), ("S1", (1, 1), (2, 2))]


def test_a_login_passes_before_the_call_that_needs_it_and_not_within(watched: MakeScene) -> None:
    here = watched([EXPIRED, OK], create=STORED)
    here.send(Doubt.NONE)
    assert here.turnstile.passes == [("S1", (0, 0), (1, 1)), ("S1", (1, 1), (1, 2)), ("S1", (1, 2), (2, 3))]
    assert here.shop.logins == 1


def test_a_call_that_fails_has_left_the_turnstile(watched: MakeScene) -> None:
    here = watched([LostAnswerError("lost")], create=STORED)
    with pytest.raises(LostAnswerError):
        here.send(Doubt.NONE)
    assert len(here.turnstile.passes) == 1


@pytest.mark.parametrize("doubt", Doubt)
def test_what_is_not_admitted_is_neither_announced_nor_made(watched: MakeScene, doubt: Doubt) -> None:
    here = watched(room=0, find=None, correct=STORED, create=STORED)
    with pytest.raises(LimitReachedError):
        here.send(doubt)
    assert here.announced == 0
    assert here.transport.calls == []


def test_a_repeat_that_is_not_admitted_is_not_tried_again(watched: MakeScene) -> None:
    here = watched([UnreachableError("refused"), OK], room=1, create=STORED)
    with pytest.raises(LimitReachedError):
        here.send(Doubt.NONE)
    assert here.announced == len(here.transport.calls) == 1
