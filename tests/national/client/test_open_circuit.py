"""Every call passes the guard of the circuit, documents' calls and logins alike, and before the limits of calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import define, field

from pharmasync.decisions.doubt import Doubt
from pharmasync.errors import CircuitOpenError, NotStoredError, UnreachableError
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Request, Response, Until

MakeScene = Callable[..., Any]

STORED = Stored(national_id="HD_QG_1")


@define
class Watched:
    """A guard and a turnstile that keep who came when, and a guard that lets ``room`` calls through."""

    room: int = 100
    seen: list[str] = field(factory=list)

    def carry(self, request: Request, call: Callable[[], Response], until: Until | None = None) -> Response:  # noqa: ARG002 - nothing is cut
        self.seen.append(f"guard {request.method}")
        if self.room <= 0:
            raise CircuitOpenError("down")
        self.room -= 1
        return call()

    @contextmanager
    def pass_for(self, shop_id: str) -> Iterator[None]:
        assert shop_id == "S1"
        self.seen.append("turnstile")
        yield


@pytest.fixture
def watched(scene: MakeScene) -> MakeScene:
    """Makes a scene whose guard and turnstile are watched."""

    def make(answers: list[Any] | None = None, room: int = 100, **script: Any) -> Any:
        here = scene(answers, **script)
        here.guard = here.turnstile = Watched(room)
        return here

    return make


def test_the_login_and_each_call_pass_the_guard_before_the_turnstile(watched: MakeScene) -> None:
    here = watched(find=None, correct=NotStoredError("404"), create=STORED)
    here.send(Doubt.STRONG)
    passes = [("guard LOGIN", "turnstile"), *((f"guard {name}", "turnstile") for name in ("find", "correct", "create"))]
    assert here.guard.seen == [each for one in passes for each in one]


def test_while_it_is_open_there_is_no_login_no_call_and_nothing_is_announced(watched: MakeScene) -> None:
    here = watched(room=0, create=STORED)
    with pytest.raises(CircuitOpenError):
        here.send(Doubt.NONE)
    assert here.guard.seen == ["guard LOGIN"]
    assert (here.shop.logins, here.transport.calls, here.announced) == (0, [], 0)


def test_a_repeat_that_finds_it_open_is_not_made(watched: MakeScene) -> None:
    here = watched([UnreachableError("refused")], room=1, create=STORED)
    here.shop.token = "kept"
    with pytest.raises(CircuitOpenError):
        here.send(Doubt.NONE)
    assert len(here.transport.calls) == 1
