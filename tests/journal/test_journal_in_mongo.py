"""The journal in a real MongoDB."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from pymongo import MongoClient, monitoring

from pharmasync.journal import (
    SYNC_FAILURES,
    TASK_LOGS,
    Attempt,
    Entry,
    Failure,
    JournalWriter,
    Resolution,
    connect,
    open_journal,
)
from pharmasync.journal.batch import BatchStore
from pharmasync.journal.database import JournalDatabase
from pharmasync.journal.record import record_of
from pharmasync.sandbox.servers import Mongod

pytestmark = pytest.mark.integration

A_DAY = 24 * 60 * 60
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def an_attempt(number: int = 1) -> Attempt:
    return Attempt(
        message_id=f"message-{number}",
        document_type="sale",
        business_id=f"HD{number}",
        shop_id="shop-1",
        queue="sale_queue",
        attempt=1,
        outcome="SYNC_SUCCESS",
        national_id=f"QG{number}",
        http_status=200,
        duration_ms=12.5,
        started_at=NOON,
        completed_at=NOON + timedelta(milliseconds=12),
    )


def a_failure(business_id: str = "HD1", *, shop_id: str = "shop-1", payload: Any = None, after: int = 0) -> Failure:
    """A failure so many minutes after noon."""
    return Failure(
        document_type="sale",
        business_id=business_id,
        shop_id=shop_id,
        queue="sale_queue",
        error_class="Refused",
        error_message="thiếu số lô",
        payload=payload,
        attempts=3,
        failed_at=NOON + timedelta(minutes=after),
    )


def a_resolution(business_id: str = "HD1", *, after: int) -> Resolution:
    """A delivery so many minutes after noon."""
    return Resolution(
        document_type="sale",
        business_id=business_id,
        shop_id="shop-1",
        resolved_at=NOON + timedelta(minutes=after),
    )


@attrs.define
class Commands(monitoring.CommandListener):
    """Notes the names of the commands that a client sends."""

    names: list[str] = attrs.field(factory=list)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


@pytest.fixture
def writer(mongod: Mongod, mongo_database: JournalDatabase) -> Iterator[JournalWriter]:
    writer = JournalWriter(lambda: open_journal(mongod.url, mongo_database.name, lifetime=A_DAY), interval=0.01)
    yield writer
    writer.close(timeout=10)


def write_all(writer: JournalWriter, *entries: Entry) -> None:
    for entry in entries:
        writer.write(entry)
    assert writer.flush(timeout=10)


def test_an_attempt_is_stored_under_the_names_that_operators_know(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, an_attempt())

    assert mongo_database[TASK_LOGS].find_one({}, {"_id": False}) == {
        "message_id": "message-1",
        "document_type": "sale",
        "business_id": "HD1",
        "shop_id": "shop-1",
        "queue": "sale_queue",
        "attempt": 1,
        "outcome": "SYNC_SUCCESS",
        "national_id": "QG1",
        "error_class": None,
        "http_status": 200,
        "duration_ms": 12.5,
        "started_at": NOON,
        "completed_at": NOON + timedelta(milliseconds=12),
    }


def test_a_failure_is_stored_under_the_names_that_operators_know(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_failure(payload={"lines": [{"lot": None, "quantity": 1.5}]}))

    assert mongo_database[SYNC_FAILURES].find_one({}, {"_id": False}) == {
        "document_type": "sale",
        "business_id": "HD1",
        "shop_id": "shop-1",
        "queue": "sale_queue",
        "error_class": "Refused",
        "error_message": "thiếu số lô",
        "payload": {"lines": [{"lot": None, "quantity": 1.5}]},
        "attempts": 3,
        "failed_at": NOON,
        "resolved_at": None,
    }


def test_a_row_that_fails_again_is_one_document_with_the_latest_reason(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_failure(after=1))
    write_all(writer, attrs.evolve(a_failure(after=5), error_message="thiếu hạn dùng", attempts=4, payload=None))

    [row] = mongo_database[SYNC_FAILURES].find()
    assert (row["error_message"], row["attempts"]) == ("thiếu hạn dùng", 4)
    assert (row["failed_at"], row["resolved_at"]) == (NOON + timedelta(minutes=5), None)


def test_a_row_that_fails_twice_within_a_batch_is_one_document(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_failure(after=1), a_failure("HD2", after=1), a_failure(after=5))

    rows = mongo_database[SYNC_FAILURES].find().sort("business_id")
    assert [(row["business_id"], row["failed_at"] - NOON) for row in rows] == [
        ("HD1", timedelta(minutes=5)),
        ("HD2", timedelta(minutes=1)),
    ]
    assert (writer.written, writer.dropped) == (3, 0)


def test_a_row_is_known_by_its_shop_and_type_as_well(writer: JournalWriter, mongo_database: JournalDatabase) -> None:
    write_all(
        writer, a_failure(), a_failure(shop_id="shop-2"), attrs.evolve(a_failure(), document_type="purchase_receipt")
    )

    assert mongo_database[SYNC_FAILURES].count_documents({"resolved_at": None}) == 3


def test_a_failure_that_comes_late_changes_nothing(writer: JournalWriter, mongo_database: JournalDatabase) -> None:
    write_all(writer, a_failure("HD1", after=5), a_failure("HD2", after=1))
    write_all(writer, a_resolution("HD2", after=3))
    known = list(mongo_database[SYNC_FAILURES].find())

    write_all(writer, a_failure("HD1", after=4), a_failure("HD2", after=2))

    assert list(mongo_database[SYNC_FAILURES].find()) == known
    assert writer.dropped == 0


def test_a_delivery_resolves_the_open_failure_of_its_row_alone(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(
        writer,
        a_failure("HD1", after=1),
        a_failure("HD2", after=1),
        a_failure("HD1", shop_id="shop-2", after=1),
        a_failure("HD3", after=9),
    )
    write_all(writer, a_resolution("HD1", after=3), a_resolution("HD3", after=10))

    rows = mongo_database[SYNC_FAILURES].find()
    assert sorted((row["shop_id"], row["business_id"], row["resolved_at"]) for row in rows if row["resolved_at"]) == [
        ("shop-1", "HD1", NOON + timedelta(minutes=3)),
        ("shop-1", "HD3", NOON + timedelta(minutes=10)),
    ]


def test_a_failure_and_its_resolution_may_come_in_one_batch(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_resolution(after=3), a_failure(after=1))

    [row] = mongo_database[SYNC_FAILURES].find()
    assert row["resolved_at"] == NOON + timedelta(minutes=3)


def test_a_row_that_fails_after_it_was_resolved_is_open_again(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_failure(after=1), a_resolution(after=3), a_failure(after=5))

    [row] = mongo_database[SYNC_FAILURES].find()
    assert (row["failed_at"], row["resolved_at"]) == (NOON + timedelta(minutes=5), None)


def test_entries_are_sent_in_batches(mongod: Mongod, mongo_database: JournalDatabase) -> None:
    commands = Commands()

    def listening() -> JournalDatabase:
        client: MongoClient[dict[str, Any]] = MongoClient(mongod.url, event_listeners=[commands])
        return client[mongo_database.name]

    writer = JournalWriter(listening, batch=500, interval=60)
    for number in range(450):
        writer.write(an_attempt(number))
    for number in range(25):
        writer.write(a_failure(f"HD{number}"))
        writer.write(a_resolution(f"HD{number}", after=1))

    # A full batch is reason enough: nobody has flushed.
    with writer._progress:
        assert writer._progress.wait_for(lambda: writer.written == 500, 10)
    assert [name for name in commands.names if name in {"insert", "update"}] == ["insert", "update", "update"]
    assert writer.close(timeout=10)
    assert mongo_database[SYNC_FAILURES].count_documents({"resolved_at": None}) == 0


def test_a_batch_whose_answer_got_lost_is_not_stored_twice(mongo_database: JournalDatabase) -> None:
    store = BatchStore(lambda: mongo_database)
    first = record_of(a_failure())
    batch = [record_of(entry) for entry in (an_attempt(1), an_attempt(2), a_failure(after=1), a_resolution(after=2))]

    assert store.store([first]) == 0
    assert store.store(batch[:1]) == 0
    assert store.store(batch) == 0
    assert store.store([first, *batch]) == 0

    assert mongo_database[TASK_LOGS].count_documents({}) == 2
    [row] = mongo_database[SYNC_FAILURES].find()
    assert row["resolved_at"] == NOON + timedelta(minutes=2)


def test_an_entry_that_mongo_refuses_does_not_hold_up_the_rest(
    writer: JournalWriter, mongo_database: JournalDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    mongo_database.create_collection(TASK_LOGS, validator={"business_id": {"$ne": "HD2"}})

    write_all(writer, an_attempt(1), an_attempt(2), an_attempt(3))

    assert (writer.written, writer.dropped, writer.waiting) == (2, 1, 0)
    assert mongo_database[TASK_LOGS].distinct("business_id") == ["HD1", "HD3"]
    assert "dropped the Attempt of document HD2 of shop shop-1" in caplog.text


def test_an_entry_that_cannot_be_encoded_does_not_hold_up_the_rest(
    writer: JournalWriter, mongo_database: JournalDatabase
) -> None:
    write_all(writer, a_failure("HD1"), a_failure("HD2", payload=object()), a_failure("HD3"))

    assert (writer.written, writer.dropped) == (2, 1)
    assert mongo_database[SYNC_FAILURES].distinct("business_id") == ["HD1", "HD3"]


def test_closing_stores_what_waits(mongod: Mongod, mongo_database: JournalDatabase) -> None:
    writer = JournalWriter(lambda: connect(mongod.url, mongo_database.name), interval=60)
    writer.write(an_attempt())

    assert writer.close(timeout=10)

    assert mongo_database[TASK_LOGS].count_documents({}) == 1


def test_times_come_back_with_their_zone(
    writer: JournalWriter, mongod: Mongod, mongo_database: JournalDatabase
) -> None:
    write_all(writer, an_attempt())
    database = connect(mongod.url, mongo_database.name)
    with database.client:
        row = database[TASK_LOGS].find_one()
    assert row is not None
    assert row["started_at"] == NOON
    assert row["started_at"].utcoffset() == timedelta(0)
