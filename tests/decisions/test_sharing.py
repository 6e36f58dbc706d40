"""A fair share for every shop."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.decisions.sharing import shares

shop_lists = st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=30)
some_shops = st.lists(st.text(min_size=1, max_size=5), unique=True, min_size=1, max_size=30)
rooms = st.integers(-5, 1000)
turns = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("shops", "room", "turn", "given_out"),
    [
        ([], 100, 0, {}),
        (["A"], 0, 0, {}),
        (["A"], -3, 0, {}),
        (["A"], 7, 0, {"A": 7}),
        (["A", "B"], 6, 0, {"A": 3, "B": 3}),
        (["A", "B"], 7, 0, {"A": 4, "B": 3}),
        (["A", "B"], 7, 1, {"B": 4, "A": 3}),
        (["A", "B"], 7, 2, {"A": 4, "B": 3}),
        (["A", "B", "C"], 2, 0, {"A": 1, "B": 1}),
        (["A", "B", "C"], 2, 2, {"C": 1, "A": 1}),
        (["A", "B", "C"], 1, 4, {"B": 1}),
    ],
)
def test_room_is_shared_out(shops: list[str], room: int, turn: int, given_out: dict[str, int]) -> None:
    assert shares(shops, room, turn) == given_out


@given(shop_lists, rooms, turns)
@settings(deadline=None)
def test_no_more_is_given_than_there_is_room(shops: list[str], room: int, turn: int) -> None:
    assert sum(shares(shops, room, turn).values()) == (max(room, 0) if shops else 0)


@given(shop_lists, rooms, turns)
@settings(deadline=None)
def test_shares_differ_by_one_at_most(shops: list[str], room: int, turn: int) -> None:
    given_out = shares(shops, room, turn)
    counts = [given_out.get(shop, 0) for shop in shops] or [0]
    assert max(counts) - min(counts) <= 1


@given(shop_lists, rooms, turns)
@settings(deadline=None)
def test_only_the_shops_asked_for_get_something_and_never_nothing(shops: list[str], room: int, turn: int) -> None:
    given_out = shares(shops, room, turn)
    assert given_out.keys() <= set(shops)
    assert all(count >= 1 for count in given_out.values())


@given(some_shops, st.integers(1, 10))
@settings(deadline=None)
def test_where_there_are_more_shops_than_room_everybody_gets_a_turn(shops: list[str], room: int) -> None:
    served: set[str] = set()
    turn = 0
    for _ in range(-(-len(shops) // room)):
        given_out = shares(shops, room, turn)
        served |= given_out.keys()
        turn += len(given_out)
    assert served == set(shops)


@given(some_shops, st.integers(1, 100))
@settings(deadline=None)
def test_over_a_whole_round_of_turns_every_shop_gets_the_same(shops: list[str], room: int) -> None:
    totals = dict.fromkeys(shops, 0)
    for turn in range(len(shops)):
        for shop, count in shares(shops, room, turn).items():
            totals[shop] += count
    assert set(totals.values()) == {room}
