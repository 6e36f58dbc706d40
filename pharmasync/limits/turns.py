"""Whose turn it is: callers by their shop, and every shop one turn, however many callers it has."""

from collections import OrderedDict, deque
from collections.abc import Iterator

from pharmasync.limits.ticket import Ticket


class Turns:
    """Those who wait. A shop that had its turn goes to the end; within a shop who came first goes first."""

    def __init__(self) -> None:
        self._shops: OrderedDict[str, deque[Ticket]] = OrderedDict()

    def __iter__(self) -> Iterator[Ticket]:
        """Everybody, in the order in which they would be admitted if there were room for all."""
        rounds = max(map(len, self._shops.values()), default=0)
        for place in range(rounds):
            for waiting in self._shops.values():
                if place < len(waiting):
                    yield waiting[place]

    def join(self, ticket: Ticket) -> None:
        """Takes somebody in, behind the others of the shop; a new shop behind the other shops."""
        self._shops.setdefault(ticket.shop_id, deque()).append(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Lets somebody go without a turn; nobody loses theirs by it."""
        waiting = self._shops.get(ticket.shop_id, deque())
        if ticket in waiting:
            waiting.remove(ticket)
        if not waiting:
            self._shops.pop(ticket.shop_id, None)

    def take(self, ticket: Ticket) -> None:
        """Lets somebody go whose turn it was."""
        self.leave(ticket)
        if ticket.shop_id in self._shops:
            self._shops.move_to_end(ticket.shop_id)
