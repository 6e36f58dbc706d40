"""What was refused or given up, and sending it again: `failures` and `retry`."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmasync.documents import PURCHASE_RECEIPT, SALES_INVOICE
from pharmasync.sqlserver.connection import SqlServer
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

Run = Callable[..., Any]


def test_failures_tell_why_and_can_be_sent_again(run: Run, pharmacy: Pharmacy) -> None:
    row_id = pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_response_message="thiếu số lô")
    pharmacy.add(PURCHASE_RECEIPT, "PN1", "S2", status="SYNC_FAILED", sync_response_message="khác")
    (failure,) = run("failures", "--shop", "S1", "--json").json()
    assert (failure["local_id"], failure["message"]) == ("HD1", "thiếu số lô")
    assert "thiếu số lô" in run("failures").text
    assert [row["local_id"] for row in run("failures", "--type", "purchase_receipt", "--json").json()] == ["PN1"]
    assert run("retry", "--shop", "S1", "--json").json()["sales_invoice"] == 1
    assert pharmacy.status(SALES_INVOICE, row_id) == "PENDING_SYNC"
    assert run("retry", "--all").text.splitlines()[0] == "purchase_receipt: 1 will be sent again"
    assert run("failures").text == "no failed documents\n"


def test_failures_say_how_many_they_do_not_show(run: Run, pharmacy: Pharmacy) -> None:
    for number in range(3):
        pharmacy.add(SALES_INVOICE, f"HD{number}", status="SYNC_FAILED")
    told = "sales_invoice: only the newest 2 of 3 are shown; --limit shows more\n"
    assert told in run("failures", "--limit", "2").text
    assert told in run("failures", "--limit", "2", "--shop", "S1").text
    assert "are shown" not in run("failures", "--limit", "3").text


def test_a_code_that_no_failed_document_has_is_trouble(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    answer = run("retry", "--id", "HD1")
    assert answer.status == 1
    assert answer.text.splitlines()[-1] == "Error: no failed document has the code HD1"
    assert run("retry", "--id", "HD1", "--json").status == 1


def test_a_shop_that_has_no_failed_document_is_fine(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    answer = run("retry", "--shop", "S1")
    assert answer.status == 0
    assert "sales_invoice: 0 will be sent again" in answer.text


def test_times_in_json_are_iso_8601_in_utc(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED")
    sql.run("UPDATE SalesInvoices SET created_at = %s, updated_at = %s", ("2026-03-01 12:00:00", "2026-03-01 12:30:00"))
    (count,) = run("status", "--json").json()["documents"]["sales_invoice"]
    assert count["oldest"] == "2026-03-01T12:00:00+00:00"
    (failure,) = run("failures", "--json").json()
    assert failure["failed_at"] == "2026-03-01T12:30:00+00:00"


def test_lines_are_not_broken_where_no_terminal_reads_them(run: Run, pharmacy: Pharmacy) -> None:
    why = " ".join(f"dòng {number}: thiếu số lô" for number in range(100))
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_response_message=why)
    assert any(why in line for line in run("failures").text.splitlines())


def test_what_the_national_server_said_is_shown_as_it_said_it(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", status="SYNC_FAILED", sync_response_message="[bold]:warning: [/x] không hợp lệ")
    assert "[bold]:warning: [/x] không hợp lệ" in run("failures").text


def test_retry_of_everything_must_be_meant(run: Run) -> None:
    answer = run("retry")
    assert answer.status == 2
    assert "--all" in answer.text
