"""Puts the edges together as the settings say: what the actors, the producer and the commands work with."""

import sys
from collections.abc import Mapping
from multiprocessing import current_process

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pharmasync.accounts import ShopAccounts
from pharmasync.circuit import (
    CircuitGuard,
    CircuitIntake,
    KnownCircuit,
    OutageProofCircuit,
    OwnCircuit,
    Ramp,
    SharedCircuit,
)
from pharmasync.closing import ClosingTime
from pharmasync.desk import Desk
from pharmasync.errors import SettingError
from pharmasync.journal import JournalWriter, open_journal
from pharmasync.last_answer import NoteStatus
from pharmasync.leases import Leases
from pharmasync.limits import LimitedTurnstile, Limits, Patience
from pharmasync.middleware.telling import LATER_PROCESS
from pharmasync.national.adapter import Account
from pharmasync.national.client import NationalClient
from pharmasync.national.fingerprints import Fingerprints
from pharmasync.national.login import Login
from pharmasync.national.transport import Transport
from pharmasync.national.turnstile import OpenTurnstile, Turnstile
from pharmasync.national.v1 import Version1
from pharmasync.queues import RedisTokenCache
from pharmasync.secrets import Keyring
from pharmasync.settings import Settings, load, unknown
from pharmasync.sqlserver.begin import Begin
from pharmasync.sqlserver.connection import Address, SqlServer
from pharmasync.sqlserver.errand import LoneTrips, Trips, together
from pharmasync.sqlserver.renewal import RenewLeases
from pharmasync.sqlserver.shared_trips import SharedTrips

WRONG_USAGE = 2
"""The exit status for a wrong setting, as for any wrong usage."""

SECONDS_A_DAY = 86_400

REDIS_TIMEOUT_SECONDS = 2.0
"""How long Redis may take, once and then again, before this process does without: it has tokens, limits and a circuit
of its own.
"""

RAMP = Ramp()

SLOT_MARGIN_SECONDS = 5.0
"""The slot of a killed worker comes free so long after the longest call."""


def settings_or_exit(environ: Mapping[str, str]) -> Settings:
    """The settings; a missing or wrong one ends the process with one line and status 2, an unknown one is told.

    Of several worker processes the first tells.
    """
    try:
        found = load(environ)
    except SettingError as error:
        sys.stderr.write(f"pharmasync: {error}\n")
        raise SystemExit(WRONG_USAGE) from None
    if not LATER_PROCESS.fullmatch(current_process().name):
        for line in unknown(environ):  # one by one: the pipe that a worker's errors go through can do no more
            sys.stderr.write(f"pharmasync: warning: {line}\n")
    return found


def sql_server(settings: Settings) -> SqlServer:
    """SQL Server; connects when it is used."""
    return SqlServer(
        Address(
            server=settings.mssql_server,
            port=settings.mssql_port,
            database=settings.mssql_database,
            user=settings.mssql_user,
            password=settings.mssql_password,
            encryption=settings.mssql_encryption,
        )
    )


def redis_client(settings: Settings) -> redis.Redis:
    """Redis, for all but the broker; connects when it is used."""
    return redis.Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def token_cache(settings: Settings) -> RedisTokenCache:
    """The tokens in Redis; connects when it is used."""
    client, lifetime = redis_client(settings), settings.token_lifetime_seconds
    return RedisTokenCache(client, lifetime, patience=longest_login_seconds(settings))


def longest_login_seconds(settings: Settings) -> float:
    """How long a login takes at most, with all its repeats and with what each waits for the limits before."""
    calls = (settings.login_retries + 1) * (settings.longest_call_seconds + Patience().overall)
    return calls + settings.login_retries * settings.login_retry_seconds


def turnstile(settings: Settings) -> Turnstile:
    """What every call to the national API passes; connects to Redis when it is used, and not at all without a limit."""
    limits = Limits(
        max_rps=settings.api_max_rps,
        max_calls=settings.api_max_calls,
        max_calls_per_shop=settings.api_max_calls_per_shop,
    )
    if not limits.any_set:
        return OpenTurnstile()
    longest_call = settings.longest_call_seconds + SLOT_MARGIN_SECONDS
    return LimitedTurnstile.on(redis_client(settings), limits, longest_call)


def shared_circuit(settings: Settings) -> SharedCircuit:
    """The circuit in Redis; connects when it is used."""
    client = redis_client(settings)
    return SharedCircuit(client, settings.circuit_failures, settings.circuit_probe_seconds, RAMP.seconds)


def known_circuit(settings: Settings) -> KnownCircuit:
    """The circuit as this process knows it."""
    own = OwnCircuit(settings.circuit_failures, settings.circuit_probe_seconds)
    return KnownCircuit(OutageProofCircuit(shared_circuit(settings), own))


def circuit_intake(settings: Settings) -> CircuitIntake:
    """What a producer may claim."""
    return CircuitIntake(known_circuit(settings), RAMP)


def shop_accounts(settings: Settings, sql: SqlServer, trips: Trips | None = None) -> ShopAccounts:
    """The shops' accounts; ``trips`` where many threads look for them."""
    default = None
    if settings.api_username is not None and settings.api_password is not None:
        default = Account(settings.api_username, settings.api_password)
    return ShopAccounts(trips=trips or LoneTrips(sql), sql=sql, default=default, keys=Keyring.of(settings.secret_keys))


def fingerprints(settings: Settings) -> Fingerprints:
    """What Redis knows accounts by; all processes have the password of SQL Server, and Redis never has it."""
    return Fingerprints(settings.mssql_password)


def national_client(
    settings: Settings, sql: SqlServer, closing: ClosingTime, trips: Trips | None = None
) -> NationalClient:
    """The national API, version 1; no call goes on after closing time. ``trips`` where many threads log in."""
    adapter = Version1()
    transport = Transport(
        settings.api_base_url,
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        total_timeout=settings.total_timeout_seconds,
        closing=closing,
    )
    limits, guard = turnstile(settings), CircuitGuard(known_circuit(settings), closing)
    login = Login(
        adapter=adapter,
        call=transport,
        cache=token_cache(settings),
        accounts=shop_accounts(settings, sql, trips),
        fingerprint=fingerprints(settings),
        retries=settings.login_retries,
        retry_seconds=settings.login_retry_seconds,
        turnstile=limits,
        guard=guard,
    )
    return NationalClient(
        adapter=adapter,
        transport=NoteStatus(transport),
        login=login,
        retries=settings.send_retries,
        retry_seconds=settings.send_retry_seconds,
        turnstile=limits,
        guard=guard,
    )


def lease_keeper(settings: Settings, sql: SqlServer) -> Leases:
    """What renews this process's leases, over a connection of its own."""
    errand = RenewLeases(settings.sending_lease_seconds)
    return Leases(lambda rows: together(sql, errand, rows), settings.sending_lease_seconds)


def delivery_desk(settings: Settings) -> Desk:
    """What the actors work with."""
    sql, closing = sql_server(settings), ClosingTime()
    trips = SharedTrips(sql)
    return Desk(
        trips=trips,
        begin=Begin(lease=settings.sending_lease_seconds, facility_column=settings.facility_column),
        national=national_client(settings, sql, closing, trips),
        leases=lease_keeper(settings, sql),
        poison=settings.poison_attempts,
        closing=closing,
    )


def journal_writer(settings: Settings) -> JournalWriter:
    """The journal; connects in a thread of its own when the first entry comes."""
    lifetime = int(settings.journal_days * SECONDS_A_DAY)
    return JournalWriter(
        lambda: open_journal(settings.mongo_uri, settings.mongo_db_name, lifetime=lifetime),
        limit=settings.journal_entries,
    )
