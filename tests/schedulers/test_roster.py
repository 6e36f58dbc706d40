"""The roster: every shop has its turn, however often it is looked and whatever comes and goes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmasync.decisions.sharing import ENDLESS, Lane
from pharmasync.schedulers.roster import BELIEVED_SECONDS, ROWS_A_TURN, Roster
from pharmasync.sqlserver.claim import Share
from pharmasync.sqlserver.look import Waiting
from tests.clock import Clock


def found(shops: Sequence[str], rows: float = ENDLESS) -> Mapping[str, Waiting]:
    return {shop: {Lane.NEW: rows} for shop in shops}


def roster(clock: Clock | None = None) -> Roster:
    return Roster(Random(1), clock or Clock())  # noqa: S311 - the same chances in every run


def take_all(taking: Roster, room: int) -> list[Share]:
    """A batch in which every claim takes all that it may."""
    given = taking.next_shares(room)
    for share in given:
        taking.took(share, share.count)
    return given


def test_a_look_serves_the_batches_until_every_shop_had_its_turn() -> None:
    serving = roster()
    assert not serving.is_current
    serving.renew(found("ABCDE"))
    served, looks_saved = Counter[str](), []
    for _ in range(3):
        served.update(share.shop for share in take_all(serving, 2 * ROWS_A_TURN))
        looks_saved.append(serving.is_current)
    assert looks_saved == [True, True, False]
    assert set(served) == {*"ABCDE"}


def test_a_look_that_is_a_second_old_is_not_believed() -> None:
    clock = Clock()
    serving = roster(clock)
    serving.renew(found("ABCDE"))
    take_all(serving, 2)
    clock.now += BELIEVED_SECONDS / 2
    assert serving.is_current
    clock.now += BELIEVED_SECONDS / 2
    assert not serving.is_current


def test_a_shop_that_has_no_more_rows_holds_up_no_look() -> None:
    serving = roster()
    serving.renew(found("ABC"))
    (share,) = serving.next_shares(1)
    serving.took(share, 0)
    for other in {*"ABC"} - {share.shop}:
        serving.took(Share(other, Lane.NEW, 1), 0)
    assert not serving.is_current
    assert serving.next_shares(5) == []


def test_rows_that_were_counted_are_asked_for_once() -> None:
    serving = roster()
    serving.renew(found("ABCD", rows=1))
    asked = [share.shop for _ in range(3) for share in take_all(serving, 3)]
    assert sorted(asked) == [*"ABCD"]


def test_both_lanes_of_a_shop_are_counted_down_by_themselves() -> None:
    serving = roster()
    serving.renew({"A": {Lane.NEW: 2, Lane.RETURNING: ENDLESS}})
    assert Counter({share.lane: share.count for share in take_all(serving, 4)}) == {Lane.NEW: 2, Lane.RETURNING: 2}
    assert take_all(serving, 4) == [Share("A", Lane.RETURNING, 4)]


@pytest.mark.parametrize("room", [1, 2, 3, 5, 7, 11])
def test_the_turn_goes_on_through_looks_that_find_the_same_shops(room: int) -> None:
    shops, serving, served = "abcdefg", roster(), Counter[str]()
    for _ in range(len(shops)):
        serving.renew(found(shops))
        for share in take_all(serving, room):
            served[share.shop] += share.count
    assert served == dict.fromkeys(shops, room)


@given(st.lists(st.sets(st.sampled_from("ABCDEFGHIJ"), min_size=1), min_size=30, max_size=30), st.integers(1, 4))
def test_no_shop_that_stays_waits_longer_than_the_others_turns(looks: list[set[str]], room: int) -> None:
    """Whoever comes and goes beside it, it has its turn within as many batches as ten other shops fill."""
    serving, waited = roster(), 0
    for others in looks:
        serving.renew(found(sorted(others | {"EX"})))
        waited = 0 if "EX" in {share.shop for share in take_all(serving, room)} else waited + 1
        assert waited <= -(-10 // max(1, room // ROWS_A_TURN))


def test_a_turn_is_some_rows_where_there_is_no_room_for_so_many_of_every_shop() -> None:
    serving = roster()
    serving.renew(found("ABCDE"))
    assert [share.count for share in take_all(serving, 2 * ROWS_A_TURN)] == [ROWS_A_TURN, ROWS_A_TURN]
    assert [share.count for share in take_all(serving, 5 * ROWS_A_TURN)] == [ROWS_A_TURN] * 5


def test_a_turn_that_the_room_cut_short_comes_again() -> None:
    serving = roster()
    serving.renew(found("ABCDE"))
    *_, cut_short = take_all(serving, 2 * ROWS_A_TURN - 1)
    assert cut_short.count == ROWS_A_TURN - 1
    assert take_all(serving, ROWS_A_TURN) == [Share(cut_short.shop, Lane.NEW, ROWS_A_TURN)]


def test_a_code_in_another_case_is_the_same_place_in_the_order() -> None:
    serving, served = roster(), []
    for shops in (["nt1", "NT2", "nt3"], ["NT1", "nt2", "NT3"], ["nt1 ", "NT2", "nt3"]):
        serving.renew(found(shops))
        served += [share.shop.strip().lower() for share in take_all(serving, 1)]
    assert sorted(served) == ["nt1", "nt2", "nt3"]
