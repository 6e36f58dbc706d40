"""Tokens that expire, calls that never connect, and what is announced before it is written."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.errors import (
    AlreadyStoredError,
    DeliveryError,
    LeaseEndingError,
    LostAnswerError,
    NetworkTroubleError,
    NotStoredError,
    ShopPausedError,
    TokenRefusedError,
    UnavailableError,
    UnreachableError,
    UnreadableAnswerError,
)
from pharmasync.national.adapter import Stored
from pharmasync.national.http import Request, Response, Until

MakeScene = Callable[..., Any]

RETRIES = 2
OK = Response(status=200)
EXPIRED = Response(status=401)
STORED = Stored(national_id="HD_QG_1")


class TestTokens:
    """What follows when a token is refused."""

    def test_the_call_is_made_once_more_with_a_new_token(self, scene: MakeScene) -> None:
        here = scene([EXPIRED, OK], create=STORED)
        assert here.send(Doubt.NONE) == STORED
        assert here.transport.calls == [("create", "token-1"), ("create", "token-2")]
        assert here.shop.logins == 2

    def test_a_second_refusal_is_told_and_no_third_login_is_made(self, scene: MakeScene) -> None:
        here = scene([EXPIRED, EXPIRED], create=STORED)
        with pytest.raises(TokenRefusedError):
            here.send(Doubt.NONE)
        assert here.transport.calls == [("create", "token-1"), ("create", "token-2")]
        assert here.shop.logins == 2

    def test_one_login_serves_all_calls_of_a_document(self, scene: MakeScene) -> None:
        here = scene(find=None, correct=NotStoredError("404"), create=STORED)
        here.send(Doubt.STRONG)
        assert here.transport.calls == [("find", "token-1"), ("correct", "token-1"), ("create", "token-1")]
        assert here.shop.logins == 1

    def test_each_call_may_renew_the_token_once(self, scene: MakeScene) -> None:
        here = scene([EXPIRED, OK, EXPIRED, OK], find=None, create=STORED)
        here.send(Doubt.SLIGHT)
        assert [token for _, token in here.transport.calls] == ["token-1", "token-2", "token-2", "token-3"]

    def test_a_token_that_is_kept_needs_no_login(self, scene: MakeScene) -> None:
        here = scene(create=STORED)
        here.shop.token = "kept"
        here.send(Doubt.NONE)
        assert here.transport.calls == [("create", "kept")]
        assert here.shop.logins == 0

    @pytest.mark.parametrize("doubt", Doubt)
    def test_a_paused_shop_makes_no_call(self, scene: MakeScene, doubt: Doubt) -> None:
        here = scene(find=None, correct=STORED, create=STORED)
        here.shop.paused_after = 0
        with pytest.raises(ShopPausedError):
            here.send(doubt)
        assert here.transport.calls == []
        assert here.announced == 0


class TestRepeats:
    """Which calls are repeated at once."""

    def test_a_call_that_never_connected_is_repeated_until_it_gets_through(self, scene: MakeScene) -> None:
        here = scene([UnreachableError("refused"), UnreachableError("refused"), OK], create=STORED)
        assert here.send(Doubt.NONE) == STORED
        assert here.transport.calls == [("create", "token-1")] * 3

    def test_it_is_repeated_the_set_number_of_times_and_then_told(self, scene: MakeScene) -> None:
        here = scene([UnreachableError(f"refused {number}") for number in range(9)], create=STORED)
        with pytest.raises(UnreachableError, match="refused 2"):
            here.send(Doubt.NONE)
        assert len(here.transport.calls) == 1 + RETRIES

    @pytest.mark.parametrize(
        "error",
        [
            LostAnswerError("lost"),
            NetworkTroubleError("lost"),
            UnreadableAnswerError("too large"),
            UnavailableError("503"),
        ],
        ids=lambda error: type(error).__name__,
    )
    @pytest.mark.parametrize("doubt", [Doubt.NONE, Doubt.SLIGHT])
    def test_a_call_that_may_have_arrived_is_never_repeated(
        self, scene: MakeScene, error: DeliveryError, doubt: Doubt
    ) -> None:
        here = scene([error], find=None, create=STORED)
        with pytest.raises(type(error)):
            here.send(doubt)
        assert len(here.transport.calls) == 1


class TestBeforeWriting:
    """What is announced before it is written."""

    @pytest.mark.parametrize(
        ("doubt", "script", "announced"),
        [
            (Doubt.NONE, {"create": STORED}, 1),
            (Doubt.SLIGHT, {"find": None, "create": STORED}, 1),
            (Doubt.STRONG, {"find": None, "correct": STORED}, 1),
            (Doubt.STRONG, {"find": None, "correct": NotStoredError("404"), "create": STORED}, 2),
            (Doubt.NONE, {"create": AlreadyStoredError("409"), "find": STORED}, 1),
            (Doubt.NONE, {"create": AlreadyStoredError("409"), "find": None, "correct": STORED}, 2),
        ],
    )
    def test_each_writing_call_is_announced_and_no_look(
        self, scene: MakeScene, doubt: Doubt, script: dict[str, Any], announced: int
    ) -> None:
        here = scene(**script)
        here.send(doubt)
        assert here.announced == announced

    def test_a_writing_call_with_a_new_token_is_announced_again(self, scene: MakeScene) -> None:
        here = scene([EXPIRED, OK], create=STORED)
        here.send(Doubt.NONE)
        assert here.announced == 2

    def test_it_is_announced_before_it_is_made(self, scene: MakeScene) -> None:
        here = scene([LostAnswerError("lost")], create=STORED)
        with pytest.raises(LostAnswerError):
            here.send(Doubt.NONE)
        assert here.announced == 1

    def test_a_writing_call_that_never_connected_is_announced_with_each_repeat(self, scene: MakeScene) -> None:
        here = scene([UnreachableError("refused"), OK], create=STORED)
        here.send(Doubt.NONE)
        assert here.announced == 2

    @pytest.mark.parametrize("doubt", [Doubt.NONE, Doubt.SLIGHT, Doubt.STRONG])
    def test_what_the_announcement_prevents_is_not_made(self, scene: MakeScene, doubt: Doubt) -> None:
        here = scene(find=None, correct=STORED, create=STORED)
        here.prevents = LeaseEndingError("too late")
        with pytest.raises(LeaseEndingError):
            here.send(doubt)
        assert [method for method, _ in here.transport.calls if method != "find"] == []


class TestMoments:
    """By when a call must be written, and by when it must have ended."""

    def test_every_call_must_end_in_time_and_what_may_store_be_written_in_time(self, scene: MakeScene) -> None:
        here = scene(find=None, correct=NotStoredError("404"), create=STORED)
        here.until, here.write_by = (lambda: 20.0), (lambda: 10.0)
        here.send(Doubt.STRONG)
        assert here.transport.moments == [
            ("find", here.until, None),
            ("correct", here.until, here.write_by),
            ("create", here.until, here.write_by),
        ]

    def test_the_guard_knows_when_a_call_must_end_since_what_is_cut_says_nothing_of_the_server(
        self, scene: MakeScene
    ) -> None:
        asked: list[Until | None] = []

        class Noting:
            def carry(self, _: Request, call: Callable[[], Response], until: Until | None = None) -> Response:
                asked.append(until)
                return call()

        here = scene(find=None, create=STORED)
        here.shop.token = "kept"
        here.until, here.guard = (lambda: 20.0), Noting()
        here.send(Doubt.SLIGHT)
        assert asked == [here.until, here.until]
