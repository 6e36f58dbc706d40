"""How sending starts again."""

import pytest

from pharmasync.circuit.ramp import Ramp


@pytest.mark.parametrize(
    ("second", "rate"),
    [(0, 0), (1, 0), (2, 4), (9, 4), (10, 8), (18, 16), (26, 32), (34, 64), (42, 128), (50, 256), (59, 512)],
)
def test_it_begins_with_a_few_rows_a_second_and_doubles(second: int, rate: int) -> None:
    assert Ramp().rate(second) == rate


def test_after_a_minute_there_is_no_limit() -> None:
    assert Ramp().rate(59.9) is not None
    assert Ramp().rate(60.0) is None


def test_it_never_falls() -> None:
    rates = [Ramp().rate(tenth / 10) or 0 for tenth in range(600)]
    assert rates == sorted(rates)


def test_in_the_first_ten_seconds_there_are_as_many_rows_as_on_a_quiet_evening() -> None:
    assert sum(Ramp().rate(second) or 0 for second in range(10)) == 32
