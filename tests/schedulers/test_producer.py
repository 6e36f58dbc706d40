"""The producer: short queues, fair shares, nothing lost where Redis goes away."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from attrs import define, field

from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.errors import ServerAwayError
from pharmasync.queues import RowBroker, RowMessage
from pharmasync.row import ClaimedAs
from pharmasync.schedulers.__main__ import BrokerQueues
from pharmasync.schedulers.producer import Producer
from pharmasync.schedulers.roster import ROWS_A_TURN
from pharmasync.sqlserver import claim
from pharmasync.sqlserver.connection import Address, SqlServer, Trip
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.sqlserver.shops import pause_shop
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


class CountedTrips(SqlServer):
    """Counts its round trips."""

    trips = 0

    def attempt(self, statement: str, parameters: Sequence[Any] = ()) -> Trip:
        self.trips += 1
        return super().attempt(statement, parameters)


def producer(sql: SqlServer, queues: RecordedQueues, high_water: int = 100, seed: int = 1) -> Producer:
    dice = Random(seed)  # noqa: S311 - the same chances in every run
    return Producer(sql=sql, queues=queues, high_water=high_water, lease=60, dice=dice)


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
        for number in range(2 * ROWS_A_TURN):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop, lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=3 * ROWS_A_TURN)
    seen: Counter[str] = Counter()
    for _ in range(3):
        scanning.scan()
        seen += Counter(message.shop_id for message in queues.messages)
        queues.messages.clear()
    assert seen == dict.fromkeys(shops, ROWS_A_TURN)


def test_a_shop_with_new_and_returning_rows_sends_of_both(sql: SqlServer, pharmacy: Pharmacy) -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for number in range(20):
        pharmacy.add(SALES_INVOICE, f"new{number}", lines=0, age=timedelta(days=1))
        pharmacy.add(SALES_INVOICE, f"back{number}", lines=0, sync_due_at=past)
    queues = RecordedQueues()
    producer(sql, queues, high_water=10).scan()
    assert Counter(message.local_id.rstrip("0123456789") for message in queues.messages) == {"new": 5, "back": 5}


def test_where_shops_have_fewer_rows_than_a_turn_the_room_is_filled_all_the_same(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    for shop in range(12):
        pharmacy.add(SALES_INVOICE, "HD1", f"S{shop:02}", lines=0)
    counted, queues = CountedTrips(empty_database), RecordedQueues()
    producer(counted, queues, high_water=10).scan()
    assert len({message.shop_id for message in queues.messages}) == 10
    sample, tour, of_five_shops, of_five_others = 1, 1, 1, 1
    assert counted.trips == sample + tour + of_five_shops + of_five_others


def test_with_one_row_a_scan_neither_new_nor_returning_rows_wait_for_ever(sql: SqlServer, pharmacy: Pharmacy) -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for number in range(40):
        pharmacy.add(SALES_INVOICE, f"new{number}", lines=0)
        pharmacy.add(SALES_INVOICE, f"back{number}", lines=0, sync_due_at=past)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=1)
    seen: Counter[str] = Counter()
    for _ in range(12):
        scanning.scan()
        seen += Counter(message.local_id.rstrip("0123456789") for message in queues.messages)
        queues.messages.clear()
    assert seen.total() == 12
    assert min(seen["new"], seen["back"]) >= 3


def test_producers_that_scan_once_do_not_all_begin_with_the_same_shop(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for shop in range(4):
        for number in range(20):
            pharmacy.add(SALES_INVOICE, f"HD{number}", f"S{shop}", lines=0)
    seen = set()
    for seed in range(10):
        queues = RecordedQueues()
        producer(sql, queues, high_water=1, seed=seed).scan()
        seen |= {message.shop_id for message in queues.messages}
    assert seen == {"S0", "S1", "S2", "S3"}


def test_shops_whose_codes_differ_in_case_and_trailing_blanks_have_one_share(
    sql: SqlServer, pharmacy: Pharmacy
) -> None:
    for number in range(10):
        pharmacy.add(SALES_INVOICE, f"A{number}", ("nt1", "NT1", "nt1 ")[number % 3], lines=0)
        pharmacy.add(SALES_INVOICE, f"B{number}", "NT2", lines=0)
    queues = RecordedQueues()
    producer(sql, queues, high_water=8).scan()
    assert Counter(message.local_id[0] for message in queues.messages) == {"A": 4, "B": 4}


def test_an_idle_scan_is_one_round_trip(empty_database: Address, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_SUCCESS")
    counted = CountedTrips(empty_database)
    producer(counted, RecordedQueues()).scan()
    assert counted.trips == 1


def test_a_few_rows_are_one_round_trip_more_for_their_type(empty_database: Address, pharmacy: Pharmacy) -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for shop in ("S1", "S2", "S3"):
        pharmacy.add(SALES_INVOICE, "HD1", shop)
        pharmacy.add(SALES_INVOICE, "HD2", shop, sync_due_at=past)
    counted = CountedTrips(empty_database)
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
    counted, queues = CountedTrips(empty_database), RecordedQueues()
    producer(counted, queues, high_water=ROWS_A_TURN * len(shops)).scan()
    assert Counter(message.shop_id for message in queues.messages) == dict.fromkeys(shops, 2 * ROWS_A_TURN)
    sample, tour, claims_of_a_type = 1, 1, 2
    assert counted.trips == sample + tour + 2 * claims_of_a_type


def test_with_more_shops_than_room_one_look_serves_all_their_batches(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    for shop in range(3):
        for number in range(2 * ROWS_A_TURN):
            pharmacy.add(SALES_INVOICE, f"HD{number}", f"S{shop}", lines=0)
    counted, queues = CountedTrips(empty_database), RecordedQueues()
    scanning = producer(counted, queues, high_water=ROWS_A_TURN)
    trips = []
    for _ in range(6):
        assert scanning.scan().more
        trips.append(counted.trips)
        queues.messages.clear()
        counted.trips = 0
    sample, tour, claim_of_a_type = 1, 1, 1
    with_tour, without = sample + tour + claim_of_a_type, sample + claim_of_a_type  # the other types have no roster
    assert trips == 2 * [with_tour, without, without]


def test_a_shop_that_was_paused_since_the_look_sends_nothing(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for shop in ("A", "B"):
        for number in range(2):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop, lines=0)
    queues = RecordedQueues()
    scanning = producer(sql, queues, high_water=1)
    scanning.scan()
    (first,) = queues.messages
    queues.messages.clear()
    pause_shop(sql, {"A": "B", "B": "A"}[first.shop_id], "wrong password")
    assert scanning.scan().more
    assert [message.shop_id for message in queues.messages] == [first.shop_id]


def test_a_paused_shops_mass_holds_up_nobody(sql: SqlServer, pharmacy: Pharmacy) -> None:
    for number in range(30):
        pharmacy.add(SALES_INVOICE, f"HD{number}", "A", lines=0)
    pharmacy.add(SALES_INVOICE, "HD1", "B", lines=0)
    pause_shop(sql, "A", "wrong password")
    queues = RecordedQueues()
    scan = producer(sql, queues, high_water=10).scan()
    assert [message.shop_id for message in queues.messages] == ["B"]
    assert not scan.more


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
    with pytest.raises(ServerAwayError, match="the broker is away"):
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


def test_the_messages_are_in_redis(sql: SqlServer, pharmacy: Pharmacy, redis_broker: RowBroker) -> None:
    for number in range(7):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    Producer(sql=sql, queues=BrokerQueues(redis_broker), high_water=5, lease=60).scan()
    assert redis_broker.waiting("sale_queue") == 5


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
