"""What `pharmasync status` shows, and what raises the alarm."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from pharmasync.circuit import SharedCircuit
from pharmasync.documents import PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sandbox.servers import free_port
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import resume_shop
from tests.pharmacy import Pharmacy
from tests.real_server import only_on_a_real_server

pytestmark = pytest.mark.integration

Run = Callable[..., Any]


def test_status_counts_rows_and_names_paused_shops(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    pharmacy.add(SALES_INVOICE, "HD2", status="SYNC_FAILED")
    run("pause", "S1", "--reason", "kiểm kê")
    report = run("status", "--json").json()
    assert {count["status"]: count["rows"] for count in report["documents"]["sales_invoice"]} == {
        "PENDING_SYNC": 1,
        "SYNC_FAILED": 1,
    }
    assert report["paused_shops"] == {"S1": "kiểm kê"}
    text = run("status").text
    assert "sales_invoice" in text
    assert "paused: S1: kiểm kê" in text


@only_on_a_real_server("DATETIMEOFFSET")
def test_status_and_failures_tell_times_that_have_a_zone(run: Run, sql: SqlServer) -> None:
    sql.run("DROP TABLE SalesInvoiceDetails")
    sql.run("DROP TABLE SalesInvoices")
    sql.run(
        "CREATE TABLE SalesInvoices (id INT PRIMARY KEY, local_invoice_id NVARCHAR(50),"
        " shop_pharmacy_code NVARCHAR(50), status NVARCHAR(20), sync_attempts INT, sync_due_at DATETIME2(3),"
        " sync_response_message NVARCHAR(MAX),"
        " created_at DATETIMEOFFSET NULL, updated_at DATETIMEOFFSET NULL)"
    )
    for number, state in enumerate(("SYNC_FAILED", "PENDING_SYNC")):
        sql.run(
            "INSERT INTO SalesInvoices (id, status, sync_attempts, created_at, updated_at) VALUES (%d, %s, 1,"
            " CAST(%s AS DATETIMEOFFSET), CAST(%s AS DATETIMEOFFSET))",
            (number, state, *["2026-03-01T06:30:00+07:00"] * 2),
        )
    answer = run("status")
    assert answer.status == 1, "they came too long ago"
    assert "STUCK: 1 x sales_invoice" in answer.text
    assert "2026-02-28 23:30" in run("failures").text


def test_status_and_check_tell_whether_calls_pause(run: Run, pharmacy: Pharmacy, redis_url: str) -> None:
    pharmacy.add_shop("S1")
    assert run("status").text.endswith("calls to the national server: go on\n")
    assert "ok       circuit breaker: closed: calls go through\n" in run("check").text
    circuit = SharedCircuit(redis.Redis.from_url(redis_url), failures=1, probe_seconds=5.0, ramp_seconds=60.0)
    opened_at = circuit.fail().opened_at
    assert opened_at is not None
    circuit.may_probe()
    told = run("status", "--json").json()["circuit"]
    assert (told["is_open"], told["failures"], told["opened_at"]) == (True, 1, opened_at.isoformat())
    assert told["probed_at"] is not None
    assert f"calls to the national server: pause since {opened_at:%Y-%m-%d %H:%M:%S} UTC" in run("status").text
    checked = run("check")
    assert checked.status == 1
    assert "TROUBLE  circuit breaker: open: calls pause since" in checked.text
    circuit.close_or_stay_open(up=True)
    closed = "ok       circuit breaker: closed since 0 s: calls go through, fewer than usual for a minute\n"
    assert closed in run("check").text
    circuit.client.close()


def test_status_is_told_while_redis_is_away(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    away = f"redis://127.0.0.1:{free_port()}/0"
    assert run("status", "--json", REDIS_URL=away).json()["circuit"] is None
    assert "unknown, since Redis is away" in run("status", REDIS_URL=away).text


@pytest.mark.parametrize("state", ["PENDING_SYNC", "SYNC_QUEUED", "SYNC_SENDING", "SYNC_UNCERTAIN"])
def test_rows_that_came_too_long_ago_raise_the_alarm(run: Run, pharmacy: Pharmacy, state: str) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", age=timedelta(hours=25), status=state)
    pharmacy.add(SALES_INVOICE, "HD2", age=timedelta(hours=23), status=state)
    answer = run("status")
    assert answer.status == 1
    assert "STUCK: 1 x sales_invoice came more than 24 h 0 min ago" in answer.text
    assert run("status", "--json").json()["stuck"] == {"purchase_receipt": 0, "sales_invoice": 1, "goods_issue_slip": 0}
    assert run("status", PHARMASYNC_STUCK_SECONDS="100000").status == 0


def ago(**length: int) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(**length)


@pytest.mark.parametrize(
    ("state", "since"),
    [
        ("PENDING_SYNC", "updated_at"),
        *((state, "sync_due_at") for state in ("PENDING_SYNC", "SYNC_QUEUED", "SYNC_SENDING", "SYNC_UNCERTAIN")),
    ],
)
def test_rows_that_nobody_takes_up_raise_the_alarm(run: Run, pharmacy: Pharmacy, state: str, since: str) -> None:
    columns: dict[str, Any] = {"status": state, since: ago(minutes=6)}
    pharmacy.add(SALES_INVOICE, "HD1", **columns)
    answer = run("status")
    assert answer.status == 1
    assert "NOT TAKEN UP: 1 x sales_invoice, due for more than 5 min 0 s" in answer.text
    assert "do the producer and a worker run?" in answer.text
    assert run("status", "--json").json()["neglected"]["sales_invoice"] == 1


def test_rows_that_are_not_due_or_not_for_long_raise_none(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", updated_at=ago(minutes=4))
    pharmacy.add(SALES_INVOICE, "HD2", updated_at=ago(minutes=6), status="SYNC_FAILED")
    pharmacy.add(SALES_INVOICE, "HD3", updated_at=ago(minutes=6), sync_due_at=ago(minutes=-1))
    assert run("status").status == 0


def test_a_long_backlog_of_which_some_is_on_its_way_raises_none(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", updated_at=ago(hours=2))
    on_its_way = pharmacy.add(PURCHASE_RECEIPT, "PN1", status="SYNC_QUEUED", sync_due_at=ago(minutes=-1))
    assert run("status").status == 0
    pharmacy.set(PURCHASE_RECEIPT, on_its_way, status="SYNC_SUCCESS")
    assert run("status").status == 1


def test_the_rows_of_a_paused_shop_and_those_that_wait_for_the_national_server_raise_none(
    run: Run, pharmacy: Pharmacy, redis_url: str
) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", "S1", updated_at=ago(hours=2))
    run("pause", "S1", "--reason", "kiểm kê")
    assert run("status").status == 0
    resume_shop(pharmacy.sql, "S1")
    assert run("status").status == 1
    circuit = SharedCircuit(redis.Redis.from_url(redis_url), failures=1, probe_seconds=5.0, ramp_seconds=60.0)
    circuit.fail()
    assert run("status").status == 0
    circuit.close_or_stay_open(up=True)
    assert run("status").status == 0, "they come back slowly"
    circuit.client.close()


@pytest.mark.parametrize("state", ["NEW", ""])
def test_rows_with_a_status_that_nobody_knows_raise_the_alarm(run: Run, pharmacy: Pharmacy, state: str) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status=state)
    answer = run("status")
    assert answer.status == 1
    assert "NEVER SENT: 1 x sales_invoice with a status that pharmasync does not know" in answer.text


def test_status_tells_of_the_failures_of_the_last_day(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", updated_at=ago(hours=25))
    assert "FAILED" not in run("status").text.partition("calls to the national server")[2]
    for number, hours in enumerate((23, 1), start=2):
        pharmacy.add(SALES_INVOICE, f"HD{number}", status="SYNC_FAILED", updated_at=ago(hours=hours))
    answer = run("status")
    assert answer.status == 0, "a refusal is the pharmacist's to mend"
    assert "FAILED in the last 24 h: 2 x sales_invoice; `pharmasync failures` tells why" in answer.text
    told = run("status", "--json").json()["failed_lately"]
    assert told == {"purchase_receipt": 0, "sales_invoice": 2, "goods_issue_slip": 0}


@pytest.mark.parametrize("state", ["SYNC_SUCCESS", "SYNC_FAILED"])
def test_what_is_delivered_or_refused_is_not_stuck(run: Run, pharmacy: Pharmacy, state: str) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", age=timedelta(days=300), status=state)
    assert run("status").status == 0
