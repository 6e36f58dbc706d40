"""A few rows of the crash matrix, with few documents; ``make chaos`` runs all of them with many."""

import pytest

from tests.chaos.matrix import SHORT
from tests.chaos.run import run_row

pytestmark = pytest.mark.integration

SEED = 20_261_120


@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_doubled_wrong_or_stuck(name: str) -> None:
    result = run_row(SHORT[name], SEED)

    assert result.findings == [], result.logs
    assert result.missed == 0, result.logs
    assert sum(result.done.values()) >= 2
