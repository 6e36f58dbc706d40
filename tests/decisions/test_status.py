"""The states of a row, by the names that operators' scripts rely on."""

import pytest

from pharmasync.decisions.status import ANSWERED_FROM, BEGUN_FROM, OPEN, Status


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.PENDING, "PENDING_SYNC"),
        (Status.QUEUED, "SYNC_QUEUED"),
        (Status.SENDING, "SYNC_SENDING"),
        (Status.UNCERTAIN, "SYNC_UNCERTAIN"),
        (Status.SUCCESS, "SYNC_SUCCESS"),
        (Status.FAILED, "SYNC_FAILED"),
    ],
)
def test_a_state_is_its_text(status: Status, text: str) -> None:
    assert status == text
    assert str(status) == text
    assert Status(text) is status


def test_there_are_six_states_and_each_fits_its_column() -> None:
    assert len(Status) == 6
    assert max(len(status) for status in Status) <= 20


def test_the_producer_picks_up_the_first_four() -> None:
    assert set(OPEN) == {Status.PENDING, Status.QUEUED, Status.SENDING, Status.UNCERTAIN}


def test_only_what_was_claimed_may_be_begun() -> None:
    assert set(BEGUN_FROM) == {Status.QUEUED, Status.UNCERTAIN}


def test_an_answer_may_come_after_the_lease_but_never_over_a_final_state() -> None:
    assert set(ANSWERED_FROM) == {Status.SENDING, Status.UNCERTAIN}
