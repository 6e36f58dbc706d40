"""What a user has put on a table that keeps its rows from changing their states."""

from collections.abc import Sequence
from typing import Any

import pytest

from pharmasync.decisions.status import Status
from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Row, SqlServer
from pharmasync.sqlserver.obstacles import in_the_way
from pharmasync.sqlserver.schema import missing, tables
from tests.real_server import only_on_a_real_server


class Catalog(SqlServer):
    """Plays the catalog of a SQL Server: the rows of its views, or its refusal to show them."""

    def __init__(self, views: dict[str, list[Row]]) -> None:
        self.views = views

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        del parameters
        for view, rows in self.views.items():
            if view in statement:
                return rows
        raise StatementError("Invalid object name", 208)


def constraint(definition: str) -> Catalog:
    return Catalog({"sys.check_constraints": [{"name": "CK_1", "definition": definition}]})


def states(*left_out: Status) -> str:
    return " OR ".join(f"[status]='{state}'" for state in Status if state not in left_out)


def test_a_catalog_that_is_not_shown_tells_of_nothing() -> None:
    assert in_the_way(Catalog({}), "SalesInvoices") == []


def test_a_trigger_is_named() -> None:
    (words,) = in_the_way(Catalog({"sys.triggers": [{"name": "TR_1"}]}), "SalesInvoices")
    assert words == "trigger TR_1 fires on UPDATE: SQL Server then refuses UPDATE with OUTPUT (error 334)"


def test_a_constraint_is_named_with_the_states_that_it_does_not_let_be() -> None:
    (words,) = in_the_way(constraint(f"({states(Status.QUEUED, Status.UNCERTAIN)})"), "SalesInvoices")
    assert words == "constraint CK_1 does not let status be SYNC_QUEUED, SYNC_UNCERTAIN"


@pytest.mark.parametrize("definition", [f"({states()})", "([receipt_type]>(0))", "([payment_status]='PAID')"])
def test_a_constraint_that_lets_all_states_be_is_none_of_our_business(definition: str) -> None:
    assert in_the_way(constraint(definition), "SalesInvoices") == []


@pytest.mark.integration
@only_on_a_real_server("triggers")
def test_only_a_trigger_on_update_that_is_enabled_is_told(sql: SqlServer) -> None:
    (invoices,) = (table for table in tables() if table.name == "SalesInvoices")
    sql.run("CREATE TRIGGER TR_insert ON SalesInvoices AFTER INSERT AS SELECT 1")
    assert missing(sql, invoices) == []
    sql.run("CREATE TRIGGER TR_update ON SalesInvoices AFTER UPDATE AS SELECT 1")
    (words,) = missing(sql, invoices)
    assert words.lower().startswith("trigger tr_update ")
    sql.run("DISABLE TRIGGER TR_update ON SalesInvoices")
    assert missing(sql, invoices) == []
