"""`pharmasync check`: one line for everything that must be there, and trouble where it is not."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import attrs
import pytest
from cryptography.fernet import Fernet

from pharmasync.documents import SALES_INVOICE
from pharmasync.errors import StatementError
from pharmasync.sandbox.servers import free_port
from pharmasync.secrets import Keyring
from pharmasync.settings import Settings, declared
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.shops import pause_shop, paused_shops
from tests.national.one_shot_server import OneShotServer
from tests.pharmacy import Pharmacy
from tests.real_server import only_on_the_practice_server

pytestmark = pytest.mark.integration

Run = Callable[..., Any]
Refuse = Callable[..., None]

check_module = import_module("pharmasync.commands.check")
"""By its name, since the package has the command under it."""


TABLES = [
    *("SalesInvoices", "SalesInvoiceDetails", "PurchaseReceipts", "PurchaseReceiptDetails"),
    *("GoodsIssueSlips", "GoodsIssueSlipDetails", "AccountShop"),
]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Lets SQL Server refuse the SELECTs with some words, all or those with a value: as where a permission lacks."""
    refused: list[tuple[str, str | None]] = []
    rows = SqlServer.rows

    def some_rows(self: SqlServer, sql: str, values: Any = ()) -> Any:
        if any(words in sql and (about is None or about in values) for words, about in refused):
            raise StatementError("no permission")
        return rows(self, sql, values)

    monkeypatch.setattr(SqlServer, "rows", some_rows)
    return lambda words, about=None: refused.append((words, about))


def findings(answer: Any) -> dict[str, bool]:
    """What was found, without the settings, which have a test of their own."""
    return {each["what"]: each["fine"] for each in answer.json() if not each["what"].startswith("setting ")}


def test_everything_is_fine(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    answer = run("check", "--json")
    assert answer.status == 0
    assert findings(answer) == {
        "Redis (the tokens)": True,
        "Redis (the broker)": True,
        "MongoDB (the journal)": True,
        "national API": True,
        "circuit breaker": True,
        "SQL Server": True,
        **{f"table {name}": True for name in TABLES},
        "shop S1": True,
    }


def test_the_limits_of_calls_are_tried_out_where_there_are_any(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    assert findings(run("check", "--json", PHARMASYNC_API_MAX_CALLS="5"))["Redis (the limits of calls)"] is True
    answer = run("check", "--json", PHARMASYNC_API_MAX_CALLS="5", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert findings(answer)["Redis (the limits of calls)"] is False


@pytest.mark.parametrize(
    ("setting", "address", "lines"),
    [
        ("REDIS_URL", "redis://127.0.0.1:{port}/0", ["Redis (the tokens)", "Redis (the broker)", "circuit breaker"]),
        ("PHARMASYNC_BROKER_URL", "redis://127.0.0.1:{port}/0", ["Redis (the broker)"]),
        ("PHARMASYNC_BROKER_URL", "amqp://127.0.0.1:{port}", ["RabbitMQ (the broker)"]),
        ("MONGO_URI", "mongodb://127.0.0.1:{port}/", ["MongoDB (the journal)"]),
        ("API_BASE_URL", "http://127.0.0.1:{port}", ["national API"]),
        ("MSSQL_PORT", "{port}", ["SQL Server"]),
    ],
)
def test_a_server_that_is_away_is_trouble_in_a_line(
    run: Run, pharmacy: Pharmacy, setting: str, address: str, lines: list[str]
) -> None:
    pharmacy.add_shop("S1")
    answer = run("check", "--json", **{setting: address.format(port=free_port())})
    assert answer.status == 1
    assert [name for name, fine in findings(answer).items() if not fine] == lines


def test_a_national_server_that_answers_that_it_is_down_is_trouble(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    api = OneShotServer(lambda connection: connection.sendall(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"))
    try:
        answer = run("check", API_BASE_URL=api.url)
    finally:
        api.close()
    assert answer.status == 1
    assert (
        "TROUBLE  national API: máy chủ quốc gia trả lời HTTP 503 / the national server answered HTTP 503"
        in answer.text
    )


def test_the_broker_that_is_used_is_named(run: Run, pharmacy: Pharmacy, rabbitmq_url: str) -> None:
    pharmacy.add_shop("S1")
    answer = run("check", PHARMASYNC_BROKER_URL=rabbitmq_url)
    assert answer.status == 0
    assert "ok       RabbitMQ (the broker): ok\n" in answer.text
    assert "guest" not in answer.text


def test_missing_tables_are_named_with_what_to_do(run: Run) -> None:
    answer = run("check")
    assert answer.status == 1
    assert "TROUBLE  table SalesInvoices: the table is missing (`pharmasync init-db` adds what it can)\n" in answer.text


def test_a_paused_shop_is_trouble_with_its_reason(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pause_shop(sql, "S1", "sai mật khẩu")
    answer = run("check")
    assert answer.status == 1
    assert "TROUBLE  shop S1: sai mật khẩu" in answer.text


def test_a_shop_without_an_account_is_trouble_unless_there_is_a_default(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add(SALES_INVOICE, "HD1", "S9")
    assert findings(run("check", "--json"))["shop S9"] is False
    assert findings(run("check", "--json", API_USERNAME="a", API_PASSWORD="b"))["shop S9"] is True


def test_a_password_that_no_key_opens_is_trouble_and_no_login_is_tried(run: Run, pharmacy: Pharmacy) -> None:
    keys = Keyring.of((Fernet.generate_key().decode(),))
    stored = keys.stored("right")
    pharmacy.add_shop("S1", password=stored)
    answer = run("check", "--login", PHARMASYNC_SECRET_KEY=Fernet.generate_key().decode())
    assert answer.status == 1
    assert "TROUBLE  shop S1: PHARMASYNC_SECRET_KEY lacks the key of its password; add it, or run `pharm" in answer.text
    assert "TROUBLE  login of shop S1: không giải mã được mật khẩu của cửa hàng S1" in answer.text
    assert stored[10:40] not in answer.text


def test_an_encrypted_password_is_fine(run: Run, pharmacy: Pharmacy) -> None:
    key = Fernet.generate_key().decode()
    pharmacy.add_shop("S1", password=Keyring.of((key,)).stored("right"))
    assert findings(run("check", "--json", "--login", PHARMASYNC_SECRET_KEY=key))["login of shop S1"] is True


def test_a_password_in_clear_text_is_told_and_fine(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    answer = run("check")
    assert answer.status == 0
    assert "ok       shop S1: has an account, its password in clear text\n" in answer.text


def test_an_account_without_a_password_is_trouble_unless_there_is_a_default(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1", password="")
    assert findings(run("check", "--json"))["shop S1"] is False
    assert findings(run("check", "--json", API_USERNAME="a", API_PASSWORD="b"))["shop S1"] is True


@only_on_the_practice_server("has TLS")
def test_a_sql_server_without_tls_is_trouble_in_words(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    answer = run("check", PHARMASYNC_MSSQL_ENCRYPTION="require")
    assert answer.status == 1
    assert "TROUBLE  SQL Server: SQL Server is away: no encrypted connection (TLS) came about" in answer.text


def test_every_setting_is_a_line_and_no_secret_is_shown(run: Run, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    text = run("check").text
    for attribute in attrs.fields(Settings):
        assert f"ok       setting {declared(attribute).name}: " in text
    assert "ok       setting PHARMASYNC_SCAN_SECONDS: 0.5 s\n" in text
    assert "ok       setting MSSQL_PASSWORD: (hidden)\n" in text


def test_a_login_is_tried_only_when_it_is_asked_for(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add_shop("S2", password="wrong")
    assert run("check").status == 0
    answer = run("check", "--login")
    assert answer.status == 1
    assert "ok       login of shop S1: ok" in answer.text
    assert "TROUBLE  login of shop S2: đăng nhập bị từ chối" in answer.text
    assert list(paused_shops(sql)) == ["S2"]


def test_a_login_is_tried_although_a_token_is_kept(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    assert run("check", "--login").status == 0
    sql.run("UPDATE AccountShop SET password = %s WHERE shop_pharmacy_code = %s", ("wrong", "S1"))
    answer = run("check", "--login")
    assert answer.status == 1
    assert "TROUBLE  login of shop S1: đăng nhập bị từ chối" in answer.text
    assert list(paused_shops(sql)) == ["S1"]


def test_shops_whose_login_is_not_tried_are_named(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add_shop("S2", password="")
    pharmacy.add(SALES_INVOICE, "HD1", "S9")
    pause_shop(sql, "S1", "kiểm kê")
    answer = run("check", "--login", API_USERNAME="a", API_PASSWORD="b")
    assert "TROUBLE  login of shop S1: not tried, since the shop is paused\n" in answer.text
    assert "ok       login of shop S2: not tried, since it uses API_USERNAME\n" in answer.text
    assert "ok       login of shop S9: not tried, since it uses API_USERNAME\n" in answer.text
    assert list(paused_shops(sql)) == ["S1"]


def test_what_is_missing_in_one_table_leaves_the_other_lines(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    sql.run("DROP INDEX IX_SalesInvoices_sync_claim ON SalesInvoices")
    sql.run("DROP TABLE GoodsIssueSlipDetails")
    found = findings(run("check", "--json", "--login"))
    assert [what for what, fine in found.items() if not fine] == ["table SalesInvoices", "table GoodsIssueSlipDetails"]
    assert found["login of shop S1"] is True


def test_shops_come_as_far_as_the_tables_tell_of_them(run: Run, sql: SqlServer, pharmacy: Pharmacy) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add(SALES_INVOICE, "HD1", "S9")
    sql.run("DROP TABLE PurchaseReceiptDetails")
    sql.run("DROP TABLE PurchaseReceipts")
    answer = run("check")
    assert "TROUBLE  shops of PurchaseReceipts: SQL Server refused a statement: " in answer.text
    assert "ok       shop S1: has an account" in answer.text
    assert "TROUBLE  shop S9: has no account\n" in answer.text


def test_a_refused_statement_is_the_trouble_of_its_own_line(run: Run, pharmacy: Pharmacy, refuse: Refuse) -> None:
    pharmacy.add_shop("S1")
    pharmacy.add(SALES_INVOICE, "HD1", "S9")
    refuse("FROM AccountShop ORDER BY")
    refuse("sys.indexes", about="SalesInvoices")
    answer = run("check", "--json")
    assert answer.status == 1
    assert [what for what, fine in findings(answer).items() if not fine] == [
        "table SalesInvoices",
        "shop accounts",
        "shop S9",
    ]
    told = {each["what"]: each["found"] for each in answer.json()}
    assert told["shop accounts"] == "SQL Server refused a statement: no permission"


def test_an_error_that_no_driver_owns_up_to_is_the_trouble_of_its_own_line(
    run: Run, pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(_uri: str, _name: str) -> None:
        raise ValueError("a port from 0 to\n65535")

    monkeypatch.setattr(check_module, "connect", connect)
    pharmacy.add_shop("S1")
    answer = run("check")
    assert answer.status == 1
    assert "TROUBLE  MongoDB (the journal): ValueError: a port from 0 to 65535\n" in answer.text
    assert "ok       shop S1: has an account" in answer.text


def test_no_password_is_ever_printed(run: Run, servers: dict[str, str]) -> None:
    secret = "very-secret-word"
    text = run("check", MSSQL_PASSWORD=secret, REDIS_URL=f"redis://:{secret}@127.0.0.1:{free_port()}/0").text
    assert secret not in text
    assert servers["MSSQL_PASSWORD"] not in text
