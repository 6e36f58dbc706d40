"""Whatever anybody does in whatever order: nothing is lost, and nothing is twice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.properties import laws
from tests.properties.effort import SEARCH
from tests.properties.laws import Who
from tests.properties.machine import MakeWorld, StateOfRows

pytestmark = pytest.mark.integration

OFTEN_SEEN = {
    *(laws.named(Who.PRODUCER, before, laws.UNCERTAIN) for before in (laws.SENDING, laws.UNCERTAIN)),
    *(laws.named(Who.BEGIN, before, laws.SENDING) for before in (laws.QUEUED, laws.UNCERTAIN)),
    *(laws.named(Who.OUTCOME, laws.SENDING, after) for after in (laws.SUCCESS, laws.FAILED, laws.UNCERTAIN)),
    laws.named(Who.LEASES, laws.SENDING, laws.SENDING),
}
"""What a search of any use comes by again and again: rows that were in doubt, begun anew and brought to an end."""


def test_no_order_of_moves_breaks_the_promise(make_world: MakeWorld) -> None:
    seen: Counter[str] = Counter()
    machine: Any = lambda: StateOfRows(make_world, seen)  # noqa: E731 - hypothesis wants a class, and calls it
    run_state_machine_as_test(machine, settings=SEARCH)
    assert set(seen) >= OFTEN_SEEN
