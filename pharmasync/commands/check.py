"""``pharmasync check``."""

from collections.abc import Callable, Iterator
from functools import partial

import attrs
import click
import redis
from attrs import frozen
from pymongo.errors import PyMongoError

from pharmasync.closing import ClosingTime
from pharmasync.commands.circuit import in_words, state_of
from pharmasync.commands.group import TROUBLE, as_json, print_json, settings
from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.errors import PharmasyncError
from pharmasync.journal import connect
from pharmasync.national.http import Request
from pharmasync.national.transport import Transport
from pharmasync.queues import connect_broker
from pharmasync.secrets import Form, Keyring
from pharmasync.settings import Settings, declared
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.operator import shops_without_account
from pharmasync.sqlserver.passwords import account_rows
from pharmasync.sqlserver.schema import Table, missing, tables
from pharmasync.sqlserver.shops import paused_shops, shops_with_account
from pharmasync.wiring import national_client, sql_server


@frozen
class Finding:
    """One line of the check: what was looked at, whether it is fine, and what was found."""

    what: str
    fine: bool
    found: str = "ok"


@click.command()
@click.option("--login", is_flag=True, help="Log in once for each shop; one that is refused is paused, as always.")
@as_json
def check(login: bool, as_json: bool) -> None:
    """Check every setting, server, table and shop account; the exit status is 1 where there is trouble."""
    findings = list(_findings(settings(), login=login))
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(f"{'ok     ' if finding.fine else 'TROUBLE'}  {finding.what}: {finding.found}")
    if not all(finding.fine for finding in findings):
        raise SystemExit(TROUBLE)


def _findings(found: Settings, *, login: bool) -> Iterator[Finding]:
    yield from _settings(found)
    yield _attempt("Redis (the tokens)", lambda: _ping_redis(found))
    broker = connect_broker(found.broker)
    yield _attempt(f"{broker.server} (the broker)", broker.ping)
    yield _attempt("MongoDB (the journal)", lambda: _ping_mongo(found))
    yield _attempt("national API", lambda: _reach_api(found))
    yield _circuit(found)
    sql = sql_server(found)
    server = _attempt("SQL Server", lambda: sql.rows("SELECT 1 AS one"))
    yield server
    if not server.fine:
        return
    wanted = [_table(sql, table) for table in tables()]
    yield from wanted
    if all(table.fine for table in wanted):
        yield from _shops(sql, found)
        if login:
            yield from _logins(sql, found)


def _attempt(what: str, action: Callable[[], object]) -> Finding:
    try:
        action()
    except (PharmasyncError, redis.RedisError, PyMongoError) as error:
        return Finding(what, fine=False, found=" ".join(str(error).split())[:300])
    return Finding(what, fine=True)


def _ping_redis(found: Settings) -> None:
    with redis.Redis.from_url(found.redis_url, socket_connect_timeout=5.0, socket_timeout=5.0) as client:
        client.ping()


def _ping_mongo(found: Settings) -> None:
    database = connect(found.mongo_uri, found.mongo_db_name)
    try:
        database.command("ping")
    finally:
        database.client.close()


def _reach_api(found: Settings) -> None:
    """Any answer will do: no document and no login is sent."""
    timeout = found.connect_timeout_seconds
    reach = Transport(found.api_base_url, connect_timeout=timeout, read_timeout=timeout, total_timeout=timeout)
    reach(Request(method="GET", path="/"))


def _circuit(found: Settings) -> Finding:
    state = state_of(found)
    return Finding("circuit breaker", fine=state is None or not state.is_open, found=in_words(state))


def _settings(found: Settings) -> Iterator[Finding]:
    for attribute in attrs.fields(Settings):
        described, value = declared(attribute), getattr(found, attribute.name)
        shown = "not set" if value is None else "(hidden)" if described.secret else f"{value} {described.unit}".strip()
        yield Finding(f"setting {described.name}", fine=True, found=shown)


def _table(sql: SqlServer, table: Table) -> Finding:
    faults = missing(sql, table)
    if not faults:
        return Finding(f"table {table.name}", fine=True)
    return Finding(
        f"table {table.name}", fine=False, found=f"{'; '.join(faults)} (`pharmasync init-db` adds what it can)"
    )


def _logins(sql: SqlServer, found: Settings) -> Iterator[Finding]:
    client = national_client(found, sql, ClosingTime())
    paused = paused_shops(sql)
    for shop in shops_with_account(sql):
        if shop not in paused:
            yield _attempt(f"login of shop {shop}", partial(client.login.token, shop))


def _shops(sql: SqlServer, found: Settings) -> Iterator[Finding]:
    paused = paused_shops(sql)
    has_default = found.api_username is not None
    for shop, form in _passwords(sql, Keyring.of(found.secret_keys)).items():
        reason = paused.pop(shop, None)
        yield (
            _account(shop, form, has_default=has_default) if reason is None else Finding(f"shop {shop}", False, reason)
        )
    for shop, reason in paused.items():
        yield Finding(f"shop {shop}", fine=False, found=reason)
    without = {shop for kind in DOCUMENT_TYPES for shop in shops_without_account(sql, kind)} - paused.keys()
    for shop in sorted(without):
        yield Finding(f"shop {shop}", fine=has_default, found="uses API_USERNAME" if has_default else "has no account")


def _passwords(sql: SqlServer, keys: Keyring) -> dict[str, Form]:
    """The shops that have an account, and in which form its password is there."""
    forms: dict[str, Form] = {}
    for row in account_rows(sql):
        if row.has_account and forms.get(row.shop_id) is not Form.UNREADABLE:
            forms[row.shop_id] = keys.form_of(row.password)
    return forms


def _account(shop: str, form: Form, *, has_default: bool) -> Finding:
    what = f"shop {shop}"
    if form is Form.UNREADABLE:
        advice = f"add it, or run `pharmasync shops set-password {shop}`"
        return Finding(what, fine=False, found=f"PHARMASYNC_SECRET_KEY lacks the key of its password; {advice}")
    if form is Form.MISSING:
        found = (
            "uses API_USERNAME, since its own account has no password" if has_default else "its account has no password"
        )
        return Finding(what, fine=has_default, found=found)
    return Finding(
        what, fine=True, found="has an account" + (", its password in clear text" if form is Form.CLEAR else "")
    )
