"""Where chance comes from: one seed, and dice for each thing that is drawn, so that none disturbs another."""

from random import Random


def dice_for(seed: int, what: str) -> Random:
    """The dice for a thing; the same ones for the same seed."""
    return Random(f"{seed} {what}")  # noqa: S311 - a failure has to come again with its seed
