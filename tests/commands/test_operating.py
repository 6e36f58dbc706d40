"""What an operator types in a day, whichever command it is."""

from collections.abc import Callable
from typing import Any

import pytest

from pharmasync.documents import SALES_INVOICE
from pharmasync.sandbox.servers import free_port
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

Run = Callable[..., Any]


def test_init_db_creates_the_tables_and_says_so_once(run: Run) -> None:
    first, second = run("init-db"), run("init-db")
    assert (first.status, second.status) == (0, 0)
    assert "created table SalesInvoices" in first.text
    assert second.text == "nothing to do\n"


@pytest.mark.parametrize("command", [("status",), ("failures",), ("retry", "--all"), ("shops", "list")])
def test_where_the_tables_are_missing_the_command_that_tells_more_is_named(run: Run, command: tuple[str, ...]) -> None:
    answer = run(*command)
    assert answer.status == 1
    assert answer.text.startswith("Error: SQL Server refused a statement: ")
    assert answer.text.endswith("; `pharmasync check` tells more\n")
    assert len(answer.text.splitlines()) == 1


def test_scan_once_enqueues_what_is_due(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1")
    assert run("scan", "--once", "--json").json()["enqueued"] == {
        "purchase_receipt": 0,
        "sales_invoice": 1,
        "goods_issue_slip": 0,
    }
    assert run("scan", "--once").text.splitlines()[1] == "sales_invoice: 0 enqueued"


def test_scan_without_once_is_wrong_usage(run: Run) -> None:
    assert run("scan").status == 2


@pytest.mark.parametrize("command", [("init-db",), ("status",), ("failures",), ("retry", "--all"), ("resume", "S1")])
def test_a_sql_server_that_is_away_is_one_line(run: Run, command: tuple[str, ...]) -> None:
    answer = run(*command, MSSQL_PORT=str(free_port()))
    assert answer.status == 1
    assert answer.text.startswith("Error: SQL Server is away")
    assert len(answer.text.splitlines()) == 1


def test_a_wrong_setting_is_one_line_and_status_2(run: Run) -> None:
    answer = run("status", MSSQL_PORT="many")
    assert answer.status == 2
    assert answer.text == "pharmasync: MSSQL_PORT is wrong: 'many'; it expects a port from 1 to 65535\n"
