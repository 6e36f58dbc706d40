"""The producer: short queues, fair shares, nothing lost where Redis goes away."""

import logging
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define

from pharmasync.documents import DOCUMENT_TYPES, GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.errors import ServerAwayError, StatementError
from pharmasync.queues import RowBroker, RowMessage
from pharmasync.row import ClaimedAs
from pharmasync.schedulers.opening import BrokerQueues
from pharmasync.schedulers.producer import FULL_SECONDS, Producer
from pharmasync.schedulers.roster import ROWS_A_TURN
from pharmasync.sqlserver import claim
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.pharmacy import Pharmacy
from tests.schedulers.recorded_queues import RecordedQueues, producer
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration


class Stop(threading.Event):
    """Is set by the first wait for it; keeps how long that was to be."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.set()
        return True


def test_receipts_go_before_invoices_and_invoices_before_issue_slips(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for kind in (GOODS_ISSUE_SLIP, SALES_INVOICE, PURCHASE_RECEIPT):
        pharmacy.add(kind, "A1")
    queues = RecordedQueues()
    scan = producer(sql, queues).scan()
    assert [message.queue for message in queues.messages] == ["import_queue", "sale_queue", "cancellation_queue"]
    assert scan.enqueued == {"purchase_receipt": 1, "sales_invoice": 1, "goods_issue_slip": 1}
    assert not scan.more


def test_a_message_names_the_row_as_the_contract_says(sql: SqlServer, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", sync_attempts=2)
    queues = RecordedQueues()
    producer(sql, queues).scan()
    assert queues.messages == [RowMessage("sale_queue", "process_sale", "HD1", "S1", ClaimedAs(row_id, 2))]


def test_an_idle_scan_is_one_round_trip(empty_database: Address, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_SUCCESS")
    counted = WatchedSqlServer(empty_database)
    producer(counted, RecordedQueues()).scan()
    assert counted.trips == 1


def test_a_few_rows_are_one_round_trip_more_for_their_type(empty_database: Address, pharmacy: Pharmacy) -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for shop in ("S1", "S2", "S3"):
        pharmacy.add(SALES_INVOICE, "HD1", shop)
        pharmacy.add(SALES_INVOICE, "HD2", shop, sync_due_at=past)
    counted = WatchedSqlServer(empty_database)
    assert producer(counted, RecordedQueues()).scan().enqueued["sales_invoice"] == 6
    assert counted.trips == 2


def test_a_backlog_is_one_round_trip_more_for_all_types_and_one_for_so_many_shops(
    empty_database: Address, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "SHARES_A_TRIP", 20)
    shops = [f"S{number:03}" for number in range(20 + 1)]
    for kind in (SALES_INVOICE, PURCHASE_RECEIPT):
        for shop in shops:
            for number in range(ROWS_A_TURN + 1):
                pharmacy.add(kind, f"A{number}", shop, lines=0)
    counted, queues = WatchedSqlServer(empty_database), RecordedQueues()
    producer(counted, queues, high_water=ROWS_A_TURN * len(shops)).scan()
    assert Counter(message.shop_id for message in queues.messages) == dict.fromkeys(shops, 2 * ROWS_A_TURN)
    sample, tour, claims_of_a_type = 1, 1, 2
    assert counted.trips == sample + tour + 2 * claims_of_a_type


def test_a_queue_is_never_filled_beyond_its_mark(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(12):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=5)
    assert scanning.scan().enqueued["sales_invoice"] == 5
    assert scanning.scan().enqueued["sales_invoice"] == 0
    del queues.messages[:3]
    assert scanning.scan().enqueued["sales_invoice"] == 3


def test_a_queue_is_not_filled_up_before_it_is_half_empty(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(12):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=6)
    scanning.scan()
    enqueued = []
    for _ in range(3):
        del queues.messages[0]
        enqueued.append(scanning.scan().enqueued["sales_invoice"])
    assert enqueued == [0, 0, 3]


def test_queues_that_are_full_cost_sql_server_nothing_and_are_looked_at_again(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    messages = [RowMessage(kind.queue, kind.actor, "A1", "S1", ClaimedAs(1, 0)) for kind in DOCUMENT_TYPES] * 5
    counted = WatchedSqlServer(empty_database)
    scan = producer(counted, RecordedQueues(messages=messages), high_water=5).scan()
    assert scan.more
    assert counted.trips == 0


def test_rows_that_could_not_be_enqueued_are_handed_back(sql: SqlServer, pharmacy: Pharmacy) -> None:
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0) for number in range(5)]
    queues = RecordedQueues(room=2)
    with pytest.raises(ServerAwayError, match="the broker is away"):
        producer(sql, queues).scan()
    states = Counter(pharmacy.status(SALES_INVOICE, row_id) for row_id in ids)
    assert states == {"SYNC_QUEUED": 2, "PENDING_SYNC": 3}


def test_a_backlog_is_worked_off_without_waiting_for_the_next_tick(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(25):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    stop = Stop()

    @define
    class Drained(RecordedQueues):
        """Workers that take everything at once."""

        def waiting(self, queue: str) -> int:  # noqa: ARG002 - every queue is empty
            return 0

    queues = Drained()
    producer(sql, queues, high_water=4).run(stop)
    assert len(queues.messages) == 25
    assert stop.waits == []


def test_queues_that_are_full_are_looked_at_again_after_a_moment_and_not_at_once(
    sql: SqlServer, pharmacy: Pharmacy
) -> None:
    for number in range(12):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    stop, queues = Stop(), RecordedQueues()
    scanning = producer(sql, queues, high_water=5)
    scanning.scan()
    scanning.run(stop)
    assert stop.waits == [FULL_SECONDS]
    assert len(queues.messages) == 5


def test_a_producer_that_is_told_to_stop_leaves_a_backlog_where_it_is(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(9):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    stop, queues = Stop(), RecordedQueues()
    stop.set()
    producer(sql, queues, high_water=4).run(stop)
    assert len(queues.messages) == 4


def test_a_server_that_goes_away_ends_the_scan_and_not_the_process(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    producer(sql, RecordedQueues(room=0)).run(threading.Event())


@pytest.mark.parametrize("error", [ServerAwayError("SQL Server", "gone"), StatementError("no such column")])
def test_whatever_sql_server_does_is_one_line_in_the_log_and_no_end_of_the_process(
    sql: SqlServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(sql, "run", failing)
    with caplog.at_level(logging.WARNING):
        producer(sql, RecordedQueues()).run(threading.Event())
    assert caplog.messages == [f"{error}; scanning again at every tick"]


def test_the_messages_are_in_redis(sql: SqlServer, pharmacy: Pharmacy, redis_broker: RowBroker) -> None:
    for number in range(7):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    Producer(sql=sql, queues=BrokerQueues(redis_broker), high_water=5, lease=60).scan()
    assert redis_broker.waiting("sale_queue") == 5


def users_own_table(address: Address) -> SqlServer:
    """A table in which every column may be NULL."""
    sql = SqlServer(address)
    sql.run(
        "CREATE TABLE GoodsIssueSlips (id INT IDENTITY(1,1) PRIMARY KEY, local_slip_id NVARCHAR(50) NULL,"
        " national_slip_id NVARCHAR(100) NULL, pharmacy_code NVARCHAR(50) NULL, shop_pharmacy_code NVARCHAR(50) NULL,"
        " issue_date DATETIME2 NULL, issue_type INT NULL, recipient_name NVARCHAR(500) NULL, notes NVARCHAR(MAX) NULL,"
        " status NVARCHAR(20) NOT NULL, sync_response_message NVARCHAR(MAX) NULL, created_at DATETIME2 NULL,"
        " updated_at DATETIME2 NULL)"
    )
    create_or_extend(sql)
    return sql


def test_a_row_without_a_code_of_its_own_is_refused_with_words(empty_database: Address) -> None:
    bare = users_own_table(empty_database)
    bare.run("INSERT INTO GoodsIssueSlips (shop_pharmacy_code, status) VALUES (%s, %s)", ("S1", "PENDING_SYNC"))
    queues = RecordedQueues()
    producer(bare, queues).scan()
    row = Pharmacy(bare).row(GOODS_ISSUE_SLIP, 1)
    assert (row["status"], row["sync_due_at"]) == ("SYNC_FAILED", None)
    assert "the document has no code of its own" in str(row["sync_response_message"])
    assert queues.messages == []


@pytest.mark.parametrize("high_water", [2, 100], ids=["toured", "sampled"])
def test_rows_without_a_shop_are_refused_with_words(empty_database: Address, high_water: int) -> None:
    pharmacy = Pharmacy(users_own_table(empty_database))
    ids = [pharmacy.add(GOODS_ISSUE_SLIP, f"PX{number}", None, lines=0) for number in range(3)]
    doubtful = pharmacy.add(GOODS_ISSUE_SLIP, "PX3", None, lines=0, status="SYNC_UNCERTAIN")
    other = pharmacy.add(GOODS_ISSUE_SLIP, "PX4", "S1", lines=0)
    producer(pharmacy.sql, RecordedQueues(), high_water=high_water).scan()
    for row_id in (*ids, doubtful):
        row = pharmacy.row(GOODS_ISSUE_SLIP, row_id)
        assert row["status"] == "SYNC_FAILED"
        assert row["sync_response_message"] == "thiếu mã cửa hàng / the document has no shop's code"
        assert (row["sync_due_at"] is not None) is (row_id == doubtful), "what may be stored is looked for by retry"
    assert pharmacy.status(GOODS_ISSUE_SLIP, other) == "SYNC_QUEUED"
