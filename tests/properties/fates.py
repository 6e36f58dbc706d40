"""What may become of each thing before which a player stops: what the world does to it, and what a kind world does."""

from hypothesis import strategies as st

from tests.properties.call_fates import AnswerFate, CallFate, NationalCall, Turn, TurnFate
from tests.properties.carrying import Coming
from tests.properties.messages import Enqueue, EnqueueFate
from tests.properties.sql_fates import SqlFate, Statement

Fate = SqlFate | CallFate | AnswerFate | TurnFate | EnqueueFate

KIND: dict[type[object], Fate] = {
    Statement: SqlFate.WELL,
    NationalCall: CallFate.ANSWERED,
    Coming: AnswerFate.ARRIVES,
    Turn: TurnFate.COMES,
    Enqueue: EnqueueFate.WELL,
}
"""How everything goes well."""

KINDNESS = 6
"""How many times as often as each single trouble."""


def kind(thing: object) -> Fate:
    """How it goes well."""
    return KIND[type(thing)]


def any_fate(thing: object) -> st.SearchStrategy[Fate]:
    """Any fate, now and then a bad one."""
    return st.sampled_from([kind(thing)] * KINDNESS + _every(thing))


def bad_fate(thing: object) -> st.SearchStrategy[Fate]:
    """Any fate but the good one."""
    return st.sampled_from([fate for fate in _every(thing) if fate is not kind(thing)])


def _every(thing: object) -> list[Fate]:
    return list(type(kind(thing)))
