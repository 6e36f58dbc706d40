"""An outage leaves no line a message in the workers' log."""

import logging

import dramatiq
import pytest
from dramatiq import Broker, Worker
from dramatiq.brokers.stub import StubBroker

from pharmasync.circuit import Quiet
from pharmasync.circuit.quiet import DRAMATIQS_LOGGER


@pytest.mark.parametrize(
    ("error", "is_told"),
    [
        ("CircuitOpenError", False),
        ("ProbeFailedError", False),
        ("ProbeLostError", False),
        ("LostAnswerError", True),
        ("LimitReachedError", True),
    ],
)
def test_only_what_tells_of_a_known_outage_is_left_out(
    error: str, caplog: pytest.LogCaptureFixture, *, is_told: bool
) -> None:
    broker: Broker = StubBroker(middleware=[])
    for _ in range(2):
        Quiet().before_worker_boot(broker, Worker(broker))
    logger = logging.getLogger(DRAMATIQS_LOGGER)
    with caplog.at_level(logging.INFO):
        logger.info("Failed to process message %s with expected exception %s.", "process_sale('HD1', 'S1')", error)
        logger.info("Worker has been shut down.")
    assert len(caplog.messages) == 1 + is_told


def test_a_message_that_fails_by_a_fault_of_ours_is_told_and_takes_no_thread_along(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = StubBroker(middleware=[Quiet()])
    done: list[str] = []

    @dramatiq.actor(broker=broker, queue_name="sale_queue")
    def process_sale(local_id: str) -> None:
        if local_id == "HD1":
            raise ZeroDivisionError
        done.append(local_id)

    broker.emit_after("process_boot")
    worker = Worker(broker, worker_timeout=100, worker_threads=1)
    worker.start()
    try:
        process_sale.send("HD1")
        process_sale.send("HD2")
        broker.join("sale_queue", timeout=10_000, fail_fast=False)
    finally:
        worker.stop()
    assert done == ["HD2"]
    assert "Failed to process message process_sale('HD1') with unhandled exception." in caplog.messages
