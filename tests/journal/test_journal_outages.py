"""The journal with a MongoDB that comes and goes, and in a process that forks."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

from pharmasync.journal import SYNC_FAILURES, Failure, JournalWriter, connect
from pharmasync.journal.database import JournalDatabase
from pharmasync.sandbox.servers import Mongod

pytestmark = pytest.mark.integration

A_PARENT_THAT_FORKS = """
import os, sys
from datetime import UTC, datetime
from pharmasync.journal import Failure, JournalWriter, connect

def write(business_id):
    writer.write(Failure(
        document_type="sale", business_id=business_id, shop_id="shop-1", queue="sale_queue", error_class="Refused",
        error_message="", payload=None, attempts=1, failed_at=datetime.now(UTC),
    ))

writer = JournalWriter(lambda: connect(sys.argv[1], sys.argv[2]), interval=60)
write("stored before the fork")
assert writer.flush(10)
write("waiting at the fork")
child = os.fork()
if child == 0:
    write("the child's")
    assert writer.close(10)
    assert writer.written == 1, writer.written
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert writer.close(10)
assert writer.written == 2, writer.written
"""


def a_failure(number: int) -> Failure:
    return Failure(
        document_type="sale",
        business_id=f"HD{number}",
        shop_id="shop-1",
        queue="sale_queue",
        error_class="Refused",
        error_message="thiếu số lô",
        payload=None,
        attempts=3,
        failed_at=datetime.now(UTC),
    )


def test_entries_written_while_mongo_is_down_arrive_once_it_is_back() -> None:
    with Mongod() as server:
        writer = JournalWriter(lambda: connect(server.url, "journal"), interval=0.01, longest_pause=0.1)
        for number in range(100):
            writer.write(a_failure(number))
        assert writer.flush(timeout=10)

        server.kill()
        for number in range(100, 200):
            writer.write(a_failure(number))
        assert not writer.flush(timeout=0.1)
        server.start()

        assert writer.close(timeout=20)
        assert (writer.written, writer.dropped, writer.waiting) == (200, 0, 0)
        assert_each_is_there_once(server, 200)


def test_a_kill_in_the_midst_of_writing_neither_loses_nor_doubles_an_entry() -> None:
    with Mongod() as server:
        writer = JournalWriter(lambda: connect(server.url, "journal"), batch=10, interval=0.001, longest_pause=0.1)
        half = threading.Event()

        def write() -> None:
            for number in range(5_000):
                writer.write(a_failure(number))
                if number == 2_500:
                    half.set()

        thread = threading.Thread(target=write)
        thread.start()
        assert half.wait(10)
        server.kill()
        server.start()
        thread.join()

        assert writer.close(timeout=20)
        assert (writer.written, writer.dropped) == (5_000, 0)
        assert_each_is_there_once(server, 5_000)


def assert_each_is_there_once(server: Mongod, count: int) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(server.url)
    with client:
        numbers = [row["business_id"] for row in client["journal"][SYNC_FAILURES].find()]
    assert sorted(numbers) == sorted(f"HD{number}" for number in range(count))


def test_one_line_tells_how_many_were_dropped_once_mongo_is_back(
    mongod: Mongod, mongo_database: JournalDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    back = threading.Event()

    def connect_when_back() -> JournalDatabase:
        if not back.is_set():
            raise ServerSelectionTimeoutError("nobody there")
        return connect(mongod.url, mongo_database.name)

    writer = JournalWriter(connect_when_back, limit=4, batch=2, interval=0.01, longest_pause=0.05)
    for number in range(10):
        writer.write(a_failure(number))
    back.set()
    assert writer.close(timeout=10)

    assert (writer.written, writer.dropped) == (4, 6)
    assert mongo_database[SYNC_FAILURES].distinct("business_id") == ["HD6", "HD7", "HD8", "HD9"]
    assert [record.getMessage() for record in caplog.records if "dropped" in record.getMessage()] == [
        "Journal: dropped the 6 oldest entries, since too many waited for MongoDB"
    ]


def test_a_forked_child_stores_its_own_entries_and_none_of_its_parents(
    mongod: Mongod, mongo_database: JournalDatabase
) -> None:
    command = [sys.executable, "-c", A_PARENT_THAT_FORKS, mongod.url, mongo_database.name]
    subprocess.run(command, check=True, timeout=30)

    stored = sorted(row["business_id"] for row in mongo_database[SYNC_FAILURES].find())
    assert stored == ["stored before the fork", "the child's", "waiting at the fork"]
