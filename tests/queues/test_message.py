"""What a message carries beside its two arguments."""

from typing import Any

import pytest

from pharmasync.queues import RowMessage, claimed_as
from pharmasync.row import ClaimedAs


def test_a_worker_reads_what_the_producer_wrote() -> None:
    message = RowMessage("sale_queue", "process_sale", "HD1", "S1", ClaimedAs(7, 2)).message()
    assert message.args == ("HD1", "S1")
    assert claimed_as(message.options) == ClaimedAs(7, 2)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"attempts": 0},
        {"row": 1},
        {"row": None, "attempts": 1},
        {"row": "1", "attempts": 1},
        {"row": 1, "attempts": "2"},
    ],
)
def test_a_message_made_by_hand_tells_nothing(options: dict[str, Any]) -> None:
    assert claimed_as(options) is None
