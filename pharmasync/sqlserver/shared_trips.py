"""Round trips that the threads of a process share: begins and outcomes of many rows travel together.

Nobody waits in an idle process: whoever comes alone leaves at once. In a busy one, those who come while a batch is
under way leave together with the next, and a batch that follows one in company waits a few milliseconds for more. Each
row's guard stays its own, and each caller goes on only when its own result is there.
"""

import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from attrs import define, field

from pharmasync.errors import ServerAwayError
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import Errand, Given, LoneTrips, Wanted
from pharmasync.sqlserver.statements import NEXT

LINGER_SECONDS = 0.004
"""How long a batch waits for company, where the one before had some."""

LARGEST = 64
"""How many callers share a trip at most."""


@define(eq=False)
class Traveller:
    """One caller with its errand, and what came of it."""

    errand: Errand[Any, Any]
    wanted: Any
    given: Any = None
    error: Exception | None = None
    arrived: threading.Lock = field(factory=threading.Lock)

    @property
    def may_go_again(self) -> bool:
        """Whether it may, after a trip that may have done what it wants."""
        return self.errand.ask([self.wanted]).repeatable


class SharedTrips:
    """Runs errands in as few round trips as its callers' company allows.

    A thread of its own makes the trips, over one connection for the whole process; it starts with the first of them,
    since Dramatiq forks.

    Args:
        sql: The server.
    """

    def __init__(self, sql: SqlServer) -> None:
        self._sql = sql
        self._alone = LoneTrips(sql)
        self._waiting: queue.SimpleQueue[Traveller] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._driver: threading.Thread | None = None

    def run(self, errand: Errand[Wanted, Given], wanted: Wanted) -> Given:
        """See :class:`~pharmasync.sqlserver.errand.Trips`."""
        own = Traveller(errand, wanted)
        own.arrived.acquire()
        self._waiting.put(own)
        if self._driver is None:
            self._start()
        own.arrived.acquire()
        if own.error is not None:
            raise own.error
        return cast("Given", own.given)

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
                traveller.arrived.release()

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
        parties = _parties(batch)
        try:
            questions = [party[0].errand.ask([each.wanted for each in party]) for party in parties]
            text = NEXT.join(question.text for question in questions)
            trip = self._sql.attempt(text, [value for question in questions for value in question.parameters])
            results = trip.results
            while parties and len(results) >= (count := len(questions[0].statements)):
                _deal(parties[0], results[:count])
                del parties[0], questions[0], results[:count]
        except Exception:  # noqa: BLE001 - one caller's want cannot be asked or read: alone, each gets its own error
            self._go_alone([each for party in parties for each in party], away=None)
            return
        left = [each for party in parties for each in party]
        for traveller in left:
            if trip.error is not None and not traveller.may_go_again:
                traveller.error = trip.error
        away = trip.error if isinstance(trip.error, ServerAwayError) and not trip.may_be_repeated else None
        self._go_alone([each for each in left if each.error is None], away)

    def _go_alone(self, travellers: Sequence[Traveller], away: ServerAwayError | None) -> None:
        """One caller's faulty statement must not be the others' error; a server that is away is everybody's."""
        for traveller in travellers:
            if away is not None:
                traveller.error = away
                continue
            try:
                traveller.given = self._alone.run(traveller.errand, traveller.wanted)
            except ServerAwayError as error:
                traveller.error = away = error
            except Exception as error:  # noqa: BLE001 - raised again in the caller's own thread
                traveller.error = error


def _parties(batch: Sequence[Traveller]) -> list[list[Traveller]]:
    """Those with the same errand go together."""
    parties: dict[Errand[Any, Any], list[Traveller]] = {}
    for traveller in batch:
        parties.setdefault(traveller.errand, []).append(traveller)
    return list(parties.values())


def _deal(party: Sequence[Traveller], results: Sequence[Any]) -> None:
    given = party[0].errand.deal([each.wanted for each in party], results)
    for traveller, own in zip(party, given, strict=True):
        traveller.given = own
