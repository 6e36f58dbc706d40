"""The one thread of a process that asks for all its callers."""

import atexit
import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence

from attrs import define, field

from pharmasync.late_thread import LateThread
from pharmasync.limits.line import Line
from pharmasync.limits.outage import OutageProofLimits
from pharmasync.limits.ticket import Answer, Ticket

logger = logging.getLogger(__name__)

LINGER_SECONDS = 0.01
"""How long a slot waits for a caller to take it along to Redis before it is given back by itself."""

CLOSING_SECONDS = 1.0

FAULT_SECONDS = 1.0
"""The pause after a fault of ours, lest the log fill up."""


@define(eq=False)
class Gate:
    """Callers join; the thread asks for those whose turn it is, and brings back what ended.

    Attributes:
        line: Who waits and who calls.
        limits: Who is asked.
        clock: Now, in seconds, monotonic.
    """

    line: Line
    limits: OutageProofLimits
    clock: Callable[[], float] = time.monotonic
    _numbers: "itertools.count[int]" = field(factory=itertools.count, init=False)
    _changed: threading.Condition = field(factory=threading.Condition, init=False)
    _ended: list[Ticket] = field(factory=list, init=False)
    _give_back_at: float | None = field(default=None, init=False)
    _on_its_way: bool = field(default=False, init=False)
    _thread: LateThread = field(init=False)

    @_thread.default
    def _asks(self) -> LateThread:
        return LateThread(self._work, "limits")

    def __attrs_post_init__(self) -> None:
        self.limits.open(self)

    def join(self, shop_id: str) -> Ticket:
        """Puts a caller of the shop into the line; its ticket will be answered."""
        with self._changed:
            self._thread.start()
            ticket = Ticket(next(self._numbers), shop_id, self.clock())
            self.line.join(ticket)
            self._changed.notify_all()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Takes a caller out, wherever it is: in the line, at its call, or sent away."""
        with self._changed:
            if ticket.moment is not None:
                self.line.finish(ticket)
            else:
                self.line.leave(ticket)
            if ticket.asked:
                self._return(ticket)

    def call_in(self, number: int, shop_id: str, answer: Answer) -> None:
        """Answers a caller that stood in line; gives the slot of one back that is not there any more."""
        with self._changed:
            ticket = self.line.waiting(number)
            if ticket is not None:
                _answer(self.line.settle([ticket], [answer], self.clock()))
            elif not self.line.is_calling(number):
                self._return(Ticket(number, shop_id, self.clock()))
            self._changed.notify_all()

    def ask_again(self) -> None:
        """Asks anew for those who stand in line: calls may have been missed."""
        with self._changed:
            self.line.ask_again()
            self._changed.notify_all()

    def close(self) -> None:
        """Gives back what lingers, at the end of a command: its slots would be taken for a while otherwise."""
        with self._changed:
            if self._ended:
                self._give_back_at = self.clock()
                self._changed.notify_all()
            self._changed.wait_for(lambda: not self._ended and not self._on_its_way, CLOSING_SECONDS)
        self.limits.close()

    def _return(self, ticket: Ticket) -> None:
        """Has Redis forget a caller: its slot, or its place in the line."""
        if not self.line.limits.capped:
            return
        self._ended.append(ticket)
        if self._give_back_at is None:
            self._give_back_at = self.clock() + LINGER_SECONDS
        self._changed.notify_all()

    def _work(self) -> None:
        atexit.register(self.close)
        while True:
            try:
                callers, ended = self._wait_for_work()
                if callers:
                    self._ask(callers, ended)
                else:
                    self._give_back(ended)
            except Exception:  # a fault here must not stop every delivery: they wait no longer than their patience
                logger.exception("The limits of calls could not be asked")
                self._fail()
                time.sleep(FAULT_SECONDS)

    def _fail(self) -> None:
        with self._changed:
            _answer(self.line.give_up(self.clock()))
            self._is_back()

    def _wait_for_work(self) -> tuple[list[Ticket], list[Ticket]]:
        """Who is to be asked for, and what is to be given back; one of them is not empty."""
        with self._changed:
            while True:
                now = self.clock()
                callers = self.line.ready(now)
                _answer(self.line.give_up(now, callers))
                if callers or (self._give_back_at is not None and now >= self._give_back_at):
                    break
                self._changed.wait(self._pause(now))
            ended, self._ended, self._give_back_at = self._ended, [], None
            self._on_its_way = True
            for ticket in callers:
                ticket.asked = True
            return callers, ended

    def _pause(self, now: float) -> float | None:
        moments = [moment for moment in (self.line.next_look(now), self._give_back_at) if moment is not None]
        return max(0.0, min(moments) - now) if moments else None

    def _ask(self, callers: Sequence[Ticket], ended: Sequence[Ticket]) -> None:
        """Makes the trip, while others may come and end."""
        answers = self.limits.ask(callers, ended, self.clock())
        with self._changed:
            _answer(self.line.settle(callers, answers, self.clock()))
            if self.limits.away:
                self.line.ask_again()
            self._is_back()

    def _give_back(self, ended: Sequence[Ticket]) -> None:
        """Sends what ended, where nobody makes a trip that takes it along."""
        self.limits.give_back(ended)
        with self._changed:
            self._is_back()

    def _is_back(self) -> None:
        self._on_its_way = False
        self._changed.notify_all()


def _answer(tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        ticket.answered.set()
