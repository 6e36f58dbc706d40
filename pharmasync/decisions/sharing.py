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


def shares(shops: Sequence[str], room: int, turn: int = 0) -> dict[str, int]:
    """How many rows each shop may send, at most ``room`` in all.

    Every shop gets the same number, whatever waits behind it, so that a shop with 100,000 rows cannot hold up one with
    three. What does not divide evenly, or where there are more shops than room, goes round: ``turn`` says with which
    shop this batch begins.

    Args:
        shops: The shops that have due rows, each once, in any steady order.
        room: How many rows the queue can take.
        turn: Where to begin, counted on by the caller from batch to batch.
    """
    if not shops or room <= 0:
        return {}
    start = turn % len(shops)
    ordered = [*shops[start:], *shops[:start]]
    each, left = divmod(room, len(ordered))
    given = {shop: each + (1 if place < left else 0) for place, shop in enumerate(ordered)}
    return {shop: count for shop, count in given.items() if count > 0}


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
