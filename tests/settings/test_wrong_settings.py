"""A missing or wrong setting: one line that names it and what it expects, and gives no secret away."""

import sys

import pytest

from pharmasync.errors import SettingError
from pharmasync.settings import load

Least = dict[str, str]

SECONDS = "a number of seconds above 0"
COUNT = "a whole number from 1"
REPEATS = "a whole number from 0"
BROKER = "a redis://, rediss://, amqp:// or amqps:// address"
WEB = "an https:// address (http:// on this machine only) without credentials, path or query"
REDIS = "a redis:// or rediss:// address with options that redis-py knows"
MONGO = "a mongodb:// address that pymongo takes"
DATABASE = 'the name of a MongoDB database: at most 63 bytes without blanks and /\\.$"'
JOURNAL_DAYS = "a number of days above 0, at most 24855"
HOST = "the name or the address of a host"
PORT = "a port from 1 to 65535"
KEYS = "Fernet keys (32 bytes in URL-safe base64) with a comma between them"

KEY = "s3cret" * 7 + "a="

WRONG = [
    *[("REDIS_PORT", text, PORT) for text in ("abc", "0", "65536", " ")],
    *[
        ("REDIS_HOST", text, HOST)
        for text in ("redis.example/0", "redis.example:6379", "a b", " ", "redis://h", "[::1]")
    ],
    ("MSSQL_SERVER", "   ", "text"),
    *[("MONGO_DB_NAME", text, DATABASE) for text in (" ", "sync logs", "a/b", "a.b", "$a", '"a"', "a\\b", "đ" * 32)],
    *[("MSSQL_PORT", text, PORT) for text in ("0", "-1", "65536", "x", "14.33", "1433;", " ")],
    *[
        ("API_BASE_URL", text, WEB)
        for text in (
            *("api.example", "ftp://api.example", "https://", "//api.example", "http:/api", "http://[", "x"),
            *("https://h:abc", "https://h:0", "https://h/p?q=1", "https://h/#part"),
            *(
                "https://api.example/v1",
                "https://api.example/v1/",
                "https://api.example//",
                "http://127.0.0.1:8080/api",
            ),
            *("http://api.example", "http://10.0.0.1", "http://localhost.example", "http://127.example"),
        )
    ],
    *[
        ("PHARMASYNC_MSSQL_ENCRYPTION", text, "require, request or off")
        for text in ("yes", "true", "REQUIRE", "default", "require ", "strict")
    ],
    *[("PHARMASYNC_SCAN_SECONDS", text, SECONDS) for text in ("0", "-1", "nan", "inf", "-inf", "2 s", "1,5", "x")],
    ("PHARMASYNC_QUEUED_LEASE_SECONDS", "0", SECONDS),
    ("PHARMASYNC_SENDING_LEASE_SECONDS", "0", SECONDS),
    ("PHARMASYNC_CONNECT_TIMEOUT_SECONDS", "0", SECONDS),
    ("PHARMASYNC_READ_TIMEOUT_SECONDS", "0", SECONDS),
    ("PHARMASYNC_SEND_RETRY_SECONDS", "never", SECONDS),
    ("PHARMASYNC_LOGIN_RETRY_SECONDS", "never", SECONDS),
    *[("PHARMASYNC_API_MAX_RPS", text, "a number of calls above 0") for text in ("0", "-1", "nan", "inf", "10/s")],
    *[("PHARMASYNC_API_MAX_CALLS", text, COUNT) for text in ("0", "-1", "2.5")],
    ("PHARMASYNC_API_MAX_CALLS_PER_SHOP", "0", COUNT),
    ("PHARMASYNC_CIRCUIT_FAILURES", "0", COUNT),
    ("PHARMASYNC_CIRCUIT_PROBE_SECONDS", "0", SECONDS),
    ("PHARMASYNC_TOKEN_LIFETIME_SECONDS", "-5", SECONDS),
    ("PHARMASYNC_RETRY_FIRST_SECONDS", "0", SECONDS),
    ("PHARMASYNC_RETRY_LONGEST_SECONDS", "0", SECONDS),
    ("PHARMASYNC_UNCERTAIN_SECONDS", "0", SECONDS),
    ("PHARMASYNC_HELD_BACK_SECONDS", "0", SECONDS),
    *[("PHARMASYNC_ATTEMPTS", text, COUNT) for text in ("0", "-1", "1.5", "1e3", "many", "9" * 5000)],
    ("PHARMASYNC_QUEUE_HIGH_WATER", "0", COUNT),
    ("PHARMASYNC_SEND_RETRIES", "-1", REPEATS),
    ("PHARMASYNC_LOGIN_RETRIES", "x", REPEATS),
    ("PHARMASYNC_JOURNAL_ENTRIES", "0", COUNT),
    *[("PHARMASYNC_JOURNAL_DAYS", text, JOURNAL_DAYS) for text in ("0", "24856", "1e9", "inf", "nan")],
    *[
        ("PHARMASYNC_FACILITY_COLUMN", text, "pharmacy_code or shop_pharmacy_code")
        for text in ("ma_co_so", "PHARMACY_CODE", "id; DROP TABLE SalesInvoices")
    ],
]

WRONG_SECRETS = [
    ("REDIS_URL", "http://:s3cret@redis.example", REDIS),
    ("REDIS_URL", "s3cret", REDIS),
    ("REDIS_URL", "redis://[s3cret", REDIS),
    *[
        ("PHARMASYNC_BROKER_URL", text, BROKER)
        for text in (
            *("http://u:s3cret@mq.example", "s3cret", "amqp://", "amqp://[s3cret", "amqp://u:s3cret@mq.example:0"),
            *("amqp://u:s3cret@mq.example:abc", "amqp://s3cret@mq.example", "redis://:s3cret@"),
            *("amqp://u:s3cret@mq.example?heartbeat=often", "amqp://u:s3cret@mq.example?s3cret=1"),
            *("amqp://u:s3cret@mq.example?tcp_options={", "amqp://mq.example;redis://:s3cret@redis.example"),
        )
    ],
    ("MONGO_URI", "http://u:s3cret@mongo.example", MONGO),
    ("MONGO_URI", "s3cret", MONGO),
    ("REDIS_URL", "redis://s3cret:abc/0", REDIS),
    ("REDIS_URL", "redis://", REDIS),
    ("REDIS_URL", "redis://:s3cret@redis.example:0/0", REDIS),
    *[
        ("REDIS_URL", f"redis://:s3cret@redis.example/0?{options}", REDIS)
        for options in ("db=abc", "foo=bar", "socket_timeout=xx", "connection_class=x", "protocol=9")
    ],
    ("REDIS_URL", "rediss://:s3cret@redis.example/0?ssl_cert_reqs=maybe", REDIS),
    ("PHARMASYNC_BROKER_URL", "redis://:s3cret@redis.example/0?foo=bar", BROKER),
    *[
        ("MONGO_URI", text, MONGO)
        for text in (
            *("mongodb://127.0.0.1:99999/", "mongodb://127.0.0.1:0/", "mongodb://h:abc/", "mongodb://h,h:99999/"),
            *(
                "mongodb://u:s3cret%zz@mongo.example/",
                "mongodb://mongo.example/a$b",
                "mongodb://u:s3:cret@mongo.example",
            ),
            *("mongodb://a,b/?directConnection=true", "mongodb://h/?tls=true&ssl=false", "mongodb://h/?srvMaxHosts=1"),
            *(
                "mongodb+srv://mongo.example:27017/",
                "mongodb+srv://a.example,b.example/",
                "mongodb+srv://h/?tls=1&ssl=0",
            ),
            "mongodb://h/?tlsCAFile=/nowhere/ca.crt",
        )
    ],
    ("MONGO_URI", "mongodb://", MONGO),
    ("MONGO_URI", "mongodb://u:s3cret@", MONGO),
    ("API_BASE_URL", "https://u:s3cret@api.example", WEB),
    ("API_BASE_URL", "https://s3cret:12/34@api.example", WEB),
    ("REDIS_URL", "redis://s3cret:12/34@redis.example/0", REDIS),
    ("MONGO_URI", "mongodb://s3cret:12/34@mongo.example/", MONGO),
    ("MONGO_URI", "mongodb://u:s3cret#34@mongo.example/", MONGO),
    ("PHARMASYNC_BROKER_URL", "amqp://s3cret:12/34@mq.example", BROKER),
    *[
        ("PHARMASYNC_SECRET_KEY", text, KEYS)
        for text in (
            *("s3cret", "s3cret" * 7 + "==", KEY[:-1], KEY[1:], f"{KEY},", f",{KEY}", f"{KEY} {KEY}", f"{KEY};{KEY}"),
            *(KEY.replace("s", "+"), KEY.replace("s", "é"), f"{KEY}\n{KEY}"),
        )
    ],
    ("MSSQL_PASSWORD", "   ", "text"),
]


@pytest.mark.parametrize("name", ["MSSQL_SERVER", "MSSQL_DATABASE", "MSSQL_USER", "MSSQL_PASSWORD", "API_BASE_URL"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_a_missing_setting_is_named_in_one_line(least: Least, name: str, how: str) -> None:
    environ = {key: text for key, text in least.items() if key != name}
    if how == "empty":
        environ[name] = ""
    with pytest.raises(SettingError, match=rf"^{name} is not set; it expects ") as caught:
        load(environ)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "text", "expects"), WRONG, ids=lambda value: value[:40])
def test_a_wrong_setting_is_named_with_its_text_and_what_it_expects(
    least: Least, name: str, text: str, expects: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load({**least, name: text})
    assert str(caught.value) == f"{name} is wrong: {text!r}; it expects {expects}"


@pytest.mark.parametrize(("name", "text", "expects"), WRONG_SECRETS)
def test_a_wrong_secret_is_named_without_its_text(least: Least, name: str, text: str, expects: str) -> None:
    with pytest.raises(SettingError) as caught:
        load({**least, name: text})
    assert str(caught.value) == f"{name} is wrong: its value; it expects {expects}"


def test_rabbitmq_without_its_client_is_one_line_that_says_what_to_install(
    least: Least, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pika", None)
    with pytest.raises(SettingError, match=r"^PHARMASYNC_BROKER_URL .* pip install '\.\[rabbitmq\]'$") as caught:
        load({**least, "PHARMASYNC_BROKER_URL": "amqp://u:s3cret@mq.example"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "half",
    [
        {"API_USERNAME": "chain"},
        {"API_PASSWORD": "s3cret"},
        {"API_USERNAME": "chain", "API_PASSWORD": ""},
        {"API_USERNAME": "", "API_PASSWORD": "s3cret"},
    ],
)
def test_half_an_account_is_wrong(least: Least, half: Least) -> None:
    with pytest.raises(SettingError, match=r"^API_USERNAME and API_PASSWORD go together") as caught:
        load({**least, **half})
    assert "s3cret" not in str(caught.value)


def test_settings_print_no_secret(least: Least) -> None:
    settings = load(
        {
            **least,
            "REDIS_URL": "redis://:s3cret-redis@redis.example",
            "PHARMASYNC_BROKER_URL": "amqp://u:s3cret-broker@mq.example",
            "MONGO_URI": "mongodb://u:s3cret-mongo@mongo.example",
            "API_USERNAME": "chain",
            "API_PASSWORD": "s3cret-api",
            "PHARMASYNC_SECRET_KEY": KEY,
        }
    )
    assert "s3cret" not in repr(settings)
    assert "sql.example" in repr(settings)
