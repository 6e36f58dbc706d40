"""The producer while the circuit is open, and after it closed."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from attrs import define, field

from pharmasync.documents import PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.queues import RowMessage
from pharmasync.schedulers.producer import Producer
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.shops import pause_shop
from tests.pharmacy import Pharmacy
from tests.watched_sql_server import WatchedSqlServer

pytestmark = pytest.mark.integration


@define
class ScriptedIntake:
    """The circuit as a test wants it; keeps which rows were named."""

    is_open: bool = True
    turn: bool = True
    rooms: list[float] = field(factory=list)
    announced: list[tuple[str, int]] = field(factory=list)

    def may_probe(self) -> bool:
        return self.turn

    def announce(self, kind: DocumentType, row_id: int) -> None:
        self.announced.append((kind.name, row_id))

    def room(self) -> float:
        return self.rooms.pop(0) if self.rooms else math.inf


@define
class Queues:
    """Workers that take everything at once, unless none of them runs."""

    nobody_works: bool = False
    messages: list[RowMessage] = field(factory=list)

    def waiting(self, queue: str) -> int:
        return sum(message.queue == queue for message in self.messages) if self.nobody_works else 0

    def enqueue(self, messages: Sequence[RowMessage]) -> list[int]:
        self.messages += messages
        return []


@pytest.fixture
def intake() -> ScriptedIntake:
    return ScriptedIntake()


@pytest.fixture
def queues() -> Queues:
    return Queues()


def producer(sql: SqlServer, queues: Queues, intake: ScriptedIntake) -> Producer:
    dice = Random(1)  # noqa: S311 - the same chances in every run
    return Producer(sql=sql, queues=queues, high_water=100, lease=60, intake=intake, dice=dice)


def test_while_another_has_the_turn_sql_server_hears_nothing(
    empty_database: Address, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    intake.turn = False
    counted = WatchedSqlServer(empty_database)
    scanning = producer(counted, queues, intake)
    for _ in range(10):
        scan = scanning.scan()
        assert not scan.more
        assert not any(scan.enqueued.values())
    assert counted.trips == 0
    assert queues.messages == []


def test_a_probe_is_one_row_that_is_named_before_it_is_enqueued(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    for shop in ("S1", "S2"):
        for number in range(5):
            pharmacy.add(SALES_INVOICE, f"HD{number}", shop)
            pharmacy.add(PURCHASE_RECEIPT, f"PN{number}", shop)
    scan = producer(sql, queues, intake).scan()
    assert sum(scan.enqueued.values()) == 1
    assert not scan.more
    (message,) = queues.messages
    ((kind, row_id),) = intake.announced
    assert (message.actor, message.claimed.row_id) == (
        "process_sale" if kind == "sales_invoice" else "process_import",
        row_id,
    )


def test_a_probe_takes_no_other_row_out_of_its_place(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    ids = [pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0) for number in range(5)]
    producer(sql, queues, intake).scan()
    assert Counter(pharmacy.status(SALES_INVOICE, row_id) for row_id in ids) == {"SYNC_QUEUED": 1, "PENDING_SYNC": 4}


def test_where_nothing_is_due_there_is_no_probe_and_the_first_new_row_is_one(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=1)
    pharmacy.add(SALES_INVOICE, "HD1", sync_due_at=later)
    scanning = producer(sql, queues, intake)
    scanning.scan()
    assert intake.announced == []
    row_id = pharmacy.add(SALES_INVOICE, "HD2")
    scanning.scan()
    assert intake.announced == [("sales_invoice", row_id)]


def test_the_next_probe_is_another_row_and_every_type_shop_and_lane_has_its_turn(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    for shop in ("S1", "S2", "S3"):
        for kind in (SALES_INVOICE, PURCHASE_RECEIPT):
            for number in range(8):
                pharmacy.add(kind, f"new{number}", shop, lines=0)
                pharmacy.add(kind, f"back{number}", shop, lines=0, sync_due_at=past)
    scanning = producer(sql, queues, intake)
    for _ in range(40):
        scanning.scan()
    assert len(set(intake.announced)) == 40
    seen = Counter(
        (message.queue, message.shop_id, message.local_id.rstrip("0123456789")) for message in queues.messages
    )
    assert len(seen) == 2 * 3 * 2
    assert max(seen.values()) <= 8


def test_a_paused_shops_mass_is_no_probe(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    for number in range(30):
        pharmacy.add(SALES_INVOICE, f"HD{number}", "A", lines=0)
    row_id = pharmacy.add(SALES_INVOICE, "HD1", "B", lines=0)
    pause_shop(sql, "A", "wrong password")
    producer(sql, queues, intake).scan()
    assert intake.announced == [("sales_invoice", row_id)]


def test_probes_do_not_pile_up_where_no_worker_runs(sql: SqlServer, pharmacy: Pharmacy, intake: ScriptedIntake) -> None:
    for number in range(10):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    queues = Queues(nobody_works=True)
    scanning = producer(sql, queues, intake)
    for _ in range(5):
        scanning.scan()
    assert len(queues.messages) == 1


def test_after_it_closed_all_types_share_the_room_of_the_ramp(
    sql: SqlServer, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    for number in range(10):
        pharmacy.add(SALES_INVOICE, f"HD{number}", lines=0)
    for number in range(3):
        pharmacy.add(PURCHASE_RECEIPT, f"PN{number}", lines=0)
    intake.is_open, intake.rooms = False, [0, 4, 8]
    scanning = producer(sql, queues, intake)
    scans = [scanning.scan() for _ in range(4)]
    assert [sum(scan.enqueued.values()) for scan in scans] == [0, 4, 8, 1]
    assert scans[1].enqueued == {"purchase_receipt": 3, "sales_invoice": 1, "goods_issue_slip": 0}
    assert not scans[0].more
    assert intake.announced == []


def test_a_ramp_without_room_costs_sql_server_nothing(
    empty_database: Address, pharmacy: Pharmacy, queues: Queues, intake: ScriptedIntake
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    intake.is_open, intake.rooms = False, [0]
    counted = WatchedSqlServer(empty_database)
    producer(counted, queues, intake).scan()
    assert counted.trips == 0
