"""The journal's indexes."""

import pytest

from pharmasync.journal import SYNC_FAILURES, TASK_LOGS, ensure_indexes, open_journal
from pharmasync.journal.database import JournalDatabase
from pharmasync.sandbox.servers import Mongod

pytestmark = pytest.mark.integration

A_DAY = 24 * 60 * 60


def lifetimes(database: JournalDatabase) -> list[int]:
    indexes = database[TASK_LOGS].index_information().values()
    return [index["expireAfterSeconds"] for index in indexes if index["key"] == [("completed_at", 1)]]


def test_opening_the_journal_sees_to_its_indexes(mongod: Mongod, mongo_database: JournalDatabase) -> None:
    with open_journal(mongod.url, mongo_database.name, lifetime=A_DAY).client:
        pass

    row = [("shop_id", 1), ("business_id", 1)]
    attempts = [index["key"] for index in mongo_database[TASK_LOGS].index_information().values()]
    failures = [index["key"] for index in mongo_database[SYNC_FAILURES].index_information().values()]
    assert row in attempts
    assert row in failures
    assert [("resolved_at", 1), ("failed_at", 1)] in failures
    assert lifetimes(mongo_database) == [A_DAY]


def test_indexes_may_be_created_again(mongo_database: JournalDatabase) -> None:
    ensure_indexes(mongo_database, lifetime=A_DAY)
    before = mongo_database[TASK_LOGS].index_information()
    ensure_indexes(mongo_database, lifetime=A_DAY)
    assert mongo_database[TASK_LOGS].index_information() == before


def test_another_lifetime_takes_the_place_of_the_old_one(mongo_database: JournalDatabase) -> None:
    ensure_indexes(mongo_database, lifetime=A_DAY)
    ensure_indexes(mongo_database, lifetime=30 * A_DAY)
    assert lifetimes(mongo_database) == [30 * A_DAY]


def test_a_plain_index_of_an_operator_is_given_the_lifetime(mongo_database: JournalDatabase) -> None:
    mongo_database[TASK_LOGS].create_index("completed_at", name="by_time")
    ensure_indexes(mongo_database, lifetime=A_DAY)
    assert lifetimes(mongo_database) == [A_DAY]
