"""What tests share: real servers, started once for the whole run."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import redis
from pymongo import MongoClient
from pymongo.database import Database

from benchmarks.own_database import own_database
from pharmasync.documents import GOODS_ISSUE_SLIP, PURCHASE_RECEIPT, SALES_INVOICE, DocumentType
from pharmasync.queues import RowBroker, connect_broker
from pharmasync.sandbox.servers import Mongod, Valkey
from pharmasync.sandbox.sqlserver import PracticeSQLServer
from pharmasync.settings.tls import OFF, encryption_of
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.schema import create_or_extend
from tests.pharmacy import Pharmacy
from tests.rabbitmq import BINARY, Epmd, RabbitMQ
from tests.real_server import REAL_SERVER


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Valkey server for every test. One that kills it starts its own."""
    with Valkey() as server:
        yield server


@pytest.fixture(scope="session")
def mongod() -> Iterator[Mongod]:
    """A mongod for every test. One that kills it starts its own."""
    with Mongod() as server:
        yield server


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """The address of an empty Redis database."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


@pytest.fixture
def redis_broker(redis_url: str) -> Iterator[RowBroker]:
    """A broker on an empty Redis database; it hangs up, since a socket that is left behind fails some later test."""
    with closing(connect_broker(redis_url)) as broker:
        yield broker


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """A RabbitMQ for every test, since it takes seconds to start. One that ends it starts it again."""
    if not BINARY.exists():
        pytest.skip("Debian's package rabbitmq-server is not installed")
    with Epmd() as epmd, RabbitMQ(epmd) as server:
        yield server
        server.kill()


@pytest.fixture
def rabbitmq_url(rabbitmq: RabbitMQ) -> str:
    """The address of a RabbitMQ without queues."""
    if not rabbitmq.running:  # a test failed between its end and its start
        rabbitmq.start()
    rabbitmq.delete_queues()
    return rabbitmq.url


@pytest.fixture
def mongo_database(mongod: Mongod) -> Iterator[Database[dict[str, Any]]]:
    """A MongoDB database of the test's own."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongod.url, tz_aware=True)
    with client:
        database = client[f"test_{uuid.uuid4().hex}"]
        yield database
        client.drop_database(database)


@pytest.fixture(scope="session")
def sql_server_address() -> Iterator[Address]:
    """The practice SQL Server, or the one that MSSQL_… name where PHARMASYNC_TEST_MSSQL=1: the same tests on both."""
    if REAL_SERVER:
        yield Address(
            server=os.environ["MSSQL_SERVER"],
            port=int(os.environ.get("MSSQL_PORT", "1433")),
            database=os.environ.get("MSSQL_DATABASE", "master"),
            user=os.environ["MSSQL_USER"],
            password=os.environ["MSSQL_PASSWORD"],
            encryption=os.environ.get("PHARMASYNC_MSSQL_ENCRYPTION") or encryption_of(os.environ["MSSQL_SERVER"]),
        )
        return
    with PracticeSQLServer(user="sa", password="practice", databases=("master",)) as server:
        yield Address(
            server="127.0.0.1", port=server.port, database="master", user="sa", password="practice", encryption=OFF
        )


@pytest.fixture
def empty_database(sql_server_address: Address) -> Iterator[Address]:
    """A SQL Server database of the test's own, without tables."""
    with own_database(sql_server_address) as address:
        yield address


@pytest.fixture
def sql(empty_database: Address) -> Iterator[SqlServer]:
    """A connection to a database of the test's own, with the tables."""
    server = SqlServer(empty_database)
    create_or_extend(server)
    yield server
    server.close()


@pytest.fixture
def pharmacy(sql: SqlServer) -> Pharmacy:
    """The pharmacies' own software: it puts rows into the tables and looks at them."""
    return Pharmacy(sql)


Row = dict[str, object]

_DRUG: Row = {
    "drug_code": "DT-0001",
    "drug_name": "Paracetamol 500 mg",
    "lot_number": "L2401",
    "production_date": date(2025, 6, 1),
    "expiry_date": date(2027, 6, 1),
    "unit": "viên",
    "registration_number": "VD-12345-19",
    "quantity": Decimal("10.00"),
    "unit_price": Decimal("1500.50"),
}

_HEADERS: dict[str, Row] = {
    SALES_INVOICE.name: {
        "local_invoice_id": "HD-001",
        "national_prescription_id": "DT_QG_77",
        "sale_date": datetime(2026, 3, 1, 19, 45, 12),  # noqa: DTZ001 - a DATETIME2 has no zone
        "seller_name": "Trần Thị Bán",
        "customer_name": "Nguyễn Văn Mua",
    },
    PURCHASE_RECEIPT.name: {
        "local_receipt_id": "PN-001",
        "receipt_date": date(2026, 3, 2),
        "receipt_type": 1,
        "notes": "nhập đầu tháng",
        "supplier_name": "Công ty Dược Hậu Giang",
    },
    GOODS_ISSUE_SLIP.name: {
        "local_slip_id": "PX-001",
        "issue_date": date(2026, 3, 3),
        "issue_type": 2,
        "notes": "trả hàng",
        "recipient_name": "Công ty Dược Hậu Giang",
    },
}

_MORE_OF_A_SALE: Row = {
    "concentration": "500 mg",
    "dosage": "1 viên x 2 lần/ngày",
    "route_of_administration": "uống",
    "line_total": Decimal("15005.00"),
    "conversion_ratio": Decimal("1.00"),
}


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., tuple[Row, list[Row]]]:
    """Makes the columns of a good document, header and one line, with what a test changes in them."""

    def make(kind: DocumentType, header: Row | None = None, line: Row | None = None) -> tuple[Row, list[Row]]:
        more = _MORE_OF_A_SALE if kind is SALES_INVOICE else {}
        full_header = {**_HEADERS[kind.name], "facility_code": "79-00012", **(header or {})}
        return full_header, [{**_DRUG, **more, **(line or {})}]

    return make
