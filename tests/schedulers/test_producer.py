"""The producer: short queues, fair shares, nothing lost where Redis goes away."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from attrs import define, field

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.errors import ServerAwayError
from pharmasync.queues import RowMessage, connect_broker, waiting
from pharmasync.row import ClaimedAs
from pharmasync.schedulers.__main__ import BrokerQueues
from pharmasync.schedulers.producer import Producer
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration


@define
class RecordedQueues:
    """Stands in for Redis where a test wants to see the order of the messages, or to lose them."""

    room: int = 1000
    messages: list[RowMessage] = field(factory=list)

    def waiting(self, queue: str) -> int:
        return sum(message.queue == queue for message in self.messages)

    def enqueue(self, messages: Sequence[RowMessage]) -> list[int]:
        taken = list(messages)[: max(0, self.room - len(self.messages))]
        self.messages += taken
        return list(range(len(taken), len(messages)))


def producer(sql: SqlServer, queues: RecordedQueues, high_water: int = 100) -> Producer:
    return Producer(sql=sql, queues=queues, high_water=high_water, lease=60)


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


def test_a_shop_with_many_rows_does_not_hold_up_one_with_three(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(40):
        pharmacy.add(SALES_INVOICE, f"B{number}", "big", lines=0, age=timedelta(days=1))
    for number in range(3):
        pharmacy.add(SALES_INVOICE, f"A{number}", "small", lines=0)
    queues = RecordedQueues()
    scan = producer(sql, queues, high_water=10).scan()
    assert Counter(message.shop_id for message in queues.messages) == {"big": 7, "small": 3}
    assert scan.more


def test_what_one_shop_leaves_the_others_take(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "A1", "small", lines=0)
    for number in range(30):
        pharmacy.add(SALES_INVOICE, f"B{number}", "big", lines=0)
    queues = RecordedQueues()
    producer(sql, queues, high_water=20).scan()
    assert len(queues.messages) == 20


def test_with_more_shops_than_room_everybody_gets_a_turn(sql: SqlServer, pharmacy: Pharmacy) -> None:
    shops = [f"S{number}" for number in range(9)]
    for shop in shops:
        for number in range(4):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop, lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=3)
    seen: Counter[str] = Counter()
    for _ in range(3):
        scanning.scan()
        seen += Counter(message.shop_id for message in queues.messages)
        queues.messages.clear()
    assert seen == Counter(shops)


def test_a_queue_is_never_filled_beyond_its_mark(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(12):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=5)
    assert scanning.scan().enqueued["sales_invoice"] == 5
    assert scanning.scan().enqueued["sales_invoice"] == 0
    del queues.messages[:3]
    assert scanning.scan().enqueued["sales_invoice"] == 3


def test_rows_that_could_not_be_enqueued_are_handed_back(sql: SqlServer, pharmacy: Pharmacy) -> None:
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0) for number in range(5)]
    queues = RecordedQueues(room=2)
    with pytest.raises(ServerAwayError, match="Redis is away"):
        producer(sql, queues).scan()
    states = Counter(pharmacy.status(SALES_INVOICE, row_id) for row_id in ids)
    assert states == {"SYNC_QUEUED": 2, "PENDING_SYNC": 3}


def test_a_backlog_is_worked_off_without_waiting_for_the_next_tick(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(25):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    stop = threading.Event()

    @define
    class Drained(RecordedQueues):
        """Workers that take everything at once."""

        def waiting(self, queue: str) -> int:  # noqa: ARG002 - every queue is empty
            return 0

    queues = Drained()
    producer(sql, queues, high_water=4).run(stop)
    assert len(queues.messages) == 25


def test_a_server_that_goes_away_ends_the_scan_and_not_the_process(sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    producer(sql, RecordedQueues(room=0)).run(threading.Event())


def test_the_messages_are_in_redis(sql: SqlServer, pharmacy: Pharmacy, redis_url: str) -> None:
    for number in range(7):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    broker = connect_broker(redis_url)
    Producer(sql=sql, queues=BrokerQueues(broker), high_water=5, lease=60).scan()
    assert waiting(broker, "sale_queue") == 5


def test_a_row_without_a_code_of_its_own_is_refused_with_words(empty_database: Address) -> None:
    """In a table of a user's own, where the column may be NULL."""
    bare = SqlServer(empty_database)
    bare.run(
        "CREATE TABLE GoodsIssueSlips (id INT IDENTITY(1,1) PRIMARY KEY, local_slip_id NVARCHAR(50) NULL,"
        " national_slip_id NVARCHAR(100) NULL, pharmacy_code NVARCHAR(50) NULL, shop_pharmacy_code NVARCHAR(50) NULL,"
        " issue_date DATETIME2 NULL, issue_type INT NULL, recipient_name NVARCHAR(500) NULL, notes NVARCHAR(MAX) NULL,"
        " status NVARCHAR(20) NOT NULL, sync_response_message NVARCHAR(MAX) NULL, created_at DATETIME2 NULL,"
        " updated_at DATETIME2 NULL)"
    )
    create_or_extend(bare)
    bare.run("INSERT INTO GoodsIssueSlips (shop_pharmacy_code, status) VALUES (%s, %s)", ("S1", "PENDING_SYNC"))
    queues = RecordedQueues()
    producer(bare, queues).scan()
    row = Pharmacy(bare).row(GOODS_ISSUE_SLIP, 1)
    assert (row["status"], row["sync_due_at"]) == ("SYNC_FAILED", None)
    assert "the document has no code of its own" in str(row["sync_response_message"])
    assert queues.messages == []
