"""The settings: names, defaults, and what is made of them."""

import attrs
import pytest

from pharmasync.decisions.pauses import Pauses
from pharmasync.settings import Settings, declared, load

Least = dict[str, str]

KEY = "-_aZ09" * 7 + "A="
OLDER_KEY = "b" * 43 + "="

GIVEN = [
    ("REDIS_URL", "redis_url", "rediss://user:pw@redis.example:6380/3", "rediss://user:pw@redis.example:6380/3"),
    ("REDIS_URL", "redis_url", "unix:///run/redis.sock", "unix:///run/redis.sock"),
    *[
        ("REDIS_URL", "redis_url", text, text)
        for text in (
            "redis://h?db=2",
            "redis://h/0?socket_timeout=5&health_check_interval=30",
            "redis://h?max_connections=9",
        )
    ],
    ("PHARMASYNC_BROKER_URL", "broker_url", "redis://redis.example:6380/3", "redis://redis.example:6380/3"),
    (
        "PHARMASYNC_BROKER_URL",
        "broker_url",
        "amqps://u:p@mq.example/v?heartbeat=9",
        "amqps://u:p@mq.example/v?heartbeat=9",
    ),
    (
        "PHARMASYNC_BROKER_URL",
        "broker_url",
        "amqp://mq1.example;amqp://mq2.example",
        "amqp://mq1.example;amqp://mq2.example",
    ),
    ("MSSQL_SERVER", "mssql_server", "sql2.example", "sql2.example"),
    ("MSSQL_PORT", "mssql_port", "14330", 14330),
    ("MSSQL_DATABASE", "mssql_database", "kho thuốc", "kho thuốc"),
    ("MSSQL_USER", "mssql_user", "sa", "sa"),
    ("MSSQL_PASSWORD", "mssql_password", " p w ", " p w "),
    ("MONGO_URI", "mongo_uri", "mongodb+srv://u:p@mongo.example/", "mongodb+srv://u:p@mongo.example/"),
    *[
        ("MONGO_URI", "mongo_uri", text, text)
        for text in (
            *(
                "mongodb://mongo.example",
                "mongodb://u:p%40w@a:1,b:2/admin?replicaSet=rs0&w=majority",
                "mongodb://[::1]/",
            ),
            *("mongodb://h/?unheardOf=1", "mongodb+srv://mongo.example/?retryWrites=true&srvMaxHosts=2"),
        )
    ],
    ("MONGO_DB_NAME", "mongo_db_name", "logs", "logs"),
    ("API_BASE_URL", "api_base_url", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    *[
        ("API_BASE_URL", "api_base_url", text, text)
        for text in ("http://localhost:1", "http://127.9.9.9", "http://[::1]:8080", "https://api.example:8443")
    ],
    ("API_BASE_URL", "api_base_url", " https://api.example/ ", "https://api.example"),
    *[("PHARMASYNC_MSSQL_ENCRYPTION", "mssql_encryption", text, text) for text in ("require", "request", "off")],
    ("PHARMASYNC_SECRET_KEY", "secret_keys", KEY, (KEY,)),
    ("PHARMASYNC_SECRET_KEY", "secret_keys", f" {KEY}, {OLDER_KEY}", (KEY, OLDER_KEY)),
    ("PHARMASYNC_SCAN_SECONDS", "scan_seconds", "0.25", 0.25),
    ("PHARMASYNC_WORKER_THREADS", "worker_threads", "16", 16),
    ("PHARMASYNC_WORKER_PREFETCH", "worker_prefetch", "40", 40),
    ("PHARMASYNC_QUEUE_HIGH_WATER", "queue_high_water", "1000", 1000),
    ("PHARMASYNC_QUEUED_LEASE_SECONDS", "queued_lease_seconds", "60", 60.0),
    ("PHARMASYNC_SENDING_LEASE_SECONDS", "sending_lease_seconds", "600", 600.0),
    ("PHARMASYNC_CONNECT_TIMEOUT_SECONDS", "connect_timeout_seconds", "3", 3.0),
    ("PHARMASYNC_READ_TIMEOUT_SECONDS", "read_timeout_seconds", "30", 30.0),
    ("PHARMASYNC_TOTAL_TIMEOUT_SECONDS", "total_timeout_seconds", "45.5", 45.5),
    ("PHARMASYNC_SEND_RETRIES", "send_retries", "1", 1),
    ("PHARMASYNC_SEND_RETRIES", "send_retries", "0", 0),
    ("PHARMASYNC_SEND_RETRY_SECONDS", "send_retry_seconds", "1e-3", 0.001),
    ("PHARMASYNC_LOGIN_RETRIES", "login_retries", "2", 2),
    ("PHARMASYNC_LOGIN_RETRY_SECONDS", "login_retry_seconds", "1", 1.0),
    ("PHARMASYNC_API_MAX_RPS", "api_max_rps", "0.5", 0.5),
    ("PHARMASYNC_API_MAX_CALLS", "api_max_calls", "20", 20),
    ("PHARMASYNC_API_MAX_CALLS_PER_SHOP", "api_max_calls_per_shop", "2", 2),
    ("PHARMASYNC_CIRCUIT_FAILURES", "circuit_failures", "50", 50),
    ("PHARMASYNC_CIRCUIT_PROBE_SECONDS", "circuit_probe_seconds", "2.5", 2.5),
    ("PHARMASYNC_TOKEN_LIFETIME_SECONDS", "token_lifetime_seconds", "900", 900.0),
    ("PHARMASYNC_ATTEMPTS", "attempts", "3", 3),
    ("PHARMASYNC_ATTEMPTS", "attempts", "1", 1),
    ("PHARMASYNC_POISON_ATTEMPTS", "poison_attempts", "3", 3),
    ("PHARMASYNC_RETRY_FIRST_SECONDS", "retry_first_seconds", "5", 5.0),
    ("PHARMASYNC_RETRY_LONGEST_SECONDS", "retry_longest_seconds", "60", 60.0),
    ("PHARMASYNC_UNCERTAIN_SECONDS", "uncertain_seconds", "90", 90.0),
    ("PHARMASYNC_HELD_BACK_SECONDS", "held_back_seconds", "120", 120.0),
    ("PHARMASYNC_STUCK_SECONDS", "stuck_seconds", "3600", 3600.0),
    ("PHARMASYNC_JOURNAL_DAYS", "journal_days", "0.5", 0.5),
    ("PHARMASYNC_JOURNAL_DAYS", "journal_days", "24855", 24855.0),
    ("PHARMASYNC_JOURNAL_ENTRIES", "journal_entries", "10", 10),
    ("PHARMASYNC_FACILITY_COLUMN", "facility_column", "shop_pharmacy_code", "shop_pharmacy_code"),
]

WITHOUT_UNIT = {
    "PHARMASYNC_BROKER_URL",
    "PHARMASYNC_FACILITY_COLUMN",
    "PHARMASYNC_MSSQL_ENCRYPTION",
    "PHARMASYNC_SECRET_KEY",
}

REQUIRED = {"MSSQL_SERVER", "MSSQL_DATABASE", "MSSQL_USER", "MSSQL_PASSWORD", "API_BASE_URL"}


@pytest.mark.parametrize(
    ("attribute", "default"),
    [
        ("redis_url", "redis://127.0.0.1:6379/0"),
        ("mssql_port", 1433),
        ("mongo_uri", "mongodb://127.0.0.1:27017/"),
        ("mongo_db_name", "sync_data_logs"),
        ("api_username", None),
        ("api_password", None),
        ("secret_keys", None),
        ("mssql_encryption", "require"),
        ("api_max_rps", None),
        ("api_max_calls", None),
        ("api_max_calls_per_shop", None),
        ("facility_column", "pharmacy_code"),
    ],
)
def test_what_is_not_set_has_its_known_default(least: Least, attribute: str, default: object) -> None:
    assert getattr(load(least), attribute) == default


@pytest.mark.parametrize(("name", "attribute", "text", "value"), GIVEN)
def test_a_setting_is_read_from_its_name(least: Least, name: str, attribute: str, text: str, *, value: object) -> None:
    got = getattr(load({**least, name: text}), attribute)
    assert got == value
    assert type(got) is type(value)


def test_every_setting_stands_in_the_table_above() -> None:
    names = {declared(attribute).name for attribute in attrs.fields(Settings)}
    assert names == {name for name, *_ in GIVEN} | {"API_USERNAME", "API_PASSWORD"}


def test_a_setting_without_a_default_is_one_of_the_five_that_must_be_set() -> None:
    without = {declared(a).name for a in attrs.fields(Settings) if a.default is attrs.NOTHING}
    assert without == REQUIRED


@pytest.mark.parametrize("attribute", attrs.fields(Settings), ids=lambda attribute: attribute.name)
def test_every_setting_has_a_sentence_and_every_quantity_a_unit(attribute: "attrs.Attribute[object]") -> None:
    described = declared(attribute)
    assert described.meaning
    assert described.expects
    assert bool(described.unit) is (described.name.startswith("PHARMASYNC_") and described.name not in WITHOUT_UNIT)


def test_what_is_in_the_environment_besides_is_passed_over(least: Least) -> None:
    assert load({**least, "PATH": "/bin", "PHARMASYNC_UNKNOWN": "x", "mssql_port": "1"}) == load(least)


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ({"REDIS_HOST": "redis.example"}, "redis://redis.example:6379/0"),
        ({"REDIS_PORT": "6380"}, "redis://127.0.0.1:6380/0"),
        ({"REDIS_HOST": "redis.example", "REDIS_PORT": "6380"}, "redis://redis.example:6380/0"),
        ({"REDIS_URL": "redis://a:1/2", "REDIS_HOST": "b", "REDIS_PORT": "3"}, "redis://a:1/2"),
        ({"REDIS_URL": "", "REDIS_HOST": "b"}, "redis://b:6379/0"),
        ({"REDIS_HOST": "::1"}, "redis://[::1]:6379/0"),
        ({"REDIS_HOST": "redis_1", "REDIS_PORT": "1"}, "redis://redis_1:1/0"),
        ({"REDIS_URL": "redis://a:1/2", "REDIS_PORT": "abc"}, "redis://a:1/2"),
        ({"REDIS_HOST": "", "REDIS_PORT": ""}, "redis://127.0.0.1:6379/0"),
    ],
)
def test_redis_may_be_named_by_host_and_port(least: Least, more: Least, url: str) -> None:
    assert load({**least, **more}).redis_url == url


@pytest.mark.parametrize("url", ["redis://other.example", "amqp://mq.example"])
def test_the_broker_is_the_redis_of_the_tokens_unless_another_one_is_named(least: Least, url: str) -> None:
    environ = {**least, "REDIS_URL": "redis://redis.example"}
    assert load(environ).broker == "redis://redis.example"
    assert load({**environ, "PHARMASYNC_BROKER_URL": url}).broker == url


@pytest.mark.parametrize("server", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST"])
def test_a_sql_server_on_this_machine_need_not_have_tls(least: Least, server: str) -> None:
    environ = {**least, "MSSQL_SERVER": server}
    assert load(environ).mssql_encryption == "request"
    assert load({**environ, "PHARMASYNC_MSSQL_ENCRYPTION": "require"}).mssql_encryption == "require"


@pytest.mark.parametrize("server", ["10.0.0.1", "localhost.example", "127.example", "sql", "::2", "tcp:127.0.0.1"])
def test_any_other_sql_server_must_have_tls_unless_a_setting_says_otherwise(least: Least, server: str) -> None:
    environ = {**least, "MSSQL_SERVER": server}
    assert load(environ).mssql_encryption == "require"
    assert load({**environ, "PHARMASYNC_MSSQL_ENCRYPTION": "off"}).mssql_encryption == "off"


def test_the_account_for_shops_without_one_is_both_name_and_password(least: Least) -> None:
    settings = load({**least, "API_USERNAME": "chain", "API_PASSWORD": "pw"})
    assert (settings.api_username, settings.api_password) == ("chain", "pw")


@pytest.mark.parametrize("name", sorted({name for name, *_ in GIVEN} - REQUIRED))
def test_an_empty_setting_counts_as_not_set(least: Least, name: str) -> None:
    assert load({**least, name: ""}) == load(least)


def test_the_pauses_are_those_of_the_settings(least: Least) -> None:
    names = ("RETRY_FIRST_SECONDS", "RETRY_LONGEST_SECONDS", "UNCERTAIN_SECONDS", "HELD_BACK_SECONDS", "ATTEMPTS")
    environ = {f"PHARMASYNC_{name}": str(number) for number, name in enumerate(names, start=1)}
    assert load({**least, **environ}).pauses == Pauses(first=1.0, longest=2.0, uncertain=3.0, held_back=4.0, attempts=5)


def test_the_defaults_of_the_settings_and_of_the_pauses_are_the_same(least: Least) -> None:
    assert load(least).pauses == Pauses()


def test_the_longest_call_is_the_total_time_out_and_a_little(least: Least) -> None:
    assert load({**least, "PHARMASYNC_TOTAL_TIMEOUT_SECONDS": "32"}).longest_call_seconds == 37.0
