"""Poison: attempts that end without a word are counted, and end."""

import pytest

from pharmasync.decisions.poison import is_poison, silent_attempts, words_about


@pytest.mark.parametrize(
    ("attempt", "message", "silent"),
    [(1, None, 0), (2, None, 1), (6, None, 5), (6, "", 5), (6, "503", 0), (1, "503", 0)],
)
def test_attempts_of_a_row_that_never_had_an_outcome_are_silent(attempt: int, message: str | None, silent: int) -> None:
    assert silent_attempts(attempt, message) == silent


@pytest.mark.parametrize(("silent", "poison"), [(0, False), (4, False), (5, True), (6, True)])
def test_a_row_is_poison_after_so_many(silent: int, *, poison: bool) -> None:
    assert is_poison(silent, 5) is poison


def test_the_words_say_how_often_and_that_it_may_be_stored() -> None:
    assert "begun 5 times without any outcome" in str(words_about(5))
    assert "có thể đã được lưu" in str(words_about(5))
