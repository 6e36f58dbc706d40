"""A login passes the turnstile like any call, and one that is not admitted was not refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import define, field

from pharmasync.errors import LimitReachedError, NetworkTroubleError
from pharmasync.national.http import Response

Make = Callable[..., Any]

TOKEN = Response(status=200, body=b'{"token": "fresh"}')


@define
class NarrowTurnstile:
    """Admits ``room`` calls, and keeps whose they were."""

    room: int
    shops: list[str] = field(factory=list)

    @contextmanager
    def pass_for(self, shop_id: str) -> Iterator[None]:
        if len(self.shops) >= self.room:
            raise LimitReachedError("full")
        self.shops.append(shop_id)
        yield


def test_a_login_and_each_of_its_repeats_pass_for_their_shop(office: Make) -> None:
    turnstile = NarrowTurnstile(room=100)
    here = office(NetworkTroubleError("lost"), TOKEN, turnstile=turnstile)
    here.login.token("S1")
    assert turnstile.shops == ["S1", "S1"]


def test_a_token_that_is_kept_passes_nothing(office: Make) -> None:
    here = office(TOKEN, turnstile=NarrowTurnstile(room=0))
    here.cache.put("S1", "kept")
    assert here.login.token("S1") == "kept"


def test_a_login_that_is_not_admitted_is_no_refused_one(office: Make) -> None:
    here = office(TOKEN, turnstile=NarrowTurnstile(room=0))
    with pytest.raises(LimitReachedError):
        here.login.token("S1")
    assert here.api.logins == []
    assert here.accounts.paused == {}
    assert here.cache.refused == set()


def test_it_is_tried_again_as_soon_as_there_is_room(office: Make) -> None:
    turnstile = NarrowTurnstile(room=0)
    here = office(TOKEN, turnstile=turnstile)
    with pytest.raises(LimitReachedError):
        here.login.token("S1")
    turnstile.room = 1
    assert here.login.token("S1") == "fresh"


def test_a_repeat_that_is_not_admitted_ends_the_login(office: Make) -> None:
    here = office(NetworkTroubleError("lost"), TOKEN, turnstile=NarrowTurnstile(room=1))
    with pytest.raises(LimitReachedError):
        here.login.token("S1")
    assert len(here.api.logins) == 1
    assert here.accounts.paused == {}
