"""Round trips that the threads of a process share: begins and outcomes of many rows travel together.

Nobody waits in an idle process: whoever comes alone leaves at once. In a busy one, those who come while a batch is
under way leave together with the next, and a batch that follows one in company waits a few milliseconds for more. Each
row's statement stays its own, with its own guard, and each caller goes on only when its own result is there.
"""

import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from attrs import define, field

from pharmasync.errors import ServerAwayError
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.statements import NEXT

LINGER_SECONDS = 0.004
"""How long a batch waits for company, where the one before had some."""

LARGEST = 50
"""How many callers share a trip at most."""


@define(eq=False)
class Traveller:
    """One caller's statements, and what came of them.

    Every statement has one result set, so that a batch's result sets can be dealt out.
    """

    statement: str
    parameters: Sequence[Any]
    results: list[list[Row]] | None = None
    error: Exception | None = None
    arrived: threading.Event = field(factory=threading.Event)

    @property
    def result_sets(self) -> int:
        """How many of a batch's result sets are this one's."""
        return self.statement.count(NEXT) + 1


class SharedTrips:
    """Runs statements like a :class:`SqlServer`, in as few round trips as its callers' company allows.

    A thread of its own makes the trips, over one connection for the whole process; it starts with the first of them,
    since Dramatiq forks.

    Args:
        sql: The server.
    """

    def __init__(self, sql: SqlServer) -> None:
        self._sql = sql
        self._waiting: queue.SimpleQueue[Traveller] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._driver: threading.Thread | None = None

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> list[list[Row]]:
        """The result sets of the caller's own statements.

        Raises:
            ServerAwayError, StatementError: As :meth:`SqlServer.run` does, for the caller's own statements.
        """
        own = Traveller(statement, parameters)
        self._waiting.put(own)
        self._start()
        own.arrived.wait()
        if own.error is not None:
            raise own.error
        return own.results or []

    def _start(self) -> None:
        with self._starting:
            if self._driver is None:
                self._driver = threading.Thread(target=self._drive, name="sql-trips", daemon=True)
                self._driver.start()

    def _drive(self) -> None:
        in_company = False
        while True:
            batch = self._gather(in_company=in_company)
            in_company = len(batch) > 1
            self._travel(batch)
            for traveller in batch:
                traveller.arrived.set()

    def _gather(self, *, in_company: bool) -> list[Traveller]:
        batch = [self._waiting.get()]
        if in_company:
            time.sleep(LINGER_SECONDS)
        with suppress(queue.Empty):  # everybody who came is on board
            while len(batch) < LARGEST:
                batch.append(self._waiting.get_nowait())
        return batch

    def _travel(self, batch: Sequence[Traveller]) -> None:
        """Makes the trip and deals out its results; who got none goes alone."""
        statement = NEXT.join(traveller.statement for traveller in batch)
        try:
            trip = self._sql.attempt(statement, [value for traveller in batch for value in traveller.parameters])
        except Exception:  # noqa: BLE001 - one caller's value cannot be sent: alone, each gets its own error
            self._go_alone(batch, away=None)
            return
        left = list(batch)
        while left and len(trip.results) >= left[0].result_sets:
            own = left.pop(0)
            own.results = trip.results[: own.result_sets]
            del trip.results[: own.result_sets]
        away = trip.error if isinstance(trip.error, ServerAwayError) and not trip.may_be_repeated else None
        self._go_alone(left, away)

    def _go_alone(self, travellers: Sequence[Traveller], away: ServerAwayError | None) -> None:
        """One caller's faulty statement must not be the others' error; a server that is away is everybody's."""
        for traveller in travellers:
            if away is not None:
                traveller.error = away
                continue
            try:
                traveller.results = self._sql.run(traveller.statement, traveller.parameters)
            except ServerAwayError as error:
                traveller.error = away = error
            except Exception as error:  # noqa: BLE001 - raised again in the caller's own thread
                traveller.error = error
