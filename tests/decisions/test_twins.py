"""Two rows that the API knows as one document."""

import pytest

from pharmasync.decisions.doubt import Doubt
from pharmasync.decisions.status import Status
from pharmasync.decisions.twins import MOST_TWINS, Twin, may_be_sent, words_about

WAITING = Twin(7, "S1", Status.PENDING)
FAILED = Twin(8, "S1", Status.FAILED)
STORED = Twin(9, "S1", Status.SUCCESS, "HD_QG_9")
STORED_WITHOUT_ID = Twin(10, "S1", "SYNC_SUCCESS")
STRANGE = Twin(11, "S1", "DRAFT")
ELSEWHERE = Twin(12, "S2", Status.PENDING)


@pytest.mark.parametrize("doubt", Doubt)
def test_a_row_without_twins_may_be_sent(doubt: Doubt) -> None:
    assert may_be_sent(doubt, 6, [])


@pytest.mark.parametrize("twin", [WAITING, FAILED, STORED, STRANGE])
@pytest.mark.parametrize(("doubt", "may"), [(Doubt.NONE, False), (Doubt.SLIGHT, False), (Doubt.STRONG, True)])
def test_the_oldest_twin_goes_on_only_to_find_out_if_it_is_stored(doubt: Doubt, twin: Twin, *, may: bool) -> None:
    assert may_be_sent(doubt, 6, [twin]) is may


@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("row_id", [10, 20])
def test_a_younger_twin_never_goes_on_since_what_it_would_find_is_the_older_one(doubt: Doubt, row_id: int) -> None:
    assert not may_be_sent(doubt, row_id, [Twin(9, "S1", Status.UNCERTAIN), Twin(12, "S2", Status.FAILED)])


@pytest.mark.parametrize("doubt", Doubt)
@pytest.mark.parametrize("row_id", [1, 2, 30, 60, 61])
def test_the_oldest_twins_say_as_much_as_all_of_them(doubt: Doubt, row_id: int) -> None:
    twins = [Twin(number, "S1", Status.FAILED) for number in range(2, 61) if number != row_id]
    assert may_be_sent(doubt, row_id, twins[:MOST_TWINS]) is may_be_sent(doubt, row_id, twins)


@pytest.mark.parametrize(
    ("twins", "vi", "en"),
    [
        pytest.param(
            [WAITING],
            "mã HD-1 bị trùng (bản ghi khác: id 7 (cửa hàng S1))",
            "code HD-1 is used twice (other row ids: 7 (shop S1))",
            id="one",
        ),
        pytest.param(
            [WAITING, FAILED, ELSEWHERE],
            "mã HD-1 bị trùng (bản ghi khác: id 7 (cửa hàng S1), 8 (cửa hàng S1), 12 (cửa hàng S2))",
            "code HD-1 is used twice (other row ids: 7 (shop S1), 8 (shop S1), 12 (shop S2))",
            id="three",
        ),
        pytest.param(
            [Twin(number, "S1", Status.FAILED) for number in range(1, 7)],
            "mã HD-1 bị trùng (bản ghi khác: id 1 (cửa hàng S1), 2 (cửa hàng S1), 3 (cửa hàng S1), 4 (cửa hàng S1),"
            " 5 (cửa hàng S1) và các bản ghi khác)",
            "code HD-1 is used twice (other row ids: 1 (shop S1), 2 (shop S1), 3 (shop S1), 4 (shop S1), 5 (shop S1)"
            " and more)",
            id="more than are named",
        ),
        pytest.param(
            [Twin(number, "S1", Status.FAILED) for number in range(1, 6)],
            "mã HD-1 bị trùng (bản ghi khác: id 1 (cửa hàng S1), 2 (cửa hàng S1), 3 (cửa hàng S1), 4 (cửa hàng S1),"
            " 5 (cửa hàng S1))",
            "code HD-1 is used twice (other row ids: 1 (shop S1), 2 (shop S1), 3 (shop S1), 4 (shop S1), 5 (shop S1))",
            id="just as many as are named",
        ),
        pytest.param(
            [WAITING, STORED],
            "mã HD-1 đã được gửi ở bản ghi id 9 của cửa hàng S1 (mã quốc gia HD_QG_9)",
            "code HD-1 was already sent as row id 9 of shop S1 (national id HD_QG_9)",
            id="one of them is stored",
        ),
        pytest.param(
            [STORED_WITHOUT_ID],
            "mã HD-1 đã được gửi ở bản ghi id 10 của cửa hàng S1 (mã quốc gia ?)",
            "code HD-1 was already sent as row id 10 of shop S1 (national id ?)",
            id="stored, id unknown",
        ),
    ],
)
def test_the_words_name_the_other_rows(twins: list[Twin], vi: str, en: str) -> None:
    assert words_about("HD-1", twins).vi == vi
    assert words_about("HD-1", twins).en == en
