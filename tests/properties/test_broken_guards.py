"""The machine can fail: with one guard of production broken, it soon finds an order of moves that does harm."""

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from pharmasync import delivery, row
from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.status import BEGUN_FROM
from pharmasync.leases import Lease
from pharmasync.national.http import Permit
from pharmasync.sqlserver import begin
from pharmasync.sqlserver.statements import listed, places
from tests.properties.effort import SURE_FIND
from tests.properties.machine import MakeWorld, StateOfRows

pytestmark = pytest.mark.integration


@pytest.fixture
def search(make_world: MakeWorld, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the machine, without its story of the failure that it is to find."""

    def run() -> None:
        machine: Any = lambda: StateOfRows(make_world, Counter())  # noqa: E731 - hypothesis wants a class, and calls it
        try:
            run_state_machine_as_test(machine, settings=SURE_FIND)
        finally:
            capsys.readouterr()

    return run


def test_a_worker_that_ignores_doubts_is_found(search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row, "doubt_about", lambda *_: Doubt.NONE)
    with pytest.raises(AssertionError, match=r"two workers may send|nothing, or nothing|it is stored|5xx"):
        search()


def test_a_begin_without_the_count_of_attempts_is_found(search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = f"{{}}.status IN ({places(BEGUN_FROM)})"
    monkeypatch.setattr(begin, "_guard", lambda table, _: (guard.format(table), listed(BEGUN_FROM)))
    with pytest.raises(AssertionError, match=r"an old message ended a pause|made by hand"):
        search()


def test_a_worker_that_does_not_look_at_its_lease_is_found(search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lease, "is_sound", property(lambda _: True))
    monkeypatch.setattr(Lease, "stop_by", lambda _: math.inf)
    with pytest.raises(AssertionError, match=r"two workers may send"):
        search()


def test_a_worker_that_sends_twins_is_found(search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "may_be_sent", lambda *_: True)
    monkeypatch.setattr(delivery, "Permit", lambda before_writing, until, **_: Permit(before_writing, until))
    with pytest.raises(AssertionError, match=r"twin is stored|is stored"):
        search()
