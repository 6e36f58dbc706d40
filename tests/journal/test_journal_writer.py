"""The writer with MongoDB away: nobody who writes notices."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NoReturn

import attrs
import pytest
from pymongo.errors import ServerSelectionTimeoutError

from pharmasync.journal import Failure, JournalWriter
from pharmasync.journal.database import JournalDatabase


def a_failure(payload: Any = None) -> Failure:
    return Failure(
        document_type="sale",
        business_id="HD1",
        shop_id="shop-1",
        queue="sale_queue",
        error_class="Refused",
        error_message="thiếu số lô",
        payload=payload,
        attempts=3,
        failed_at=datetime(2025, 3, 1, 12, tzinfo=UTC),
    )


@attrs.define
class AwayMongo:
    """A MongoDB that cannot be reached. Tells who tried to."""

    tried: threading.Event = attrs.field(factory=threading.Event)
    threads: set[str] = attrs.field(factory=set)

    def __call__(self) -> NoReturn:
        self.threads.add(threading.current_thread().name)
        self.tried.set()
        raise ServerSelectionTimeoutError("nobody there")


@attrs.define
class HungMongo:
    """A MongoDB that takes the call and does not answer until it is let go."""

    called: threading.Event = attrs.field(factory=threading.Event)
    let_go: threading.Event = attrs.field(factory=threading.Event)

    def __call__(self) -> JournalDatabase:
        self.called.set()
        self.let_go.wait(10)
        raise ServerSelectionTimeoutError("nobody there")


@pytest.fixture
def away() -> AwayMongo:
    return AwayMongo()


@pytest.fixture
def hung() -> Iterator[HungMongo]:
    mongo = HungMongo()
    yield mongo
    mongo.let_go.set()


def test_who_writes_never_calls_mongo(away: AwayMongo) -> None:
    writer = JournalWriter(away, interval=0.001)
    for _ in range(1_000):
        writer.write(a_failure())
    assert away.tried.wait(5)
    writer.close(timeout=0)

    assert away.threads == {"journal"}


def test_who_writes_does_not_wait_for_a_mongo_that_hangs(hung: HungMongo) -> None:
    writer = JournalWriter(hung, interval=0.001)
    writer.write(a_failure())
    assert hung.called.wait(5)

    for _ in range(1_000):
        writer.write(a_failure())

    assert not hung.let_go.is_set()
    assert writer.waiting == 1_001
    writer.close(timeout=0)


@pytest.mark.parametrize("away", [False, True])
def test_a_full_batch_is_reason_to_store_at_once_unless_mongo_is_away(hung: HungMongo, away: bool) -> None:  # noqa: FBT001 - the case
    writer = JournalWriter(hung, batch=2, interval=0.001)
    writer.write(a_failure())
    assert hung.called.wait(5)
    writer._away = away

    writer.write(a_failure())

    assert writer._wake.is_set() is not away
    writer.close(timeout=0)


def test_nothing_is_connected_before_the_first_entry(away: AwayMongo) -> None:
    writer = JournalWriter(away)

    assert writer.flush(timeout=0)
    assert writer.close(timeout=0)
    assert away.threads == set()


def test_entries_wait_while_mongo_is_away(away: AwayMongo) -> None:
    writer = JournalWriter(away, interval=0.001)
    writer.write(a_failure())
    assert away.tried.wait(5)

    assert not writer.flush(timeout=0.01)
    assert (writer.written, writer.dropped, writer.waiting) == (0, 0, 1)
    writer.close(timeout=0)


def test_more_tries_follow_the_first(away: AwayMongo) -> None:
    writer = JournalWriter(away, interval=0.001)
    writer.write(a_failure())
    assert away.tried.wait(5)
    away.tried.clear()

    assert away.tried.wait(5)
    writer.close(timeout=0)


def test_pauses_grow_while_mongo_is_away(away: AwayMongo) -> None:
    class Pauses(threading.Event):
        asked: list[float | None]

        def wait(self, timeout: float | None = None) -> bool:
            self.asked.append(timeout)
            if len(self.asked) == 6:
                writer._stopping = True
            return False

    pauses = Pauses()
    pauses.asked = []
    writer = JournalWriter(away, interval=1.0, longest_pause=10.0)
    writer._wake = pauses

    writer.write(a_failure())
    assert writer._thread is not None
    writer._thread.join(5)

    assert pauses.asked == [1, 2, 4, 8, 10, 10]


def test_the_oldest_are_dropped_when_too_many_wait(away: AwayMongo) -> None:
    writer = JournalWriter(away, limit=4, batch=2)
    for _ in range(10):
        writer.write(a_failure())

    assert (writer.waiting, writer.dropped) == (4, 6)
    writer.close(timeout=0)


def test_one_line_tells_how_many_were_dropped(away: AwayMongo, caplog: pytest.LogCaptureFixture) -> None:
    writer = JournalWriter(away, limit=4)
    for _ in range(10):
        writer.write(a_failure())
    assert not [record for record in caplog.records if "dropped" in record.getMessage()]

    writer.close(timeout=0)

    dropped = [record.getMessage() for record in caplog.records if "dropped" in record.getMessage()]
    assert dropped == ["Journal: dropped the 6 oldest entries, since too many waited for MongoDB"]
    assert "closed with 4 entries not stored" in caplog.text


def test_an_outage_is_logged_once(away: AwayMongo, caplog: pytest.LogCaptureFixture) -> None:
    writer = JournalWriter(away, interval=0.001)
    writer.write(a_failure())
    for _ in range(3):
        assert away.tried.wait(5)
        away.tried.clear()
    writer.close(timeout=0)

    outages = [record for record in caplog.records if "MongoDB is away" in record.getMessage()]
    assert len(outages) == 1
    assert outages[0].levelno == logging.WARNING


def itself() -> list[Any]:
    """A list that is in itself."""
    knot: list[Any] = []
    knot.append(knot)
    return knot


@pytest.mark.parametrize(
    "payload",
    [{"Nguyễn Văn A": object()}, 2**64, {1: "Nguyễn Văn A"}, "\ud800", itself(), "x" * (17 * 1024 * 1024)],
    ids=["object", "number", "key", "text", "knot", "size"],
)
def test_an_entry_that_mongo_cannot_hold_is_dropped_without_a_word_of_it(
    payload: Any, away: AwayMongo, caplog: pytest.LogCaptureFixture
) -> None:
    writer = JournalWriter(away)
    writer.write(a_failure(payload))

    assert (writer.waiting, writer.dropped) == (0, 1)
    assert len(caplog.records) == 1
    assert "Failure of document HD1 of shop shop-1" in caplog.text
    assert "Nguyễn" not in caplog.text


def test_an_entry_with_a_time_of_no_zone_is_dropped(away: AwayMongo) -> None:
    local = datetime(2025, 3, 1, 12)  # noqa: DTZ001 - that is the mistake
    writer = JournalWriter(away)
    writer.write(attrs.evolve(a_failure(), failed_at=local))

    assert (writer.waiting, writer.dropped) == (0, 1)


def test_an_entry_after_the_end_is_dropped(away: AwayMongo) -> None:
    writer = JournalWriter(away)
    writer.close(timeout=0)

    writer.write(a_failure())

    assert (writer.waiting, writer.dropped) == (0, 1)
    assert away.threads == set()


def test_closing_ends_the_thread(away: AwayMongo) -> None:
    writer = JournalWriter(away, interval=0.001)
    writer.write(a_failure())
    thread = writer._thread
    assert thread is not None

    writer.close(timeout=0)
    thread.join(5)

    assert not thread.is_alive()
