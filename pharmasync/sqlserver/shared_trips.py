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

from pharmasync.errors import GaveWayError, ServerAwayError
from pharmasync.late_thread import LateThread
from pharmasync.sqlserver.connection import SqlServer, Trip
from pharmasync.sqlserver.errand import Errand, Given, LoneTrips, Wanted
from pharmasync.sqlserver.statements import NEXT

LINGER_SECONDS = 0.004
"""How long a batch waits for company, where the one before had some."""

LARGEST = 64
"""How many callers share a trip at most."""

MOST_IN_THE_WAY = 2
"""So many callers of a trip wait for somebody else's lock once more, each alone; then the others are told at once."""


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

    A thread of its own makes the trips, over one connection for the whole process.

    Args:
        sql: The server.
    """

    def __init__(self, sql: SqlServer) -> None:
        self._sql = sql
        self._alone = LoneTrips(sql)
        self._waiting: queue.SimpleQueue[Traveller] = queue.SimpleQueue()
        self._driver = LateThread(self._drive, "sql-trips")

    def run(self, errand: Errand[Wanted, Given], wanted: Wanted) -> Given:
        """See :class:`~pharmasync.sqlserver.errand.Trips`."""
        self._driver.start()
        own = Traveller(errand, wanted)
        own.arrived.acquire()
        self._waiting.put(own)
        own.arrived.acquire()
        if own.error is not None:
            raise own.error
        return cast("Given", own.given)

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
        if parties:
            self._sql.take_back(trip, questions[0].taken_back)
            self._go_on(parties, trip, first_done_in_part=bool(results))

    def _go_on(self, parties: Sequence[Sequence[Traveller]], trip: Trip, *, first_done_in_part: bool) -> None:
        """Who got no result goes alone, unless what it wants may be done already and must not be done twice.

        The batch ended at its first error: only a server that is away may have done what came after that.
        """
        left = [each for party in parties for each in party]
        away = _away(trip.error)
        for traveller in left if away else parties[0] if first_done_in_part else []:
            if trip.error is not None and not traveller.may_go_again:
                traveller.error = trip.error
        if len(left) == 1 and isinstance(trip.error, GaveWayError) and not trip.may_be_repeated:
            left[0].error = trip.error
        self._go_alone([each for each in left if each.error is None], None if trip.may_be_repeated else away)

    def _go_alone(self, travellers: Sequence[Traveller], away: ServerAwayError | None) -> None:
        """One caller's faulty statement must not be the others' error; a server that is away is everybody's."""
        gave_way = 0
        for traveller in travellers:
            if away is not None:
                traveller.error = away
                continue
            try:
                traveller.given = self._alone.run(traveller.errand, traveller.wanted)
            except ServerAwayError as error:
                traveller.error = error
                gave_way += _away(error) is None
                away = error if gave_way == MOST_IN_THE_WAY else _away(error)
            except Exception as error:  # noqa: BLE001 - raised again in the caller's own thread
                traveller.error = error


def _away(error: Exception | None) -> ServerAwayError | None:
    """The error where it is everybody's; that of a statement that gave way is its caller's own."""
    return error if isinstance(error, ServerAwayError) and not isinstance(error, GaveWayError) else None


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
