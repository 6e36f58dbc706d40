import pytest

from benchmarks.statistics import percentile, ratios, summary


def test_a_summary_tells_the_middle_run_and_the_extremes() -> None:
    found = summary([5.0, 1.0, 3.0])
    assert found is not None
    assert (found.median, found.least, found.most) == (3.0, 1.0, 5.0)


def test_there_is_no_summary_of_no_runs() -> None:
    assert summary([]) is None


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.95, 10.0), (0.9, 9.0), (0.0, 1.0), (1.0, 10.0)], ids=str)
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([float(one) for one in range(10, 0, -1)], share) == value


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_ratios_stay_within_their_run() -> None:
    assert ratios([10.0, 30.0], [5.0, 10.0]) == [2.0, 3.0]


def test_ratios_of_unequal_series_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])
