"""Every setting, with its default, its unit and a sentence."""

from attrs import frozen

from pharmasync.decisions.pauses import Pauses
from pharmasync.settings.broker_address import BROKER
from pharmasync.settings.declared import (
    CALLS,
    COUNT,
    FACILITY,
    JOURNAL_DAYS,
    PORT,
    REPEATS,
    SECONDS,
    TEXT,
    WEB,
    setting,
)
from pharmasync.settings.mongo_address import DATABASE, MONGO
from pharmasync.settings.redis_address import REDIS
from pharmasync.settings.secret_keys import SECRET_KEYS
from pharmasync.settings.tls import ENCRYPTION, REQUIRE

CALL_MARGIN_SECONDS = 5.0


@frozen(kw_only=True)
class Settings:
    """All settings; :func:`~pharmasync.settings.load` reads them."""

    redis_url: str = setting(
        "REDIS_URL", REDIS, "The token cache, and Dramatiq's broker", default="redis://127.0.0.1:6379/0", secret=True
    )
    broker_url: str | None = setting(
        "PHARMASYNC_BROKER_URL",
        BROKER,
        "Dramatiq's broker where it is not the Redis of REDIS_URL: another one, or RabbitMQ",
        default=None,
        secret=True,
    )
    mssql_server: str = setting("MSSQL_SERVER", TEXT, "Host of the pharmacies' SQL Server")
    mssql_port: int = setting("MSSQL_PORT", PORT, "Its port", default=1433)
    mssql_database: str = setting("MSSQL_DATABASE", TEXT, "Its database")
    mssql_user: str = setting("MSSQL_USER", TEXT, "Its login")
    mssql_password: str = setting("MSSQL_PASSWORD", TEXT, "The login's password", secret=True)
    mssql_encryption: str = setting(
        "PHARMASYNC_MSSQL_ENCRYPTION",
        ENCRYPTION,
        "TLS to SQL Server: require, request or off; where MSSQL_SERVER is this machine itself the default is request",
        default=REQUIRE,
    )
    mongo_uri: str = setting(
        "MONGO_URI", MONGO, "The journal's server", default="mongodb://127.0.0.1:27017/", secret=True
    )
    mongo_db_name: str = setting("MONGO_DB_NAME", DATABASE, "The journal's database", default="sync_data_logs")
    api_base_url: str = setting("API_BASE_URL", WEB, "The national API, without a path of its own")
    api_username: str | None = setting(
        "API_USERNAME", TEXT, "The account of a shop that AccountShop has none for", default=None
    )
    api_password: str | None = setting("API_PASSWORD", TEXT, "Its password", default=None, secret=True)
    secret_keys: tuple[str, ...] | None = setting(
        "PHARMASYNC_SECRET_KEY",
        SECRET_KEYS,
        "Keys of the passwords in AccountShop, with a comma between them: the first encrypts, all of them decrypt",
        default=None,
        secret=True,
    )

    scan_seconds: float = setting(
        "PHARMASYNC_SCAN_SECONDS", SECONDS, "How often the producer looks for due rows", default=0.5, unit="s"
    )
    worker_threads: int = setting(
        "PHARMASYNC_WORKER_THREADS",
        COUNT,
        "Threads of a worker process that is started without --threads, or with Dramatiq's own default, --threads 8",
        default=80,
        unit="threads",
    )
    worker_prefetch: int = setting(
        "PHARMASYNC_WORKER_PREFETCH",
        COUNT,
        "Messages that such a process fetches ahead from each queue",
        default=160,
        unit="messages",
    )
    queue_high_water: int = setting(
        "PHARMASYNC_QUEUE_HIGH_WATER",
        COUNT,
        "The producer fills each queue up to so many messages; the rest waits in SQL Server",
        default=500,
        unit="messages",
    )
    queued_lease_seconds: float = setting(
        "PHARMASYNC_QUEUED_LEASE_SECONDS",
        SECONDS,
        "After this a claimed row that no worker began is claimed again",
        default=30.0,
        unit="s",
    )
    sending_lease_seconds: float = setting(
        "PHARMASYNC_SENDING_LEASE_SECONDS",
        SECONDS,
        "After this a row whose worker died is taken up again, as uncertain; a worker that lives renews it",
        default=30.0,
        unit="s",
    )
    connect_timeout_seconds: float = setting(
        "PHARMASYNC_CONNECT_TIMEOUT_SECONDS",
        SECONDS,
        "Longest wait for a connection to the national API",
        default=10.0,
        unit="s",
    )
    read_timeout_seconds: float = setting(
        "PHARMASYNC_READ_TIMEOUT_SECONDS",
        SECONDS,
        "Longest silence of the national API while an answer is awaited",
        default=60.0,
        unit="s",
    )
    total_timeout_seconds: float = setting(
        "PHARMASYNC_TOTAL_TIMEOUT_SECONDS",
        SECONDS,
        "Longest time of a call to the national API in all, however busily it goes on answering",
        default=90.0,
        unit="s",
    )
    send_retries: int = setting(
        "PHARMASYNC_SEND_RETRIES",
        REPEATS,
        "Repeats of a call that surely never reached the national API",
        default=3,
        unit="calls",
    )
    send_retry_seconds: float = setting(
        "PHARMASYNC_SEND_RETRY_SECONDS", SECONDS, "The wait between them", default=3.0, unit="s"
    )
    login_retries: int = setting(
        "PHARMASYNC_LOGIN_RETRIES", REPEATS, "Repeats of a login after network trouble", default=5, unit="calls"
    )
    login_retry_seconds: float = setting(
        "PHARMASYNC_LOGIN_RETRY_SECONDS", SECONDS, "The wait between them", default=2.0, unit="s"
    )
    api_max_rps: float | None = setting(
        "PHARMASYNC_API_MAX_RPS",
        CALLS,
        "Calls a second to the national API, over all workers, logins included; may be a fraction",
        default=None,
        unit="calls/s",
    )
    api_max_calls: int | None = setting(
        "PHARMASYNC_API_MAX_CALLS",
        COUNT,
        "Calls to the national API under way at once, over all workers",
        default=None,
        unit="calls",
    )
    api_max_calls_per_shop: int | None = setting(
        "PHARMASYNC_API_MAX_CALLS_PER_SHOP", COUNT, "The same for each shop", default=None, unit="calls"
    )
    circuit_failures: int = setting(
        "PHARMASYNC_CIRCUIT_FAILURES",
        COUNT,
        "After so many calls in a row, over all workers, that found the national server down, calls pause",
        default=20,
        unit="calls",
    )
    circuit_probe_seconds: float = setting(
        "PHARMASYNC_CIRCUIT_PROBE_SECONDS",
        SECONDS,
        "While calls pause, one document is sent so often, to find out whether the server is back",
        default=5.0,
        unit="s",
    )
    token_lifetime_seconds: float = setting(
        "PHARMASYNC_TOKEN_LIFETIME_SECONDS", SECONDS, "How long a token is kept", default=1800.0, unit="s"
    )
    attempts: int = setting(
        "PHARMASYNC_ATTEMPTS", COUNT, "After so many attempts a row is SYNC_FAILED", default=12, unit="attempts"
    )
    poison_attempts: int = setting(
        "PHARMASYNC_POISON_ATTEMPTS",
        COUNT,
        "A row that was begun so many times without any outcome is SYNC_FAILED: it may be what kills its workers",
        default=5,
        unit="attempts",
    )
    retry_first_seconds: float = setting(
        "PHARMASYNC_RETRY_FIRST_SECONDS",
        SECONDS,
        "The wait after a first failed attempt; it doubles with each further one",
        default=30.0,
        unit="s",
    )
    retry_longest_seconds: float = setting(
        "PHARMASYNC_RETRY_LONGEST_SECONDS", SECONDS, "The longest wait between attempts", default=3600.0, unit="s"
    )
    uncertain_seconds: float = setting(
        "PHARMASYNC_UNCERTAIN_SECONDS",
        SECONDS,
        "The least wait before a row whose answer was lost is looked for at the national API",
        default=60.0,
        unit="s",
    )
    held_back_seconds: float = setting(
        "PHARMASYNC_HELD_BACK_SECONDS",
        SECONDS,
        "The wait of a row whose shop has no account",
        default=300.0,
        unit="s",
    )
    stuck_seconds: float = setting(
        "PHARMASYNC_STUCK_SECONDS",
        SECONDS,
        "`pharmasync status` raises the alarm for rows that came longer ago and are neither delivered nor refused",
        default=86_400.0,
        unit="s",
    )
    journal_days: float = setting(
        "PHARMASYNC_JOURNAL_DAYS", JOURNAL_DAYS, "How long task_logs keeps an attempt", default=90.0, unit="days"
    )
    journal_entries: int = setting(
        "PHARMASYNC_JOURNAL_ENTRIES",
        COUNT,
        "Journal entries that one process keeps in memory while MongoDB is away",
        default=10_000,
        unit="entries",
    )
    facility_column: str = setting(
        "PHARMASYNC_FACILITY_COLUMN",
        FACILITY,
        "The column that holds the facility's nationally issued code",
        default="pharmacy_code",
    )

    @property
    def broker(self) -> str:
        """The address of Dramatiq's broker."""
        return self.broker_url or self.redis_url

    @property
    def longest_call_seconds(self) -> float:
        """How long one call to the national API takes at most, and a little for what is around it."""
        return self.total_timeout_seconds + CALL_MARGIN_SECONDS

    @property
    def pauses(self) -> Pauses:
        """The waits between attempts."""
        return Pauses(
            first=self.retry_first_seconds,
            longest=self.retry_longest_seconds,
            uncertain=self.uncertain_seconds,
            held_back=self.held_back_seconds,
            attempts=self.attempts,
        )
