"""Puts the points between production's own parts, by wrapping what each seam takes."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
from attrs import frozen
from urllib3.connection import HTTPConnection
from urllib3.response import HTTPResponse

from pharmasync.desk import Desk
from pharmasync.national.http import Carrier, Request, Response, Until
from pharmasync.queues import RowMessage
from pharmasync.schedulers.producer import Queues
from pharmasync.sqlserver.begin import Begin
from pharmasync.sqlserver.errand import Errand, Given, Trips, Wanted
from pharmasync.sqlserver.outcome import WriteOutcomes
from tests.chaos.point import Point

Reached = Callable[[Point], None]

BEFORE: Mapping[type, Point] = {Begin: Point.CLAIMED, WriteOutcomes: Point.DECIDED}
AFTER: Mapping[type, Point] = {Begin: Point.BEGUN, WriteOutcomes: Point.WRITTEN}
"""The points around the errands that change a row; a begin that begins nothing has none after it."""

_call = threading.local()


def desk_with_points(desk: Desk, reached: Reached) -> Desk:
    """The workers' desk, with a point before and after each step of a delivery."""
    national = desk.national
    carrier = PointedCarrier(national.transport, reached)
    login = attrs.evolve(national.login, call=PointedLogin(carrier, reached))
    watch_requests_leave(reached)
    return attrs.evolve(
        desk,
        trips=PointedTrips(desk.trips, reached),
        national=attrs.evolve(national, transport=carrier, login=login),
    )


@frozen
class PointedTrips:
    """Trips with a point before and after those that change a row."""

    trips: Trips
    reached: Reached

    def run(self, errand: Errand[Wanted, Given], wanted: Wanted) -> Given:
        """See :class:`~pharmasync.sqlserver.errand.Trips`."""
        sort = type(errand)
        if sort in BEFORE:
            self.reached(BEFORE[sort])
        given = self.trips.run(errand, wanted)
        if sort in AFTER and given is not None:
            self.reached(AFTER[sort])
        return given


@frozen
class PointedCarrier:
    """A carrier with a point before and after each call that may store a document."""

    carrier: Carrier
    reached: Reached

    def __call__(self, request: Request, until: Until | None = None, write_by: Until | None = None) -> Response:
        """See :class:`~pharmasync.national.http.Carrier`."""
        if not request.writes:
            return self.carrier(request, until, write_by)
        self.reached(Point.UNSENT)
        with _writing():
            answer = self.carrier(request, until, write_by)
        self.reached(Point.ANSWERED)
        return answer


@frozen
class PointedLogin:
    """Makes the calls of logins, with a point after each."""

    carrier: Carrier
    reached: Reached

    def __call__(self, request: Request) -> Response:
        """The answer."""
        answer = self.carrier(request)
        self.reached(Point.LOGGED_IN)
        return answer


@frozen
class PointedQueues:
    """The producer's queues, with a point before, amid and after the messages."""

    queues: Queues
    reached: Reached

    def waiting(self, queue: str) -> int:
        """See :class:`~pharmasync.schedulers.producer.Queues`."""
        return self.queues.waiting(queue)

    def enqueue(self, messages: Sequence[RowMessage]) -> Sequence[int]:
        """See :class:`~pharmasync.schedulers.producer.Queues`."""
        if not messages:
            return self.queues.enqueue(messages)
        half = len(messages) // 2
        self.reached(Point.TAKEN)
        first = self.queues.enqueue(messages[:half])
        self.reached(Point.HALF_ENQUEUED)
        second = self.queues.enqueue(messages[half:])
        self.reached(Point.ENQUEUED)
        return [*first, *(half + place for place in second)]


def watch_requests_leave(reached: Reached) -> None:
    """Puts a point where the HTTP client has written a request and turns to its answer; there is no seam of ours."""
    wait_for_answer = HTTPConnection.getresponse

    def getresponse(connection: HTTPConnection, *given: Any) -> HTTPResponse:
        if getattr(_call, "writes", False):
            reached(Point.SENT)
        return wait_for_answer(connection, *given)

    HTTPConnection.getresponse = getresponse  # type: ignore[assignment, method-assign] # for the life of this process


@contextmanager
def _writing() -> Iterator[None]:
    _call.writes = True
    try:
        yield
    finally:
        _call.writes = False
