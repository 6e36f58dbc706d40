"""The bounded buffer between those who write journal entries and the thread that stores them."""

from collections import deque

from attrs import frozen

from pharmasync.journal.record import Record


@frozen
class _Waiting:
    """A record and its place in the order of arrival, from 1."""

    number: int
    record: Record


class RecordBuffer:
    """Holds records in their order of arrival, and lets go of the oldest when there are too many.

    It has no lock of its own: its user has one.

    Args:
        limit: How many records it holds at most, those that are being stored included.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._queue: deque[_Waiting] = deque()
        self._in_flight: list[_Waiting] = []
        self.arrived = 0
        """How many records have been put in: the number of the newest."""
        self.overflowed = 0
        """How many records had to go because there were too many."""

    def __len__(self) -> int:
        return len(self._queue) + len(self._in_flight)

    def put(self, record: Record) -> None:
        """Add a record. If there is no room, the oldest that is not being stored goes."""
        self.arrived += 1
        self._queue.append(_Waiting(self.arrived, record))
        if len(self) > self._limit:
            self._queue.popleft()
            self.overflowed += 1

    def take(self, count: int) -> list[Record]:
        """Hand out the oldest records to be stored, at most `count`; `settle` or `put_back` must follow."""
        self._in_flight = [self._queue.popleft() for _ in range(min(count, len(self._queue)))]
        return [waiting.record for waiting in self._in_flight]

    def settle(self) -> None:
        """Forget the records that were handed out: they are stored, or never will be."""
        self._in_flight = []

    def put_back(self) -> None:
        """Take back the records that were handed out: they are the oldest again."""
        self._queue.extendleft(reversed(self._in_flight))
        self._in_flight = []

    def holds_any_up_to(self, number: int) -> bool:
        """Tell whether a record that arrived as this number or before is still here."""
        if self._in_flight:
            return self._in_flight[0].number <= number
        return bool(self._queue) and self._queue[0].number <= number
