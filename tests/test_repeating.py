"""What is repeated, how often, and what is not."""

import pytest

from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.repeating import repeat


def tries_until(error: Exception, unless: type[GaveWayError] | None) -> int:
    tries = []

    def fail() -> None:
        tries.append(1)
        raise error

    with pytest.raises(type(error)):
        repeat(fail, ServerAwayError, times=3, seconds=0.0, unless=unless)
    return len(tries)


@pytest.mark.parametrize(
    ("error", "unless", "tries"),
    [
        pytest.param(ServerAwayError("SQL Server", "gone"), None, 4, id="what was named"),
        pytest.param(ServerAwayError("SQL Server", "gone"), GaveWayError, 4, id="what was not left out"),
        pytest.param(GaveWayError("a lock"), None, 4, id="a subclass"),
        pytest.param(GaveWayError("a lock"), GaveWayError, 1, id="a subclass that was left out"),
        pytest.param(StatementError("no such column"), None, 1, id="anything else"),
    ],
)
def test_an_action_is_repeated_while_it_raises_what_was_named(
    error: Exception, unless: type[GaveWayError] | None, tries: int
) -> None:
    assert tries_until(error, unless) == tries
