"""How long the last affected row took."""

from datetime import datetime, timedelta

from tests.chaos.incidents import Incident, slowest_seconds

OVER = datetime(2026, 11, 20, 18, 30)  # noqa: DTZ001 - as SQL Server gives it
A, B, C = ("sales_invoice", 1), ("sales_invoice", 2), ("purchase_receipt", 1)


def test_the_last_row_that_was_touched_counts() -> None:
    settled = {A: OVER + timedelta(seconds=3), B: OVER + timedelta(seconds=7), C: OVER + timedelta(seconds=50)}
    assert slowest_seconds([Incident(OVER, [A, B])], settled) == 7.0


def test_every_incident_counts_from_its_own_end() -> None:
    settled = {A: OVER + timedelta(seconds=9), B: OVER + timedelta(seconds=12)}
    later = Incident(OVER + timedelta(seconds=8), [A, B])
    assert slowest_seconds([Incident(OVER, [A]), later], settled) == 9.0


def test_a_row_that_was_final_before_its_end_took_no_time() -> None:
    assert slowest_seconds([Incident(OVER, [A])], {A: OVER - timedelta(seconds=1)}) == 0.0


def test_nothing_touched_took_no_time() -> None:
    assert slowest_seconds([], {A: OVER}) == 0.0
    assert slowest_seconds([Incident(OVER, [B])], {A: OVER}) == 0.0
