"""Puts the edges together as the settings say; the only module that knows all of them."""

import sys
from collections.abc import Mapping

import redis

from pharmasync.accounts import ShopAccounts
from pharmasync.delivery import Desk
from pharmasync.errors import SettingError
from pharmasync.journal import JournalWriter, open_journal
from pharmasync.national.adapter import Account
from pharmasync.national.client import NationalClient
from pharmasync.national.login import Login
from pharmasync.national.transport import Transport
from pharmasync.national.v1 import Version1
from pharmasync.queues import RedisTokenCache
from pharmasync.settings import Settings, load
from pharmasync.sqlserver.begin import Begin
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.shared_trips import SharedTrips

WRONG_USAGE = 2
"""The exit status for a wrong setting (contract, "Command line")."""

SECONDS_A_DAY = 86_400


def settings_or_exit(environ: Mapping[str, str]) -> Settings:
    """The settings; a missing or wrong one ends the process with one line and status 2."""
    try:
        return load(environ)
    except SettingError as error:
        sys.stderr.write(f"pharmasync: {error}\n")
        raise SystemExit(WRONG_USAGE) from None


def sql_server(settings: Settings) -> SqlServer:
    """SQL Server; connects when it is used."""
    return SqlServer(
        Address(
            server=settings.mssql_server,
            port=settings.mssql_port,
            database=settings.mssql_database,
            user=settings.mssql_user,
            password=settings.mssql_password,
        )
    )


def token_cache(settings: Settings) -> RedisTokenCache:
    """The tokens in Redis; connects when it is used."""
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5.0, socket_timeout=30.0)
    return RedisTokenCache(client, lifetime=settings.token_lifetime_seconds)


def shop_accounts(settings: Settings, sql: SqlServer) -> ShopAccounts:
    """The shops' accounts."""
    default = None
    if settings.api_username is not None and settings.api_password is not None:
        default = Account(settings.api_username, settings.api_password)
    return ShopAccounts(sql=sql, default=default)


def national_client(settings: Settings, sql: SqlServer) -> NationalClient:
    """The national API, version 1."""
    adapter = Version1()
    transport = Transport(
        settings.api_base_url,
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
    )
    login = Login(
        adapter=adapter,
        call=transport,
        cache=token_cache(settings),
        accounts=shop_accounts(settings, sql),
        retries=settings.login_retries,
        retry_seconds=settings.login_retry_seconds,
    )
    return NationalClient(
        adapter=adapter,
        transport=transport,
        login=login,
        retries=settings.send_retries,
        retry_seconds=settings.send_retry_seconds,
    )


def delivery_desk(settings: Settings) -> Desk:
    """What the actors work with."""
    sql = sql_server(settings)
    return Desk(
        trips=SharedTrips(sql),
        begin=Begin(lease=settings.sending_lease_seconds, facility_column=settings.facility_column),
        national=national_client(settings, sql),
        longest_call=settings.longest_call_seconds,
    )


def journal_writer(settings: Settings) -> JournalWriter:
    """The journal; connects in a thread of its own when the first entry comes."""
    lifetime = int(settings.journal_days * SECONDS_A_DAY)
    return JournalWriter(
        lambda: open_journal(settings.mongo_uri, settings.mongo_db_name, lifetime=lifetime),
        limit=settings.journal_entries,
    )
