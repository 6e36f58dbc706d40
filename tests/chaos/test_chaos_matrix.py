"""The matrix has what it must have."""

import pytest

from tests.chaos.dice import dice_for
from tests.chaos.matrix import MATRIX, SHORT
from tests.chaos.point import Point
from tests.chaos.row import Row
from tests.chaos.workers import DieAt

PRODUCERS_LAST = {Point.ENQUEUED}
"""After it the row is as it is in every other row."""


def test_every_row_has_many_documents() -> None:
    assert all(row.documents >= 500 for row in MATRIX.values())


def test_every_row_that_kills_kills_often() -> None:
    killing = [row for row in MATRIX.values() if "killed" in row.breaks]
    assert len(killing) >= 15
    assert all(row.strikes >= 5 for row in killing)


def test_there_is_a_kill_at_every_point() -> None:
    points = {row.strike.point for row in MATRIX.values() if isinstance(row.strike, DieAt)}
    assert points == set(Point) - PRODUCERS_LAST


def test_names_are_unlike_and_breaks_are_told() -> None:
    assert all(row.name == name and row.breaks for name, row in MATRIX.items())


@pytest.mark.parametrize("row", SHORT.values(), ids=SHORT)
def test_a_short_row_is_a_row_of_the_matrix(row: Row) -> None:
    assert MATRIX[row.name].strike == row.strike
    assert row.documents < 100


def test_the_same_seed_throws_the_same_dice() -> None:
    def throws(seed: int, what: str) -> list[int]:
        dice = dice_for(seed, what)
        return [dice.randrange(1_000) for _ in range(5)]

    assert throws(1, "a") == throws(1, "a")
    assert throws(1, "a") != throws(1, "b")
    assert throws(1, "a") != throws(2, "a")
