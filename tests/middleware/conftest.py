"""What the tests of the middleware share: a message, a row, and the two hooks around them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.brokers.stub import StubBroker

from pharmasync.decisions.status import Status
from pharmasync.documents import SALES_INVOICE
from pharmasync.in_hand import InHand, in_hand
from pharmasync.middleware import HoldInHand
from pharmasync.row import BegunRow

STARTED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def broker() -> Broker:
    """A broker that no hook here asks anything of."""
    return StubBroker(middleware=[])


@pytest.fixture
def message() -> MessageProxy:
    """The message of one sale, as the producer makes it."""
    return MessageProxy(
        Message[None](
            queue_name="sale_queue",
            actor_name="process_sale",
            args=("HD-001", "S1"),
            kwargs={},
            options={"row": 7, "attempts": 2},
            message_id="m-1",
        )
    )


@pytest.fixture
def row_begun() -> Callable[[int, Status], BegunRow]:
    """Makes a row that was begun: which attempt it is, and from which state."""

    def begun(attempt: int, previous: Status) -> BegunRow:
        return BegunRow(
            kind=SALES_INVOICE,
            id=7,
            local_id="HD-001",
            shop_id="S1",
            previous=previous,
            attempt=attempt,
            header={},
            lines=[],
        )

    return begun


@pytest.fixture
def held(broker: Broker, message: MessageProxy) -> Iterator[InHand]:
    """The message, in this thread's hand."""
    hold = HoldInHand()
    hold.before_process_message(broker, message)
    in_hand().started_at = STARTED_AT
    yield in_hand()
    hold.after_process_message(broker, message)


@pytest.fixture
def processed(broker: Broker, message: MessageProxy) -> Callable[[Middleware, BaseException | None], None]:
    """Tells a middleware that the message was processed, or with which exception it was not."""

    def tell(middleware: Middleware, exception: BaseException | None) -> None:
        middleware.after_process_message(broker, message, result=None, exception=exception)

    return tell
