"""What the commands print, what errors say and how values look: everything that somebody may get to read."""

import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
from click.testing import CliRunner

from pharmasync.commands.group import pharmasync
from pharmasync.documents import SALES_INVOICE
from pharmasync.in_hand import InHand
from pharmasync.journal import open_journal
from pharmasync.national.adapter import Account
from pharmasync.national.http import Request, Response
from pharmasync.national.transport import Transport
from pharmasync.national.v1 import Version1
from pharmasync.queues import connect_broker
from pharmasync.sandbox.servers import free_port
from pharmasync.schedulers.opening import open_producer
from pharmasync.secrets import Keyring
from pharmasync.settings import Settings, load
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.errand import LoneTrips
from pharmasync.sqlserver.passwords import account_rows, set_account
from pharmasync.sqlserver.shops import FindShop
from pharmasync.wiring import delivery_desk, journal_writer, shop_accounts, sql_server, token_cache
from pharmasync.workers import open_broker
from tests.marks import Marks
from tests.pharmacy import Pharmacy, Worker


def printed(environ: dict[str, str], marks: Marks) -> dict[str, str]:
    """What every command prints that shows anything, with servers that let it in and with servers that do not."""

    def run(*arguments: str, **more: str) -> str:
        return CliRunner().invoke(pharmasync, arguments, env={**environ, **more}, catch_exceptions=False).output

    wrong = marks.wrong_password
    shut_out = {
        "MSSQL_PASSWORD": wrong,
        "REDIS_URL": environ["REDIS_URL"].replace(marks.redis_password, wrong),
        "MONGO_URI": environ["MONGO_URI"].replace(marks.mongo_password, wrong),
        "API_BASE_URL": f"http://127.0.0.1:{free_port()}",
    }
    return {
        "pharmasync check": run("check", "--login"),
        "pharmasync check, shut out": run("check", **shut_out),
        "pharmasync check, with a wrong key": run("check", PHARMASYNC_SECRET_KEY=wrong),
        "pharmasync status": run("status") + run("status", "--json"),
        "pharmasync failures": run("failures") + run("failures", "--json"),
        "pharmasync shops list": run("shops", "list") + run("shops", "list", "--json"),
        "pharmasync shops encrypt": run("shops", "encrypt"),
        "pharmasync resume": run("resume", "S3") + run("resume", "S4"),
    }


def said(settings: Settings, marks: Marks) -> str:
    """The tracebacks of what goes wrong with something secret in hand."""
    sql, wrong = sql_server(settings), marks.wrong_password
    accounts, adapter = shop_accounts(settings, sql), Version1()
    there, nowhere = _transport(settings.api_base_url), _transport(f"http://127.0.0.1:{free_port()}")
    request = adapter.authorised(Request(method="POST", path="/", body=marks.customer.encode()), marks.token)
    (row,) = account_rows(sql, "S1")
    enough = {"MSSQL_SERVER": "s", "MSSQL_DATABASE": "d", "MSSQL_USER": "u", "API_BASE_URL": "https://api.example"}
    wrong_settings = ("REDIS_URL", "MONGO_URI", "PHARMASYNC_BROKER_URL", "PHARMASYNC_SECRET_KEY")
    actions: list[Callable[[], object]] = [
        partial(SqlServer(attrs.evolve(sql._address, password=wrong)).run, "SELECT 1 AS one"),
        connect_broker(settings.redis_url.replace(marks.redis_password, wrong)).ping,
        partial(open_journal, settings.mongo_uri.replace(marks.mongo_password, wrong), "x", lifetime=1),
        partial(adapter.login, there, Account("S3", marks.refused_password)),
        partial(accounts.account_of, "S4"),
        partial(set_account, sql, row, "S1", marks.clear_password * 20),
        partial(nowhere, request),
        *(partial(load, {**enough, "MSSQL_PASSWORD": wrong, name: wrong}) for name in wrong_settings),
    ]
    return "\n".join(map(_traceback, actions))


def shown(settings: Settings, marks: Marks) -> str:
    """The repr of everything that holds something secret, or leads to it."""
    sql = sql_server(settings)
    desk, cache = delivery_desk(settings), token_cache(settings)
    assert cache.get("S1", newest=True)
    names: dict[str, Any] = {"customer_name": marks.customer, "seller_name": marks.seller}
    row_id = Pharmacy(sql).add(SALES_INVOICE, "HD1", status="SYNC_QUEUED", **names)
    row = Worker.alone(sql).begin(SALES_INVOICE, row_id)
    assert row is not None
    request = Request(method="POST", path="/", body=marks.customer.encode())
    values = [
        *(settings, sql, sql._address, Keyring.of(settings.secret_keys), shop_accounts(settings, sql)),
        *(desk, desk.national, desk.national.login, cache, journal_writer(settings), open_producer(settings)),
        *(open_broker(settings, desk), Account("S1", marks.clear_password)),
        *(LoneTrips(sql).run(FindShop(), "S1"), account_rows(sql)),
        *(Version1().authorised(request, marks.token), Response(status=200, body=marks.token.encode()), row),
        InHand(message_id="1", queue="q", claimed=None, row=row, payload=lambda: {"ten": marks.customer}),
    ]
    return "\n".join(map(repr, values))


def _transport(url: str) -> Transport:
    return Transport(url, connect_timeout=2, read_timeout=2, total_timeout=5)


def _traceback(action: Callable[[], object]) -> str:
    """What an action raises, with all that led to it."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return "".join(traceback.format_exception(error)) + repr(error)
    raise AssertionError(action)
