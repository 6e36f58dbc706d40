"""What the producer may claim."""

import math
from typing import Any

import pytest

from pharmasync.circuit import CircuitIntake, FreeIntake, KnownCircuit, Ramp, State
from pharmasync.documents import SALES_INVOICE


@pytest.fixture
def intake(known: KnownCircuit) -> CircuitIntake:
    return CircuitIntake(known, Ramp())


def test_in_normal_times_there_is_no_limit_and_one_read_a_second(intake: CircuitIntake, scripted: Any) -> None:
    for _ in range(10):
        assert not intake.is_open
        assert intake.room() == math.inf
    assert scripted.asked == ["read"]


@pytest.mark.parametrize(("closed_for", "room"), [(0.5, 0), (2.5, 4), (59.9, 512), (60.0, math.inf)])
def test_after_it_closed_the_room_grows(intake: CircuitIntake, scripted: Any, closed_for: float, room: float) -> None:
    scripted.state = State(closed_for=closed_for)
    assert intake.room() == room


def test_the_rows_of_a_second_are_asked_for_by_their_second(intake: CircuitIntake, scripted: Any) -> None:
    scripted.state = State(closed_for=17.9)
    intake.room()
    assert scripted.asked[-1] == "let 17"


def test_the_probe_is_named_by_type_and_id(intake: CircuitIntake, scripted: Any) -> None:
    scripted.state = State(is_open=True)
    assert intake.is_open
    assert intake.may_probe()
    intake.announce(SALES_INVOICE, 7)
    assert scripted.probe == "sales_invoice:7"


def test_without_a_circuit_everything_may_be_claimed() -> None:
    free = FreeIntake()
    assert (free.is_open, free.may_probe(), free.room()) == (False, False, math.inf)
