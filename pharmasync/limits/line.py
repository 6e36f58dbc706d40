"""The line in front of the turnstile: who may be asked for now, who has waited too long, when to look again.

Pure: the caller tells the time, and asks Redis. What this process knows by itself is not asked for: a process that has
all allowed calls under way waits for one of them to end.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import define, field

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Answer, Refusal, Ticket
from pharmasync.limits.turns import Turns

RATE_PAUSE_SECONDS = 1.0
"""After Redis said that the calls of the next seconds are all given out."""

LEAD_SECONDS = 0.02
"""The next moment is asked for so long before the last one that was given out: time for the trip."""

LARGEST = 64
"""How many callers are asked for in one trip at most."""


@define
class Line:
    """Who waits and who calls, in this process.

    Attributes:
        limits: What is allowed.
        patience: How long one waits.
    """

    limits: Limits
    patience: Patience = field(factory=Patience)
    _waiting: dict[int, Ticket] = field(factory=dict, init=False)
    _turns: Turns = field(factory=Turns, init=False)
    _calling: dict[int, Ticket] = field(factory=dict, init=False)
    _paced_until: float = field(default=0.0, init=False)

    def join(self, ticket: Ticket) -> None:
        """Lets a caller in."""
        self._waiting[ticket.number] = ticket
        self._turns.join(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Lets a caller go that does not want to call any more."""
        self._waiting.pop(ticket.number, None)
        self._turns.leave(ticket)

    def finish(self, ticket: Ticket) -> None:
        """Counts a call as ended: its slot may be asked for at once."""
        del self._calling[ticket.number]

    def waiting(self, number: int) -> Ticket | None:
        """The caller of this number, where it waits."""
        return self._waiting.get(number)

    def is_calling(self, number: int) -> bool:
        """Whether the caller of this number has its slot."""
        return number in self._calling

    def ready(self, now: float) -> list[Ticket]:
        """Who may be asked for now, in the order of their turns."""
        return [] if now < self._paced_until else list(self._with_room())

    def _with_room(self) -> Iterator[Ticket]:
        room, taken = self._room(), self._taken_of_shops(*Refusal)
        for ticket in self._turns:
            if room <= 0:
                return
            if not self._is_full(ticket.shop_id, taken):
                taken[ticket.shop_id] += 1
                room -= 1
                yield ticket

    def _room(self) -> int:
        if self.limits.max_calls is None:
            return LARGEST
        in_line = sum(ticket.lacks is Refusal.OVERALL for ticket in self._waiting.values())
        return min(LARGEST, self.limits.max_calls - len(self._calling) - in_line)

    def _taken_of_shops(self, *lacking: Refusal) -> Counter[str]:
        """How many of each shop call, or stand in line for what they are ``lacking``; nobody counts without a cap."""
        if self.limits.max_calls_per_shop is None:
            return Counter()
        in_line = (ticket.shop_id for ticket in self._waiting.values() if ticket.lacks in lacking)
        return Counter(ticket.shop_id for ticket in self._calling.values()) + Counter(in_line)

    def _is_full(self, shop_id: str, taken: Counter[str]) -> bool:
        cap = self.limits.max_calls_per_shop
        return cap is not None and taken[shop_id] >= cap

    def settle(self, asked: Sequence[Ticket], answers: Sequence[Answer], now: float) -> list[Ticket]:
        """Takes note of the answers, which may be fewer than were asked for, and returns who was admitted.

        Who left meanwhile, or was called in before its answer was there, is none of them.
        """
        admitted = []
        for ticket, answer in zip(asked, answers, strict=False):
            if self.waiting(ticket.number) is None:
                continue
            if isinstance(answer, Refusal):
                self._refused(ticket, answer, now)
                continue
            self._waiting.pop(ticket.number)
            self._turns.take(ticket)
            self._calling[ticket.number] = ticket
            ticket.moment = now + answer.wait
            self._paced_until = ticket.moment - LEAD_SECONDS
            admitted.append(ticket)
        return admitted

    def _refused(self, ticket: Ticket, refusal: Refusal, now: float) -> None:
        """Nobody is sent away at once: those whose rows went back too fast would keep SQL Server busy with them."""
        if refusal is Refusal.RATE:
            self._paced_until = now + RATE_PAUSE_SECONDS
            if ticket.lacks is not None:
                ticket.lacks = None
                self._turns.join(ticket)
        else:
            ticket.lacks = refusal
            self._turns.take(ticket)

    def ask_again(self) -> None:
        """Has all be asked for anew who stand in line in Redis: it may have forgotten them."""
        if any(ticket.lacks is not None for ticket in self._waiting.values()):
            self._turns = Turns()
            for ticket in self._waiting.values():
                ticket.lacks = None
                self._turns.join(ticket)

    def give_up(self, now: float, asked: Sequence[Ticket] = ()) -> list[Ticket]:
        """Sends those away whose patience has ended, each with the reason, unless they are just ``asked`` for."""
        leaving = []
        for ends, ticket, lacks in list(self._patience()):
            if ends <= now and ticket not in asked:
                ticket.refusal = lacks or (Refusal.RATE if now < self._paced_until else Refusal.OVERALL)
                self.leave(ticket)
                leaving.append(ticket)
        return leaving

    def _patience(self) -> Iterator[tuple[float, Ticket, Refusal | None]]:
        """When the patience of each caller ends, and what it stands in line for, in Redis or here."""
        taken = self._taken_of_shops(Refusal.SHOP)
        for ticket in self._waiting.values():
            lacks = ticket.lacks or (Refusal.SHOP if self._is_full(ticket.shop_id, taken) else None)
            yield ticket.since + (self.patience.shop if lacks is Refusal.SHOP else self.patience.overall), ticket, lacks

    def next_look(self, now: float) -> float | None:
        """When something may be different, unless somebody comes or ends before; None while nobody waits."""
        moments = [ends for ends, _, _ in self._patience()]
        if not moments:
            return None
        return min([*moments, self._paced_until] if self._paced_until > now else moments)
