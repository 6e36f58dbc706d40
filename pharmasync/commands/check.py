"""``pharmasync check``."""

from collections.abc import Iterator
from functools import partial

import attrs
import click

from pharmasync.commands.circuit import as_state, state_of
from pharmasync.commands.finding import Finding, attempt, told
from pharmasync.commands.group import TROUBLE, as_json, print_json, settings
from pharmasync.commands.shop_accounts import shop_findings
from pharmasync.errors import UnavailableError
from pharmasync.journal import connect
from pharmasync.limits import LimitedTurnstile
from pharmasync.national.http import FIRST_SERVER_ERROR, Request
from pharmasync.national.transport import Transport
from pharmasync.queues import connect_broker
from pharmasync.settings import Settings, declared
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.schema import Table, missing, tables
from pharmasync.wiring import redis_client, sql_server, turnstile
from pharmasync.words import Words


@click.command()
@click.option("--login", is_flag=True, help="Log in once for each shop; one that is refused is paused, as always.")
@as_json
def check(login: bool, as_json: bool) -> None:
    """Check every setting, server, table and shop account; the exit status is 1 where there is trouble."""
    findings: list[Finding] = []
    for finding in _findings(settings(), login=login):
        findings.append(finding)
        if not as_json:
            click.echo(f"{'ok     ' if finding.fine else 'TROUBLE'}  {finding.what}: {finding.found}")
    if as_json:
        print_json(findings)
    if not all(finding.fine for finding in findings):
        raise SystemExit(TROUBLE)


def _findings(found: Settings, *, login: bool) -> Iterator[Finding]:
    yield from _settings(found)
    yield attempt("Redis (the tokens)", lambda: _ping_redis(found))
    yield from told("the limits of calls", lambda: _limits(found))
    yield from told("the broker", lambda: _broker(found))
    yield attempt("MongoDB (the journal)", lambda: _ping_mongo(found))
    yield attempt("national API", lambda: _reach_api(found))
    yield from told("circuit breaker", lambda: _circuit(found))
    sql = sql_server(found)
    server = attempt("SQL Server", lambda: sql.rows("SELECT 1 AS one"))
    yield server
    if server.fine:
        for table in tables():
            yield from told(f"table {table.name}", partial(_table, sql, table))
        yield from shop_findings(sql, found, login=login)


def _ping_redis(found: Settings) -> None:
    with redis_client(found) as client:
        client.ping()


def _limits(found: Settings) -> Iterator[Finding]:
    limits = turnstile(found)
    if isinstance(limits, LimitedTurnstile):
        yield attempt("Redis (the limits of calls)", limits.try_out)
        limits.gate.close()


def _broker(found: Settings) -> Iterator[Finding]:
    broker = connect_broker(found.broker)
    yield attempt(f"{broker.server} (the broker)", broker.ping)


def _ping_mongo(found: Settings) -> None:
    database = connect(found.mongo_uri, found.mongo_db_name)
    try:
        database.command("ping")
    finally:
        database.client.close()


def _reach_api(found: Settings) -> None:
    """Any answer will do but one of a server in trouble: no document and no login is sent."""
    timeout = found.connect_timeout_seconds
    reach = Transport(found.api_base_url, connect_timeout=timeout, read_timeout=timeout, total_timeout=timeout)
    status = reach(Request(method="GET", path="/")).status
    if status >= FIRST_SERVER_ERROR:
        raise UnavailableError(
            Words(f"máy chủ quốc gia trả lời HTTP {status}", f"the national server answered HTTP {status}"), status
        )


def _circuit(found: Settings) -> Iterator[Finding]:
    state = state_of(found)
    yield Finding("circuit breaker", fine=state is not None and not state.is_open, found=as_state(state))


def _settings(found: Settings) -> Iterator[Finding]:
    for attribute in attrs.fields(Settings):
        described, value = declared(attribute), getattr(found, attribute.name)
        shown = "not set" if value is None else "(hidden)" if described.secret else f"{value} {described.unit}".strip()
        yield Finding(f"setting {described.name}", fine=True, found=shown)


def _table(sql: SqlServer, table: Table) -> Iterator[Finding]:
    faults = missing(sql, table)
    advice = "(`pharmasync init-db` adds what it can)"
    yield Finding(f"table {table.name}", not faults, f"{'; '.join(faults)} {advice}" if faults else "ok")
