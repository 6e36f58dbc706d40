"""The national server goes down with hundreds of rows waiting, and comes back: calls stop, and start again gently."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import dramatiq
import pytest
from attrs import define
from pymongo.database import Database

from pharmasync.circuit import CircuitIntake, Ramp, SharedCircuit
from pharmasync.closing import ClosingTime
from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.national import PracticeNationalAPI
from pharmasync.settings import Settings
from pharmasync.wiring import national_client, shared_circuit
from tests.pharmacy import Pharmacy
from tests.works import Works, calls, held

pytestmark = pytest.mark.integration

ROWS = 300
SHOPS = ("S1", "S2")
PROBE_SECONDS = 0.3
PATIENCE = 60.0
LATE_PROBES = 1 + int(1 / PROBE_SECONDS) + 1
"""The one that closed the circuit, and those that a producer sent before it heard, a second later at most."""
RAMP = Ramp(doubling=1.0)
"""Steeper than in production, where 300 rows take half a minute."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return attrs.evolve(
        settings,
        circuit_probe_seconds=PROBE_SECONDS,
        retry_first_seconds=0.5,
        uncertain_seconds=0.5,
        send_retry_seconds=0.05,
    )


@pytest.fixture
def waiting(pharmacy: Pharmacy, works: Works, settings: Settings) -> int:
    """How many rows of two shops wait, whose tokens are there already."""
    assert isinstance(works.producer.intake, CircuitIntake)
    works.producer.intake = attrs.evolve(works.producer.intake, ramp=RAMP)
    client = national_client(settings, pharmacy.sql, ClosingTime())
    for shop in SHOPS:
        client.login.token(shop)
    for number in range(ROWS):
        pharmacy.add(SALES_INVOICE, f"HD{number}", SHOPS[number % 2])
    return ROWS


@define
class Outage:
    """What happens between the moments that a test looks at."""

    api: PracticeNationalAPI
    pharmacy: Pharmacy
    circuit: SharedCircuit

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, (self.states(), self.circuit.read())
            time.sleep(0.02)

    def begin(self, fault: str) -> None:
        """Takes the server down and waits until the circuit is open and every row is back in SQL Server."""
        self.api.set_faults(**{fault: True if fault == "down" else 1.0})
        self.wait_for(lambda: self.circuit.read().is_open)
        self.wait_for(lambda: not {"SYNC_QUEUED", "SYNC_SENDING"} & set(self.states()))

    def probes(self, count: int) -> None:
        """Waits for so many calls more."""
        until = self.calls() + count
        self.wait_for(lambda: self.calls() >= until)

    def end(self) -> None:
        self.api.set_faults(down=False, error_503=0.0, html_502=0.0)

    def calls(self) -> int:
        return sum(calls(self.api).values())

    def states(self) -> Counter[str]:
        rows = self.pharmacy.sql.rows("SELECT status, COUNT(*) AS many FROM SalesInvoices GROUP BY status")
        return Counter({str(row["status"]): int(str(row["many"])) for row in rows})

    def attempts(self) -> int:
        rows = self.pharmacy.sql.rows("SELECT sync_attempts FROM SalesInvoices")
        return sum(int(str(row["sync_attempts"])) for row in rows)


@pytest.fixture
def outage(
    api: PracticeNationalAPI, pharmacy: Pharmacy, settings: Settings, works: Works, waiting: int
) -> Iterator[Outage]:
    """A producer and a worker at work; ends with every row delivered."""
    assert waiting == ROWS
    stop = threading.Event()

    def produce() -> None:
        while not stop.wait(0.05):
            works.producer.run(stop)

    worker = dramatiq.Worker(works.broker, worker_timeout=50, worker_threads=4)
    producing = threading.Thread(target=produce)
    here = Outage(api, pharmacy, shared_circuit(settings))
    api.set_switches(delay_ms=10)
    worker.start()
    producing.start()
    yield here
    stop.set()
    producing.join()
    worker.stop()
    here.circuit.client.close()


@pytest.mark.parametrize("fault", ["down", "error_503", "html_502"])
def test_while_it_lasts_only_probes_are_sent_and_nothing_is_told(
    outage: Outage,
    fault: str,
    mongo_database: Database[Any],
    flushed: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    outage.begin(fault)
    began, calls_before, attempts_before = time.monotonic(), outage.calls(), outage.attempts()
    flushed()
    entries_before, lines_before = mongo_database.task_logs.count_documents({}), len(caplog.messages)
    outage.probes(6)
    seconds, sent = time.monotonic() - began, outage.calls() - calls_before
    assert sent <= seconds / PROBE_SECONDS + 1
    assert outage.attempts() - attempts_before <= sent
    assert outage.attempts() <= outage.calls() < ROWS / 2
    flushed()
    assert mongo_database.task_logs.count_documents({}) == entries_before
    assert caplog.messages[lines_before:] == []
    assert sum("does not answer" in message for message in caplog.messages) == 2  # the worker and the producer


def test_after_it_everything_is_delivered_once_and_gently(outage: Outage, api: PracticeNationalAPI) -> None:
    outage.begin("down")
    outage.probes(2)
    before = datetime.now(UTC)
    outage.end()
    outage.wait_for(lambda: outage.states() == {"SYNC_SUCCESS": ROWS})
    assert set(held(api).values()) == {1}
    assert len(held(api)) == ROWS

    stored = sorted(document.changed_at for document in api.store.documents())
    after = [moment for moment in stored if moment >= before]
    for second in range(8):
        so_far = sum((moment - after[0]).total_seconds() < second for moment in after)
        assert so_far <= LATE_PROBES + sum(RAMP.rate(each) or 0 for each in range(second)), second
    assert (after[-1] - after[0]).total_seconds() > RAMP.quiet
