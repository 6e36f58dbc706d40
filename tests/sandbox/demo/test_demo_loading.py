"""Loading the documents into SQL Server."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.demo.documents import make_documents
from pharmasync.sandbox.demo.flaws import spoil_some
from pharmasync.sandbox.demo.loading import load_documents, load_shops
from pharmasync.sandbox.demo.rows import expected_document, read_rows
from pharmasync.sandbox.demo.shops import SHOPS
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.errand import LoneTrips
from pharmasync.sqlserver.schema import create_or_extend
from pharmasync.sqlserver.shops import FindShop

pytestmark = pytest.mark.integration


@pytest.fixture
def sql() -> Iterator[SqlServer]:
    with PracticeSQLServer() as server:
        address = Address(
            server=server.host,
            port=server.port,
            database="pharmacy",
            user=server.user,
            password=server.password,
            encryption=OFF,
        )
        connection = SqlServer(address)
        create_or_extend(connection)
        yield connection
        connection.close()


def test_every_document_is_the_row_that_it_is_said_to_be(sql: SqlServer) -> None:
    dice = Random(3)  # noqa: S311 - repeatable
    documents = spoil_some(make_documents(250, dice, date(2026, 3, 14)), dice)

    loaded = load_documents(sql, documents)

    assert Counter(document.made.local_id for document in loaded) == Counter(made.local_id for made in documents)
    for kind in DOCUMENT_TYPES:
        of_kind = {document.id: document.made for document in loaded if document.made.kind is kind}
        rows = sql.rows(f"SELECT id, pharmacy_code, shop_pharmacy_code, {kind.local_id} AS code FROM {kind.table}")
        keys = {row["id"]: (row["shop_pharmacy_code"], row["code"]) for row in rows}
        assert keys == {row_id: (made.shop.id, made.local_id) for row_id, made in of_kind.items()}
        lines = sql.rows(f"SELECT {kind.parent} AS parent, drug_code FROM {kind.lines_table} ORDER BY id")
        for row_id, made in of_kind.items():
            written = [line["drug_code"] for line in lines if line["parent"] == row_id]
            assert written == [line["drug_code"] for line in made.lines]


def test_every_row_begins_as_pending(sql: SqlServer) -> None:
    dice = Random(3)  # noqa: S311 - repeatable
    loaded = load_documents(sql, make_documents(60, dice, date(2026, 3, 14)))

    rows = read_rows(sql)

    assert {row.status for row in rows} == {Status.PENDING}
    assert {(row.kind, row.id) for row in rows} == {
        (expected.kind, expected.id) for expected in map(expected_document, loaded)
    }


def test_every_shop_has_its_account(sql: SqlServer) -> None:
    load_shops(sql, SHOPS)

    for shop in SHOPS:
        found = LoneTrips(sql).run(FindShop(), shop.id)
        assert found is not None
        assert (found.account, found.password, found.paused) == (shop.account, shop.password, None)
