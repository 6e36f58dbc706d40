"""The rows in SQL Server; one connection a thread."""

import os
import threading
from typing import Any

import pymssql

from pharmasync.decisions.status import Status
from pharmasync.documents import DocumentType

Row = dict[str, Any]

_local = threading.local()


def fetch(kind: DocumentType, row_id: int) -> tuple[Row, list[Row]]:
    """A header and its lines, in one round trip."""
    header = f"id, shop_pharmacy_code, pharmacy_code AS facility_code, {', '.join(kind.header_columns)}"
    with _connection().cursor(as_dict=True) as cursor:
        cursor.execute(
            f"SELECT {header} FROM {kind.table} WHERE id = %d;"
            f" SELECT {', '.join(kind.line_columns)} FROM {kind.lines_table} WHERE {kind.parent} = %d ORDER BY id",
            (row_id, row_id),
        )
        found = cursor.fetchone()
        if found is None:
            raise LookupError(f"{kind.table} has no row {row_id}")
        cursor.nextset()
        lines: list[Row] = cursor.fetchall()
        return found, lines


def write_success(kind: DocumentType, row_id: int, national_id: str) -> None:
    """Writes that a document is stored."""
    with _connection().cursor() as cursor:
        cursor.execute(
            f"UPDATE {kind.table} SET status = %s, {kind.national_id} = %s, updated_at = SYSUTCDATETIME()"
            " WHERE id = %d",
            (Status.SUCCESS.value, national_id, row_id),
        )


def account_of(shop: str) -> tuple[str, str]:
    """A shop's account and password."""
    with _connection().cursor() as cursor:
        cursor.execute("SELECT account, password FROM AccountShop WHERE shop_pharmacy_code = %s", (shop,))
        found = cursor.fetchone()
    if found is None:
        raise LookupError(f"shop {shop} has no account")
    return str(found[0]), str(found[1])


def _connection() -> pymssql.Connection:
    connection: pymssql.Connection | None = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = pymssql.connect(
            server=os.environ["MSSQL_SERVER"],
            port=os.environ["MSSQL_PORT"],
            user=os.environ["MSSQL_USER"],
            password=os.environ["MSSQL_PASSWORD"],
            database=os.environ["MSSQL_DATABASE"],
            timeout=30,
            login_timeout=10,
            autocommit=True,
            charset="UTF-8",
            tds_version="7.4",
        )
    return connection
