"""The turnstile among the threads of a process: fair between shops, and a slot is free again however a call ends."""

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
import redis

from pharmasync.errors import LimitReachedError
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.limits.shared import CALLS, LINE
from pharmasync.national.turnstile import OpenTurnstile
from tests.calls import Calls, many, waiting

pytestmark = pytest.mark.integration

AProcess = Callable[..., LimitedTurnstile]
Until = Callable[[Callable[[], bool]], None]

SOON = Patience(shop=0.1, overall=0.2)


def test_without_a_limit_everybody_passes_at_once() -> None:
    turnstile = OpenTurnstile()
    with turnstile.pass_for("A"), turnstile.pass_for("A"):
        pass


class TestFairness:
    """Between shops, in one process."""

    def test_a_small_shop_has_every_other_turn_beside_a_big_one(self, a_process: AProcess, until: Until) -> None:
        turnstile, calls = a_process(Limits(max_calls=1)), Calls()
        with many(54) as start, turnstile.pass_for("first"):
            for _ in range(50):
                start(calls.make, turnstile, "big")
            until(lambda: waiting(turnstile) == 50)
            for _ in range(3):
                start(calls.make, turnstile, "small")
            until(lambda: waiting(turnstile) == 53)
        order = [shop for _, shop in sorted(calls.began)]
        assert order[:6] == ["big", "small"] * 3

    def test_so_it_has_under_a_rate(self, a_process: AProcess, until: Until) -> None:
        turnstile, calls = a_process(Limits(max_rps=20.0)), Calls()
        with many(30) as start:
            for _ in range(24):
                start(calls.make, turnstile, "big")
            until(lambda: len(calls.began) > 1)
            for _ in range(4):
                start(calls.make, turnstile, "small")
        order = [shop for _, shop in sorted(calls.began)]
        places = [place for place, shop in enumerate(order) if shop == "small"]
        assert places[0] <= 6
        assert all(later - earlier <= 3 for earlier, later in pairwise(places))

    def test_a_shop_at_its_cap_is_sent_away_soon_while_another_passes(self, a_process: AProcess) -> None:
        turnstile = a_process(Limits(max_calls_per_shop=1), patience=Patience(shop=0.05, overall=60.0))
        with turnstile.pass_for("A"):
            with pytest.raises(LimitReachedError, match="PHARMASYNC_API_MAX_CALLS_PER_SHOP"), turnstile.pass_for("A"):
                pass
            with turnstile.pass_for("B"):
                pass

    def test_who_waits_too_long_for_a_moment_is_sent_away(self, a_process: AProcess) -> None:
        turnstile = a_process(Limits(max_rps=0.1), patience=SOON)
        with turnstile.pass_for("A"):
            pass
        with pytest.raises(LimitReachedError, match="PHARMASYNC_API_MAX_RPS"), turnstile.pass_for("A"):
            pass


class TestWhoGoesAway:
    """A slot is free again however its call ends."""

    def test_a_call_that_fails_gives_its_slot_back(self, a_process: AProcess) -> None:
        turnstile = a_process(Limits(max_calls=1))
        with pytest.raises(ValueError, match="broken"), turnstile.pass_for("A"):
            raise ValueError("broken")
        with turnstile.pass_for("A"):
            pass

    def test_who_leaves_the_line_takes_no_slot(self, a_process: AProcess, client: "redis.Redis", until: Until) -> None:
        turnstile = a_process(Limits(max_calls=1))
        with turnstile.pass_for("A"):
            ticket = turnstile.gate.join("A")
            turnstile.gate.leave(ticket)
        until(lambda: not client.keys())
        assert ticket.moment is None

    def test_who_leaves_while_it_is_admitted_gives_the_slot_back(
        self, a_process: AProcess, client: "redis.Redis", until: Until, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        turnstile = a_process(Limits(max_calls=1))
        limits = turnstile.gate.limits
        under_way, let_go = threading.Event(), threading.Event()
        ask = type(limits).ask

        def slowly(*arguments: object) -> object:
            answers = ask(*arguments)  # type: ignore[arg-type]
            under_way.set()
            let_go.wait(10)
            return answers

        monkeypatch.setattr(type(limits), "ask", slowly)
        ticket = turnstile.gate.join("A")
        assert under_way.wait(10)
        turnstile.gate.leave(ticket)
        let_go.set()
        until(lambda: not client.keys())
        assert ticket.moment is None

    def test_who_leaves_after_it_was_called_in_unheard_gives_the_slot_back(
        self, a_process: AProcess, client: "redis.Redis", until: Until
    ) -> None:
        limits = Limits(max_calls=1)
        one, deaf = a_process(limits), a_process(limits)
        with one.pass_for("A"):
            ticket = deaf.gate.join("B")
            until(lambda: client.zcard(LINE) == 1)
            deaf.gate.limits.shared.usher.door = None
        until(lambda: client.zcard(LINE) == 0 and client.zcard(CALLS) == 1)
        deaf.gate.line.ask_again()
        deaf.gate.leave(ticket)
        until(lambda: not client.keys())

    def test_a_fault_of_ours_that_stays_sends_everybody_away_when_patience_ends(
        self, a_process: AProcess, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pharmasync.limits.gate.FAULT_SECONDS", 0.01)
        turnstile = a_process(Limits(max_calls=1), patience=SOON)

        def faulty(*_: object) -> object:
            raise ZeroDivisionError

        monkeypatch.setattr(type(turnstile.gate.limits), "ask", faulty)

        def call() -> None:
            with pytest.raises(LimitReachedError), turnstile.pass_for("A"):
                pass

        with many(4) as start:
            for _ in range(4):
                start(call)

    def test_a_fault_of_ours_stops_nobody_for_long(
        self, a_process: AProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("pharmasync.limits.gate.FAULT_SECONDS", 0.01)
        turnstile = a_process(Limits(max_calls=1))
        limits = turnstile.gate.limits
        faults, ask = [ZeroDivisionError(), ZeroDivisionError()], type(limits).ask

        def faulty(*arguments: object) -> object:
            if faults:
                raise faults.pop()
            return ask(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(type(limits), "ask", faulty)
        with turnstile.pass_for("A"):
            pass
        assert [record.exc_info is not None for record in caplog.records] == [True, True]
