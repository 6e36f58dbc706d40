"""A server that is away for a night does not fill the producer's log, and its return is told."""

import pytest

from pharmasync.errors import ServerAwayError, StatementError
from pharmasync.schedulers.trouble import REMINDER_SECONDS, Trouble


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_server_that_stays_away_is_told_of_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    trouble = Trouble(clock)
    for tick in range(int(REMINDER_SECONDS * 2) + 2):
        clock.now = 1000.0 + tick / 2
        trouble.tell(ServerAwayError("Redis", f"connection {tick} refused"))
    assert [record.getMessage() for record in caplog.records] == [
        "Redis is away: connection 0 refused; scanning again at every tick",
        "Redis is away: connection 120 refused; scanning again at every tick",
    ]


def test_other_trouble_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble(Clock())
    for error in (ServerAwayError("Redis", "x"), ServerAwayError("SQL Server", "x"), StatementError("x")):
        trouble.tell(error)
    assert len(caplog.records) == 3


def test_its_end_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble(Clock())
    trouble.is_over()
    trouble.tell(ServerAwayError("Redis", "x"))
    trouble.is_over()
    trouble.is_over()
    assert [record.getMessage() for record in caplog.records[1:]] == ["scanning goes on"]
    trouble.tell(ServerAwayError("Redis", "x"))
    assert len(caplog.records) == 3, "the next outage begins anew"
