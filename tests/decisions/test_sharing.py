"""A fair share for every shop."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.decisions.sharing import ENDLESS, Lane, shares, split

shop_lists = st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=30)
some_shops = st.lists(st.text(min_size=1, max_size=5), unique=True, min_size=1, max_size=30)
rooms = st.integers(-5, 1000)
turns = st.integers(0, 10_000)
counts = st.integers(0, 50) | st.just(ENDLESS)
NEW, RETURNING = Lane.NEW, Lane.RETURNING


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


@pytest.mark.parametrize(
    ("room", "given_out"),
    [
        (1, {"B": 1}),
        (3, {"B": 3}),
        (4, {"B": 3, "C": 1}),
        (7, {"B": 3, "C": 3, "A": 1}),
        (9, {"B": 3, "C": 3, "A": 3}),
        (10, {"B": 4, "C": 3, "A": 3}),
    ],
)
def test_where_there_is_no_room_for_a_turn_of_every_shop_some_have_whole_turns(
    room: int, given_out: dict[str, int]
) -> None:
    assert shares(["A", "B", "C"], room, turn=1, at_once=3) == given_out


@given(shop_lists, rooms, turns, st.integers(1, 5))
@settings(deadline=None)
def test_all_of_the_room_is_given_whatever_a_turn_is(shops: list[str], room: int, turn: int, at_once: int) -> None:
    assert sum(shares(shops, room, turn, at_once).values()) == (max(room, 0) if shops else 0)


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


@pytest.mark.parametrize(
    ("share", "new", "returning", "first", "given_out"),
    [
        (10, ENDLESS, ENDLESS, NEW, {NEW: 5, RETURNING: 5}),
        (7, ENDLESS, ENDLESS, NEW, {NEW: 4, RETURNING: 3}),
        (7, ENDLESS, ENDLESS, RETURNING, {NEW: 3, RETURNING: 4}),
        (1, ENDLESS, ENDLESS, NEW, {NEW: 1}),
        (1, ENDLESS, ENDLESS, RETURNING, {RETURNING: 1}),
        (10, ENDLESS, 2, NEW, {NEW: 8, RETURNING: 2}),
        (10, 2, ENDLESS, NEW, {NEW: 2, RETURNING: 8}),
        (10, 2, 3, NEW, {NEW: 2, RETURNING: 3}),
        (10, 0, ENDLESS, NEW, {RETURNING: 10}),
        (10, 0, 0, NEW, {}),
    ],
)
def test_a_share_is_split_between_the_lanes(
    share: int, new: float, returning: float, first: Lane, given_out: dict[Lane, int]
) -> None:
    assert split(share, {NEW: new, RETURNING: returning}, first) == given_out


@pytest.mark.parametrize("first", Lane)
@pytest.mark.parametrize(("waiting", "given_out"), [({NEW: 5}, {NEW: 1}), ({RETURNING: 5}, {RETURNING: 1}), ({}, {})])
def test_a_lane_in_which_no_row_is_known_to_wait_takes_nothing_from_the_other(
    waiting: dict[Lane, float], given_out: dict[Lane, int], first: Lane
) -> None:
    assert split(1, waiting, first) == given_out


@given(st.integers(1, 100), counts, counts, st.sampled_from(Lane))
@settings(deadline=None)
def test_a_share_is_used_up_as_far_as_there_are_rows_and_neither_lane_gets_less_than_its_half(
    share: int, new: float, returning: float, first: Lane
) -> None:
    waiting = {NEW: new, RETURNING: returning}
    given_out = split(share, waiting, first)
    assert sum(given_out.values()) == min(share, new + returning)
    for lane in Lane:
        assert min(share // 2, waiting[lane]) <= given_out.get(lane, 0) <= waiting[lane]
