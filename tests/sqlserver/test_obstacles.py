"""What keeps a user's table from holding what is written to it."""

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


def column(name: str, kind: str, size: int, *, nullable: bool = True, computed: bool = False) -> Catalog:
    row: Row = {"name": name, "kind": kind, "max_length": size, "is_nullable": nullable, "is_computed": computed}
    return Catalog({"sys.columns": [row]})


@pytest.mark.parametrize(
    ("catalog", "words"),
    [
        (column("Status", "nvarchar", 24), "column status holds 12 characters, 14 are written to it"),
        (column("status", "char", 10), "column status holds 10 characters, 14 are written to it"),
        (column("status", "varchar", 20, computed=True), "column status is computed and cannot be written to"),
        (column("updated_at", "datetime2", 8, computed=True), "column updated_at is computed and cannot be written to"),
        (
            column("sync_response_message", "nvarchar", 510),
            "column sync_response_message holds 255 characters, 500 are written to it",
        ),
        (
            column("sync_response_message", "nvarchar", -1, nullable=False),
            "column sync_response_message does not let NULL be, which is written to it",
        ),
        (
            column("sync_response_message", "varchar", -1),
            "column sync_response_message is a VARCHAR, which has no Vietnamese letters",
        ),
        (
            column("sync_due_at", "datetime2", 8, nullable=False),
            "column sync_due_at does not let NULL be, which is written to it",
        ),
    ],
)
def test_a_column_that_does_not_take_what_is_written_to_it_is_named(catalog: Catalog, words: str) -> None:
    assert in_the_way(catalog, "SalesInvoices") == [words]


@pytest.mark.parametrize(
    "catalog",
    [
        column("status", "char", 20, nullable=False),
        column("sync_response_message", "nvarchar", -1),
        column("sync_response_message", "nvarchar", 8000),
        column("customer_name", "varchar", 10, nullable=False, computed=True),
    ],
)
def test_other_columns_are_none_of_our_business(catalog: Catalog) -> None:
    assert in_the_way(catalog, "SalesInvoices") == []


@pytest.mark.integration
@only_on_a_real_server("catalog of columns but their names")
def test_a_column_that_is_too_narrow_is_told_and_ours_are_not(sql: SqlServer) -> None:
    assert [words for table in tables() for words in missing(sql, table)] == []
    sql.run("ALTER TABLE SalesInvoices DROP COLUMN sync_response_message")
    sql.run("ALTER TABLE SalesInvoices ADD sync_response_message NVARCHAR(100) NULL")
    (invoices,) = (table for table in tables() if table.name == "SalesInvoices")
    assert missing(sql, invoices) == ["column sync_response_message holds 100 characters, 500 are written to it"]


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
