"""A fair share for every shop, and within it for every lane: who may send how many rows of one batch."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import inf

ENDLESS = inf
"""So many rows wait where there are more than were counted."""


class Lane(StrEnum):
    """A shop's due rows wait in two lanes, each with an order of its own; neither may hold up the other."""

    NEW = "new"
    """Never picked up, or handed back: the oldest first."""
    RETURNING = "returning"
    """A wait or a lease that is over: the one that has been over for longest first."""


def shares(shops: Sequence[str], room: int, turn: int = 0, at_once: int = 1) -> dict[str, int]:
    """How many rows each shop may send, at most ``room`` in all, in the order of their turns.

    Every shop gets the same number, whatever waits behind it, so that a shop with 100,000 rows cannot hold up one with
    three. What does not divide evenly goes round, and so do the turns where there is no room for all of them: ``turn``
    says with which shop this batch begins.

    Args:
        shops: The shops that have due rows, each once, in any steady order.
        room: How many rows the queue can take.
        turn: Where to begin, counted on by the caller from batch to batch.
        at_once: How many rows a shop sends at its turn, where there is no room for so many of every shop.
    """
    if not shops or room <= 0:
        return {}
    start = turn % len(shops)
    ordered = [*shops[start:], *shops[:start]]
    if room < at_once * len(ordered):
        return {shop: min(at_once, room - at_once * place) for place, shop in enumerate(ordered[: -(-room // at_once)])}
    each, left = divmod(room, len(ordered))
    return {shop: each + (1 if place < left else 0) for place, shop in enumerate(ordered)}


def split(share: int, waiting: Mapping[Lane, float], first: Lane) -> dict[Lane, int]:
    """A shop's share, divided between its lanes: half to each, and what one does not need to the other.

    Args:
        share: How many rows the shop may send.
        waiting: How many rows are known to wait in each lane.
        first: The lane that gets the row by which the halves differ, or the only one.
    """
    (second,) = set(Lane) - {first}
    ahead, behind = waiting.get(first, 0), waiting.get(second, 0)
    count = int(min(ahead, max(share - behind, (share + 1) // 2)))
    given = {first: count, second: int(min(behind, share - count))}
    return {lane: rows for lane, rows in given.items() if rows > 0}
