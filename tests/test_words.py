"""Words: every message in both languages."""

from pharmasync.words import Words


def test_both_languages_stand_side_by_side() -> None:
    assert str(Words("thiếu số lô", "lot number is missing")) == "thiếu số lô / lot number is missing"


def test_words_are_values() -> None:
    assert Words("a", "b") == Words("a", "b")
    assert Words("a", "b") != Words("b", "a")
    assert len({Words("a", "b"), Words("a", "b")}) == 1
