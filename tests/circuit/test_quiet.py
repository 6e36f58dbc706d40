"""An outage leaves no line a message in the workers' log."""

import logging

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
