"""When all documents of the demo are at rest."""

import pytest

from pharmasync.decisions.status import Status
from pharmasync.sandbox.demo.progress import BAR_WIDTH, bar
from pharmasync.sandbox.demo.snapshot import Progress, Snapshot

ROWS_OF_SHOP = {"NT01": 50, "NT07": 50}


def snapshot(*, pending: int = 0, paused: bool = False, **open_rows: int) -> Snapshot:
    counts: dict[str, int] = {Status.PENDING: pending, Status.SUCCESS: 40, Status.FAILED: 10}
    counts.update({Status[name.upper()]: count for name, count in open_rows.items()})
    return Snapshot({"sales_invoice": Progress(counts)}, {"NT07": "sai mật khẩu"} if paused else {})


def test_it_is_at_rest_when_every_row_is_final() -> None:
    assert snapshot().at_rest(ROWS_OF_SHOP)


def test_rows_of_a_paused_shop_may_wait() -> None:
    assert snapshot(pending=50, paused=True).at_rest(ROWS_OF_SHOP)


def test_rows_may_not_wait_while_no_shop_is_paused() -> None:
    assert not snapshot(pending=50).at_rest(ROWS_OF_SHOP)


def test_one_row_more_than_the_paused_shop_has_is_not_rest() -> None:
    assert not snapshot(pending=51, paused=True).at_rest(ROWS_OF_SHOP)


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain"])
def test_a_row_on_its_way_is_not_rest(state: str) -> None:
    assert not snapshot(pending=49, paused=True, **{state: 1}).at_rest(ROWS_OF_SHOP)


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {Status.PENDING: 7},
        {Status.SUCCESS: 600},
        {Status.SUCCESS: 9_999, Status.FAILED: 1, Status.UNCERTAIN: 1, Status.QUEUED: 1},
        dict.fromkeys(Status, 1),
    ],
)
def test_a_bar_is_always_as_wide(counts: dict[str, int]) -> None:
    assert len(bar(Progress(counts)).plain) == BAR_WIDTH


def test_one_refused_document_among_thousands_is_seen_in_the_bar() -> None:
    drawn = bar(Progress({Status.SUCCESS: 5_000, Status.PENDING: 5_000, Status.FAILED: 1}))

    assert any(span.style == "red" and span.end > span.start for span in drawn.spans)
