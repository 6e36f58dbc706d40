"""The line in front of the turnstile: who may be asked for now, who has waited too long, when to look again.

Pure: the caller tells the time, and asks Redis. What this process knows by itself is not asked for: a process that has
all allowed calls under way waits for one of them to end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from attrs import define, field

from pharmasync.limits.limits import Limits, Patience
from pharmasync.limits.ticket import Answer, Ask, Refusal, Ticket
from pharmasync.limits.turns import Turns

POLL_SECONDS = 0.05
"""After Redis said "full" it is asked again as soon as a call of this process ends; in so long where there is none."""

STARVING_SECONDS = 0.5
"""A process, or a shop in it, that waits for so long without being served asks others to leave it a slot."""

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
    _turns: Turns = field(factory=Turns, init=False)
    _calling: Counter[str] = field(factory=Counter, init=False)
    _served_at: float = field(default=0.0, init=False)
    _shop_served_at: defaultdict[str, float] = field(factory=lambda: defaultdict(float), init=False)
    _full: bool = field(default=False, init=False)
    _full_shops: set[str] = field(factory=set, init=False)
    _again_at: float = field(default=0.0, init=False)
    _paced_until: float = field(default=0.0, init=False)

    def join(self, ticket: Ticket) -> None:
        """Lets a caller in."""
        self._turns.join(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Lets a caller go that does not want to call any more."""
        self._turns.leave(ticket)

    def finish(self, ticket: Ticket) -> None:
        """Counts a call as ended: its slot may be asked for at once."""
        self._calling[ticket.shop_id] -= 1
        if not self._calling[ticket.shop_id]:
            del self._calling[ticket.shop_id]
        self._full = False
        self._full_shops.discard(ticket.shop_id)

    def ready(self, now: float) -> list[Ask]:
        """Who may be asked for now, in the order of their turns."""
        if now >= self._again_at:
            self._full = False
            self._full_shops.clear()
        if self._full or now < self._paced_until:
            return []
        return [self._ask_for(ticket, now) for ticket in self._with_room()]

    def _ask_for(self, ticket: Ticket, now: float) -> Ask:
        return Ask(
            ticket=ticket,
            waited=now - ticket.since,
            starving=now >= max(ticket.since, self._served_at) + STARVING_SECONDS,
            shop_starving=now >= max(ticket.since, self._shop_served_at[ticket.shop_id]) + STARVING_SECONDS,
        )

    def _with_room(self) -> Iterator[Ticket]:
        room = self._room()
        chosen: Counter[str] = Counter()
        for ticket in self._turns:
            if chosen.total() >= room:
                return
            if not self._shop_is_full(ticket.shop_id, more=chosen[ticket.shop_id]):
                chosen[ticket.shop_id] += 1
                yield ticket

    def _room(self) -> int:
        if self.limits.max_calls is None:
            return LARGEST
        return min(LARGEST, self.limits.max_calls - self._calling.total())

    def _shop_is_full(self, shop_id: str, more: int = 0) -> bool:
        cap = self.limits.max_calls_per_shop
        return shop_id in self._full_shops or (cap is not None and self._calling[shop_id] + more >= cap)

    def settle(self, asked: Sequence[Ask], answers: Sequence[Answer], now: float) -> list[Ticket]:
        """Takes note of the answers, which may be fewer than were asked for, and returns who was admitted."""
        admitted = []
        for ticket, answer in zip((ask.ticket for ask in asked), answers, strict=False):
            if isinstance(answer, Refusal):
                self._refused(ticket, answer, now)
                continue
            ticket.moment, ticket.roomy = now + answer.wait, answer.roomy
            self._turns.take(ticket)
            self._calling[ticket.shop_id] += 1
            self._served_at = self._shop_served_at[ticket.shop_id] = now
            self._paced_until = ticket.moment - LEAD_SECONDS
            admitted.append(ticket)
        return admitted

    def _refused(self, ticket: Ticket, refusal: Refusal, now: float) -> None:
        """Nobody is sent away at once: those whose rows went back too fast would keep SQL Server busy with them."""
        if refusal is Refusal.RATE:
            self._paced_until = now + RATE_PAUSE_SECONDS
            return
        if refusal is Refusal.SHOP:
            self._full_shops.add(ticket.shop_id)
            calling, served_at = self._calling[ticket.shop_id], self._shop_served_at[ticket.shop_id]
        else:
            self._full = True
            calling, served_at = self._calling.total(), self._served_at
        poll_at = max(now + POLL_SECONDS, served_at + STARVING_SECONDS if calling else 0.0)
        self._again_at = poll_at if self._again_at <= now else min(poll_at, self._again_at)

    def give_up(self, now: float, asked: Sequence[Ask] = ()) -> list[Ticket]:
        """Sends those away whose patience has ended, each with the reason, unless they are just ``asked`` for."""
        spared = {ask.ticket.number for ask in asked}
        leaving = [ticket for ticket in self._turns if self._gives_up_at(ticket) <= now and ticket.number not in spared]
        for ticket in leaving:
            ticket.refusal = self._reason(ticket, now)
            self._turns.leave(ticket)
        return leaving

    def _gives_up_at(self, ticket: Ticket) -> float:
        full = self._shop_is_full(ticket.shop_id)
        return ticket.since + (self.patience.shop if full else self.patience.overall)

    def _reason(self, ticket: Ticket, now: float) -> Refusal:
        if self._shop_is_full(ticket.shop_id):
            return Refusal.SHOP
        return Refusal.RATE if now < self._paced_until else Refusal.OVERALL

    def next_look(self, now: float) -> float | None:
        """When something may be different, unless somebody comes or ends before; None while nobody waits."""
        moments = [self._gives_up_at(ticket) for ticket in self._turns]
        if not moments:
            return None
        moments += [moment for moment in (self._again_at, self._paced_until) if moment > now]
        return min(moments)
