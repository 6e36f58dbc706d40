"""Poison: attempts that end without a word are counted, and end."""

import pytest

from pharmasync.decisions.poison import MARK, is_poison, silent_attempts, words_about


@pytest.mark.parametrize("message", [None, "", "  "])
def test_a_row_without_words_is_new_or_was_delivered_or_set_back(message: str | None) -> None:
    assert silent_attempts(message) == 0


@pytest.mark.parametrize(("message", "silent"), [(MARK, 1), (5 * MARK, 5), (f"{MARK}  ", 1), (2 * MARK.strip(), 2)])
def test_attempts_of_a_row_that_never_had_an_outcome_are_silent_by_their_marks(message: str, silent: int) -> None:
    assert silent_attempts(message) == silent


@pytest.mark.parametrize("words", ["503", "bị trùng [1] / twice", f"{words_about(5)}", f"x{MARK} y"])
@pytest.mark.parametrize("silent", [0, 1, 5])
def test_attempts_since_the_last_outcome_are_silent_by_their_marks(words: str, silent: int) -> None:
    assert silent_attempts(words + silent * MARK) == silent


@pytest.mark.parametrize("silent", [1, 5])
def test_marks_are_known_where_a_column_has_no_vietnamese_letters(silent: int) -> None:
    """As a VARCHAR keeps them in the code page of Western Europe."""
    kept = (f"thiếu số lô{silent * MARK}").encode("cp1252", "replace").decode("cp1252")
    assert silent_attempts(kept) == silent


def test_the_mark_tells_people_what_it_means() -> None:
    assert MARK == " [lần gửi không có kết quả / an attempt without any outcome]"


@pytest.mark.parametrize(("silent", "poison"), [(0, False), (4, False), (5, True), (6, True)])
def test_a_row_is_poison_after_so_many(silent: int, *, poison: bool) -> None:
    assert is_poison(silent, 5) is poison


def test_the_words_say_how_often_and_that_it_may_be_stored() -> None:
    assert "begun 5 times without any outcome" in str(words_about(5))
    assert "có thể đã được lưu" in str(words_about(5))
