"""`init-db`: from nothing, on an existing database, and twice."""

import pytest

from pharmasync.decisions.sharing import Lane
from pharmasync.documents import DOCUMENT_TYPES, SALES_INVOICE, DocumentType
from pharmasync.sqlserver.claim import Share, claim
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import BABELFISH_KEEPS, columns_of, create_or_extend, missing, tables
from tests.pharmacy import Pharmacy
from tests.real_server import only_on_a_real_server

pytestmark = pytest.mark.integration

OLD_INVOICES = """
CREATE TABLE SalesInvoices (
    id INT IDENTITY(1,1) PRIMARY KEY, local_invoice_id NVARCHAR(50) NOT NULL, national_invoice_id NVARCHAR(100) NULL,
    pharmacy_code NVARCHAR(50) NOT NULL, shop_pharmacy_code NVARCHAR(50) NOT NULL,
    national_prescription_id NVARCHAR(50) NULL, sale_date DATETIME2 NOT NULL, seller_name NVARCHAR(50) NULL,
    customer_name NVARCHAR(50) NULL, status NVARCHAR(20) NOT NULL, sync_response_message NVARCHAR(MAX) NULL,
    created_at DATETIME2 NOT NULL, updated_at DATETIME2 NOT NULL)
"""

OLD_INSERT = """
INSERT INTO SalesInvoices (local_invoice_id, pharmacy_code, shop_pharmacy_code, sale_date, status, created_at,
    updated_at)
VALUES (%s, %s, %s, SYSUTCDATETIME(), %s, SYSUTCDATETIME(), SYSUTCDATETIME())
"""


@pytest.fixture
def bare(empty_database: Address) -> SqlServer:
    return SqlServer(empty_database)


def test_an_empty_database_gets_everything(bare: SqlServer) -> None:
    assert create_or_extend(bare)
    assert [missing(bare, table) for table in tables()] == [[]] * 7
    assert {"sync_attempts", "sync_due_at", "status", "sale_date"} <= columns_of(bare, "SalesInvoices")
    assert {"account", "password", "sync_paused_reason"} <= columns_of(bare, "AccountShop")


def test_a_second_run_does_nothing(bare: SqlServer) -> None:
    create_or_extend(bare)
    done: list[str] = []
    create_or_extend(bare, done.append)
    assert done == []


def test_an_existing_table_is_extended_and_its_rows_can_be_claimed(bare: SqlServer) -> None:
    bare.run(OLD_INVOICES)
    bare.run(OLD_INSERT, ("HD1", "GPP1", "S1", "PENDING_SYNC"))
    done: list[str] = []
    create_or_extend(bare, done.append)
    assert "added column SalesInvoices.sync_attempts" in done
    assert "added column SalesInvoices.sync_due_at" in done
    assert "created table SalesInvoices" not in done
    (rows,) = claim(bare, SALES_INVOICE, [Share("S1", Lane.NEW, 5)], lease=60)
    assert [row.local_id for row in rows] == ["HD1"]


def test_an_index_that_cannot_be_made_keeps_no_column_and_no_other_index_away(bare: SqlServer) -> None:
    """SQL Server has no index on an NVARCHAR(MAX); here it is a column that has another name."""
    bare.run(OLD_INVOICES.replace("pharmacy_code NVARCHAR(50) NOT NULL, shop", "facility NVARCHAR(50) NULL, shop", 1))
    told: list[str] = []
    assert not create_or_extend(bare, told.append)
    (failure,) = (line for line in told if "not created" in line)
    assert failure.startswith("index IX_SalesInvoices_sync_twins is not created: SQL Server refused a statement: ")
    assert "created index IX_SalesInvoices_sync_claim" in told
    assert "created index IX_GoodsIssueSlips_sync_twins" in told
    words = [" ".join(line.split()[:2]) for line in told if not line.startswith("index ")]
    assert words == sorted(words, key="created index".__eq__), "the indexes come last"


@only_on_a_real_server("foreign keys that it checks")
def test_lines_are_created_without_a_foreign_key_where_the_headers_have_no_key(bare: SqlServer) -> None:
    bare.run(OLD_INVOICES.replace("PRIMARY KEY", "NOT NULL"))
    told: list[str] = []
    assert create_or_extend(bare, told.append)
    (line,) = (line for line in told if line.startswith("created table SalesInvoiceDetails"))
    assert line.startswith("created table SalesInvoiceDetails without a foreign key: SQL Server refused a statement: ")
    assert [missing(bare, table) for table in tables()] == [[]] * 7


def test_the_pharmacies_own_inserts_go_on_working(bare: SqlServer) -> None:
    bare.run(OLD_INVOICES)
    create_or_extend(bare)
    bare.run(OLD_INSERT, ("HD2", "GPP1", "S1", "PENDING_SYNC"))
    assert Pharmacy(bare).row(SALES_INVOICE, 1)["sync_attempts"] == 0


def test_columns_are_known_however_they_are_written(bare: SqlServer) -> None:
    bare.run(OLD_INVOICES.replace("status ", "STATUS ").replace("customer_name", "Customer_Name"))
    bare.run("ALTER TABLE SalesInvoices ADD Sync_Attempts INT NOT NULL DEFAULT 0")
    create_or_extend(bare)
    (invoices,) = (table for table in tables() if table.name == "SalesInvoices")
    assert missing(bare, invoices) == []


def test_what_is_missing_is_named(bare: SqlServer) -> None:
    (invoices,) = (table for table in tables() if table.name == "SalesInvoices")
    assert missing(bare, invoices) == ["the table is missing"]
    bare.run(OLD_INVOICES)
    assert missing(bare, invoices)[:2] == ["column sync_attempts is missing", "column sync_due_at is missing"]
    assert "index IX_SalesInvoices_sync_claim is missing" in missing(bare, invoices)


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.name)
def test_a_database_with_the_indexes_of_an_earlier_version_gets_the_present_ones(
    bare: SqlServer, kind: DocumentType
) -> None:
    """The earlier names end in _due and _code."""
    create_or_extend(bare)
    (table,) = (table for table in tables() if table.name == kind.table)
    for name in table.indexes:
        bare.run(f"DROP INDEX {name} ON {kind.table}")
    for name in ("due", "code"):
        bare.run(f"CREATE INDEX IX_{kind.table}_sync_{name} ON {kind.table} (shop_pharmacy_code)")
    done: list[str] = []
    create_or_extend(bare, done.append)
    assert done == [f"created index IX_{kind.table}_sync_{name}" for name in ("claim", "look", "twins")]
    assert missing(bare, table) == []


def test_the_names_that_babelfish_makes_of_a_tables_indexes_differ() -> None:
    for table in tables():
        made = {f"{name}{table.name}".lower()[:BABELFISH_KEEPS] for name in table.indexes}
        assert len(made) == len(table.indexes)
