"""How sure it is that a document is not stored yet."""

import pytest

from pharmasync.decisions.doubt import Doubt, doubt_about
from pharmasync.decisions.status import Status


@pytest.mark.parametrize(
    ("previous", "attempt", "doubt"),
    [
        pytest.param(Status.QUEUED, 1, Doubt.NONE, id="never sent"),
        pytest.param(Status.QUEUED, 2, Doubt.SLIGHT, id="answered 'not now' once"),
        pytest.param(Status.QUEUED, 12, Doubt.SLIGHT, id="answered 'not now' often"),
        pytest.param(Status.UNCERTAIN, 1, Doubt.STRONG, id="a worker died before its first answer"),
        pytest.param(Status.UNCERTAIN, 2, Doubt.STRONG, id="the answer was lost"),
        pytest.param(Status.UNCERTAIN, 12, Doubt.STRONG, id="the answer was lost again and again"),
    ],
)
def test_doubt_comes_from_the_state_and_the_attempts(previous: Status, attempt: int, doubt: Doubt) -> None:
    assert doubt_about(previous, attempt) is doubt


@pytest.mark.parametrize("previous", [Status.QUEUED, Status.UNCERTAIN])
@pytest.mark.parametrize("attempt", [1, 2, 12])
def test_what_has_a_national_id_is_stored(previous: Status, attempt: int) -> None:
    assert doubt_about(previous, attempt, "HD_QG_1") is Doubt.STORED
