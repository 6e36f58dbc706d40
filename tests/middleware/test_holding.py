"""What a worker thread has in hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from dramatiq import Broker, Message
from dramatiq.broker import MessageProxy

from pharmasync.decisions.status import Status
from pharmasync.in_hand import in_hand
from pharmasync.leases import Lease
from pharmasync.middleware import HoldInHand
from pharmasync.row import BegunRow, ClaimedAs


def with_options(options: dict[str, Any]) -> MessageProxy:
    return MessageProxy(
        Message[None](queue_name="q", actor_name="a", args=(), kwargs={}, options=options, message_id="m-2")
    )


def test_a_thread_without_a_message_has_nothing_in_hand() -> None:
    with pytest.raises(LookupError, match="no message in hand"):
        in_hand()


def test_a_message_is_taken_in_hand_before_it_is_processed(broker: Broker, message: MessageProxy) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    held = in_hand()
    hold.after_process_message(broker, message)

    assert (held.message_id, held.queue, held.claimed) == ("m-1", "sale_queue", ClaimedAs(7, 2))
    assert (held.row, held.payload, held.sent, held.outcome, held.written) == (None, None, False, None, False)
    assert held.started_at.tzinfo is not None


@pytest.mark.parametrize("exception", [None, ValueError("x")])
def test_it_is_let_go_of_afterwards(broker: Broker, message: MessageProxy, exception: Exception | None) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    hold.after_process_message(broker, message, result=None, exception=exception)
    with pytest.raises(LookupError):
        in_hand()


@pytest.mark.parametrize("exception", [None, ValueError("x")])
def test_the_lease_of_its_row_is_let_go_of_with_it(
    broker: Broker,
    message: MessageProxy,
    row_begun: Callable[[int, Status], BegunRow],
    exception: Exception | None,
) -> None:
    hold, let_go_of = HoldInHand(), list[str]()
    hold.before_process_message(broker, message)
    row = row_begun(1, Status.QUEUED)
    in_hand().lease = Lease(row, seconds=30.0, until=30.0, since=0.0, let_go=lambda: let_go_of.append("lease"))
    hold.after_process_message(broker, message, result=None, exception=exception)
    assert let_go_of == ["lease"]


def test_letting_go_of_nothing_does_no_harm(broker: Broker, message: MessageProxy) -> None:
    HoldInHand().after_process_message(broker, message)


def test_the_next_message_starts_afresh(broker: Broker, message: MessageProxy) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    in_hand().sent = True
    hold.after_process_message(broker, message)
    hold.before_process_message(broker, with_options({}))
    held = in_hand()
    hold.after_process_message(broker, message)
    assert held.message_id == "m-2"
    assert not held.sent


def test_each_thread_has_its_own(broker: Broker, message: MessageProxy) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    with ThreadPoolExecutor(1) as other, pytest.raises(LookupError):
        other.submit(in_hand).result(timeout=10)
    hold.after_process_message(broker, message)


def test_the_document_in_hand_is_not_printed(broker: Broker, message: MessageProxy) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    held = in_hand()
    held.payload = lambda: {"ho_ten_khach_hang": "Nguyễn Văn Mua"}
    hold.after_process_message(broker, message)
    assert "m-1" in repr(held)
    assert "Nguyễn" not in repr(held)


def test_it_knows_for_how_long_it_has_been_in_hand(broker: Broker, message: MessageProxy) -> None:
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    held = in_hand()
    hold.after_process_message(broker, message)
    held.started -= 60.0
    assert 60.0 <= held.seconds < 70.0
