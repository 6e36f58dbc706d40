"""The commonest reasons of refusals. The same reason on another line, or about another code, is the same reason."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

PLACES = re.compile(r"\b(?:dòng|line) \d+: ")
FIGURES = re.compile(r"\S*\d\S*")
HOW_MANY = 3


def commonest(messages: Sequence[str], most: int = HOW_MANY) -> list[tuple[str, int]]:
    """The commonest reasons among the stored messages, in the words of one of them, and how often each was given."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        words = PLACES.sub("", message)
        told[FIGURES.sub("…", words)][words] += 1
    ranked = sorted(told.items(), key=lambda item: (-item[1].total(), item[0]))
    return [(examples.most_common(1)[0][0], examples.total()) for _, examples in ranked[:most]]
