"""How long to wait between attempts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.decisions.pauses import Pauses

attempts = st.integers(1, 10_000)
chances = st.floats(0.0, 1.0, exclude_max=True)
some_pauses = st.builds(Pauses, first=st.floats(0.001, 10_000.0), longest=st.floats(0.001, 100_000.0))


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 15.0), (2, 30.0), (3, 60.0), (4, 120.0), (5, 240.0), (7, 960.0), (8, 1800.0), (9, 1800.0), (1000, 1800.0)],
)
def test_the_wait_doubles_until_it_is_the_longest(attempt: int, seconds: float) -> None:
    assert Pauses(first=30.0, longest=3600.0, attempts=1000).after(attempt, 0.0) == seconds


@pytest.mark.parametrize("attempt", [1024, 1100, 100_000])
def test_a_round_of_very_many_attempts_ends_with_the_longest_wait(attempt: int) -> None:
    assert Pauses(first=30.0, longest=3600.0, attempts=100_000).after(attempt, 0.0) == 1800.0


@pytest.mark.parametrize(("attempt", "seconds"), [(12, 1800.0), (13, 15.0), (14, 30.0), (24, 1800.0), (25, 15.0)])
def test_each_round_of_attempts_begins_with_the_first_wait(attempt: int, seconds: float) -> None:
    assert Pauses(first=30.0, longest=3600.0, attempts=12).after(attempt, 0.0) == seconds


@pytest.mark.parametrize(("attempt", "last"), [(1, False), (11, False), (12, True), (13, False), (24, True)])
def test_a_round_ends_after_so_many_attempts(attempt: int, *, last: bool) -> None:
    assert Pauses(attempts=12).is_last(attempt) is last


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 15.0), (0.5, 22.5), (0.9, 28.5)])
def test_half_of_the_wait_is_jitter(chance: float, seconds: float) -> None:
    assert Pauses(first=30.0).after(1, chance) == pytest.approx(seconds)


def test_a_first_wait_beyond_the_longest_is_cut() -> None:
    assert Pauses(first=100.0, longest=10.0).after(1, 0.0) == 5.0


@given(some_pauses, attempts, chances)
@settings(deadline=None)
def test_a_wait_is_between_half_of_the_full_one_and_the_full_one(pauses: Pauses, attempt: int, chance: float) -> None:
    full = 2 * pauses.after(attempt, 0.0)
    assert full / 2 <= pauses.after(attempt, chance) <= full <= pauses.longest


@given(some_pauses, attempts, chances)
@settings(deadline=None)
def test_no_wait_of_a_round_is_shorter_than_the_one_before(pauses: Pauses, attempt: int, chance: float) -> None:
    assert pauses.is_last(attempt) or pauses.after(attempt, chance) <= pauses.after(attempt + 1, chance)


@given(attempts, chances, chances)
@settings(deadline=None)
def test_more_chance_is_a_longer_wait(attempt: int, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert Pauses().after(attempt, less) <= Pauses().after(attempt, more)
