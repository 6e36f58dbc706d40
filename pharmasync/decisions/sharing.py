"""A fair share for every shop: who may send how many rows of one batch."""

from collections.abc import Sequence


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
