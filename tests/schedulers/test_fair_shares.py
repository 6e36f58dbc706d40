"""The producer between shops: no shop waits for another's mass, and every one has its turn."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.schedulers.roster import ROWS_A_TURN
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy
from tests.schedulers.recorded_queues import RecordedQueues, producer
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration


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
    counted, queues = WatchedSqlServer(empty_database), RecordedQueues()
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


def test_with_more_shops_than_room_one_look_serves_all_their_batches(
    empty_database: Address, pharmacy: Pharmacy
) -> None:
    for shop in range(3):
        for number in range(2 * ROWS_A_TURN):
            pharmacy.add(SALES_INVOICE, f"HD{number}", f"S{shop}", lines=0)
    counted, queues = WatchedSqlServer(empty_database), RecordedQueues()
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
