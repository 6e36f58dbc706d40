"""Leases: kept up while a row is in hand, and never believed longer than SQL Server was asked for."""

import threading
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from pharmasync.decisions.status import Status
from pharmasync.documents import SALES_INVOICE
from pharmasync.errors import GaveWayError, ServerAwayError, StatementError
from pharmasync.late_thread import LateThread
from pharmasync.leases import LONGEST_SECONDS, RENEWALS_A_LEASE, SOUND_SHARE, Leases, Renew
from pharmasync.row import BegunRow

LEASE = 1000.0


def row(row_id: int) -> BegunRow:
    return BegunRow(
        kind=SALES_INVOICE,
        id=row_id,
        local_id=f"HD{row_id}",
        shop_id="S1",
        previous=Status.QUEUED,
        attempt=1,
        header={},
        lines=[],
    )


class Renewals:
    """Plays SQL Server: keeps what it was asked for, and leaves out rows that are somebody else's by now."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.lost: set[int] = set()
        self.is_away = False
        self.refuses = False
        self.locked: set[int] = set()
        self.happened = threading.Event()

    def __call__(self, rows: Sequence[BegunRow]) -> list[bool]:
        self.asked.append([each.id for each in rows])
        self.happened.set()
        if self.is_away:
            raise ServerAwayError("SQL Server", "away")
        if self.refuses:
            raise StatementError("no such column")
        if any(each.id in self.locked for each in rows):
            raise GaveWayError("somebody else's transaction holds a lock")
        return [each.id not in self.lost for each in rows]


@pytest.fixture
def renewals() -> Renewals:
    return Renewals()


def unattended(renew: Renew, seconds: float = LEASE) -> Leases:
    """Leases that only the test renews."""
    leases = Leases(renew, seconds)
    leases._keeper = LateThread(lambda: None, "the test renews")
    return leases


def asked_for(renew: Renew, *, seconds_ago: float, row_id: int = 1) -> "tuple[Leases, Callable[[], float]]":
    """Leases with one that was asked for so long ago, and what tells how much is left of it."""
    leases = unattended(renew)
    lease = leases.keep(row(row_id), time.monotonic() - seconds_ago)
    return leases, lambda: lease.until - time.monotonic()


def test_a_lease_counts_from_the_moment_it_was_asked_for(renewals: Renewals) -> None:
    lease = unattended(renewals).keep(row(1), since=5000.0)
    assert lease.until == 5000.0 + LEASE


@pytest.mark.parametrize(("seconds", "before"), [(1000.0, 1.0), (30.0, 1.0), (2.0, 0.2)])
def test_a_call_is_cut_shortly_before_its_lease_ends(renewals: Renewals, seconds: float, before: float) -> None:
    lease = unattended(renewals, seconds).keep(row(1), since=5000.0)
    assert lease.stop_by() == pytest.approx(5000.0 + seconds - before)


def test_a_call_that_may_store_must_be_written_while_its_lease_is_sound(renewals: Renewals) -> None:
    lease = unattended(renewals).keep(row(1), since=5000.0)
    assert lease.write_by() == pytest.approx(5000.0 + LEASE * (1 - SOUND_SHARE))


def test_a_renewed_lease_is_whole_again(renewals: Renewals) -> None:
    leases, left = asked_for(renewals, seconds_ago=LEASE / 2)
    leases.renew_all()
    assert left() > LEASE - 60


def test_a_lease_is_renewed_as_often_as_it_is_to_be_before_it_would_end(renewals: Renewals) -> None:
    leases, left = asked_for(renewals, seconds_ago=LEASE / RENEWALS_A_LEASE * 1.1)
    leases.renew_all()
    assert left() > LEASE - 60


def test_a_lease_that_is_young_is_not_renewed(renewals: Renewals) -> None:
    leases, _ = asked_for(renewals, seconds_ago=LEASE / RENEWALS_A_LEASE / 2)
    leases.renew_all()
    assert renewals.asked == []


def test_all_leases_are_renewed_together(renewals: Renewals) -> None:
    leases = unattended(renewals)
    for row_id in (1, 2, 3):
        leases.keep(row(row_id), time.monotonic() - LEASE / 2)
    leases.renew_all()
    assert renewals.asked == [[1, 2, 3]]


@pytest.mark.parametrize("trouble", ["is_away", "refuses", "lost"])
def test_a_lease_that_cannot_be_renewed_ends_when_it_was_to_end(renewals: Renewals, trouble: str) -> None:
    setattr(renewals, trouble, {1} if trouble == "lost" else True)
    leases, left = asked_for(renewals, seconds_ago=LEASE / 2)
    leases.renew_all()
    assert left() <= LEASE / 2


@pytest.mark.parametrize("trouble", ["is_away", "refuses"])
def test_a_server_that_renews_nothing_is_asked_once_for_all_leases(renewals: Renewals, trouble: str) -> None:
    setattr(renewals, trouble, True)
    leases = unattended(renewals)
    for row_id in (1, 2, 3):
        leases.keep(row(row_id), time.monotonic() - LEASE / 2)
    leases.renew_all()
    assert renewals.asked == [[1, 2, 3]]


def test_a_renewed_lease_counts_from_the_moment_the_renewal_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late the answer comes: SQL Server may have renewed it at once."""
    now = [5000.0]
    monkeypatch.setattr("pharmasync.leases.time", SimpleNamespace(monotonic=lambda: now[0]))

    def slowly(rows: Sequence[BegunRow]) -> list[bool]:
        now[0] += 100.0
        return [True] * len(rows)

    leases = unattended(slowly)
    lease = leases.keep(row(1), since=5000.0 - LEASE / 2)
    leases.renew_all()
    assert lease.until == 5000.0 + LEASE


def test_a_row_that_somebody_else_locks_does_not_cost_the_others_their_leases(renewals: Renewals) -> None:
    leases = unattended(renewals)
    kept = [leases.keep(row(row_id), time.monotonic() - LEASE * age) for row_id, age in ((1, 0.7), (2, 0.5), (3, 0.6))]
    renewals.locked = {1}
    leases.renew_all()
    assert [lease.until - time.monotonic() > LEASE - 60 for lease in kept] == [False, True, True]
    assert renewals.asked == [[1, 2, 3], [2], [3], [1]]


def test_nor_the_only_other_one_its_lease(renewals: Renewals) -> None:
    leases = unattended(renewals)
    kept = [leases.keep(row(row_id), time.monotonic() - LEASE / 2) for row_id in (1, 2)]
    renewals.locked = {1}
    leases.renew_all()
    assert [lease.until - time.monotonic() > LEASE - 60 for lease in kept] == [False, True]


def test_a_lone_row_that_somebody_else_locks_is_asked_for_once(renewals: Renewals) -> None:
    leases, left = asked_for(renewals, seconds_ago=LEASE / 2)
    renewals.locked = {1}
    leases.renew_all()
    assert renewals.asked == [[1]]
    assert left() <= LEASE / 2


def test_a_row_that_was_let_go_of_is_not_renewed(renewals: Renewals) -> None:
    leases = unattended(renewals)
    lease = leases.keep(row(1), time.monotonic())
    lease.let_go()
    lease.let_go()
    lease.until -= LEASE / 2
    leases.renew_all()
    assert renewals.asked == []


def test_a_row_that_is_in_hand_for_ever_is_left_to_its_lease(renewals: Renewals) -> None:
    leases, left = asked_for(renewals, seconds_ago=LONGEST_SECONDS + 1)
    leases.renew_all()
    assert renewals.asked == []
    assert left() < 0


@pytest.mark.parametrize(
    ("used", "sound"), [(0.0, True), (1 - SOUND_SHARE - 0.05, True), (1 - SOUND_SHARE + 0.05, False)]
)
def test_a_call_that_may_store_needs_a_sound_lease(renewals: Renewals, used: float, *, sound: bool) -> None:
    renewals.is_away = True
    lease = unattended(renewals).keep(row(1), time.monotonic() - LEASE * used)
    assert lease.is_sound is sound


def test_a_thread_of_its_own_renews_while_the_row_is_in_hand(renewals: Renewals) -> None:
    leases = Leases(renewals, 0.4)
    lease = leases.keep(row(7), time.monotonic())
    first_end = lease.until
    assert renewals.happened.wait(10)
    renewals.happened.clear()
    assert renewals.happened.wait(10)
    assert lease.until > first_end
    lease.let_go()


def test_a_lease_does_not_end_as_long_as_the_row_is_in_hand(renewals: Renewals) -> None:
    leases = Leases(renewals, 0.8)
    begun = time.monotonic()
    lease = leases.keep(row(7), begun)
    while time.monotonic() < begun + 1.2:
        time.sleep(0.05)
        assert time.monotonic() < lease.until
    lease.let_go()
