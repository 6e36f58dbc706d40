"""Why a row is held back is told in the log once, and again when the reason is another one."""

import logging
from collections.abc import Callable, Iterator

import dramatiq
import pytest
from attrs import evolve
from dramatiq import Middleware, Worker
from dramatiq.brokers.stub import StubBroker

from pharmasync.decisions.status import Status
from pharmasync.errors import AccountMissingError, PharmasyncError, RefusedError
from pharmasync.in_hand import in_hand
from pharmasync.middleware import HoldInHand, TellReasonsOnce
from pharmasync.middleware.repeating import DRAMATIQS_LOGGER
from pharmasync.row import BegunRow

NO_ACCOUNT = AccountMissingError("cửa hàng chưa có tài khoản")


class Throws(Middleware):
    """Knows the option that makes an exception an expected one."""

    actor_options = {"throws"}  # noqa: RUF012 - as Dramatiq has it


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = list(logging.getLogger(DRAMATIQS_LOGGER).filters)
    yield
    logging.getLogger(DRAMATIQS_LOGGER).filters[:] = before


@pytest.mark.parametrize(
    ("stands", "error", "is_told"),
    [
        (None, NO_ACCOUNT, True),
        ("máy chủ quốc gia trả lời HTTP 500", NO_ACCOUNT, True),
        ("cửa hàng chưa có tài khoản", NO_ACCOUNT, False),
        ("thiếu số lô", RefusedError("thiếu số lô"), True),
    ],
)
def test_a_row_that_is_held_back_for_what_stands_on_it_is_no_news(
    row_begun: Callable[[int, Status], BegunRow],
    caplog: pytest.LogCaptureFixture,
    stands: str | None,
    error: PharmasyncError,
    *,
    is_told: bool,
) -> None:
    caplog.set_level(logging.INFO)
    broker = StubBroker(middleware=[HoldInHand(), Throws(), TellReasonsOnce()])

    @dramatiq.actor(broker=broker, queue_name="sale_queue", throws=PharmasyncError)
    def process_sale(local_id: str, shop_id: str) -> None:
        in_hand().row = evolve(row_begun(1, Status.PENDING), local_id=local_id, shop_id=shop_id, message=stands)
        raise error

    broker.emit_after("process_boot")
    worker = Worker(broker, worker_timeout=100, worker_threads=1)
    worker.start()
    process_sale.send("HD1", "S1")
    broker.join("sale_queue", timeout=10_000)
    worker.join()
    worker.stop()
    assert any("Failed to process message" in message for message in caplog.messages) is is_told
