"""What is less safe than it could be is said at start, in a line each."""

import logging
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet

from pharmasync.exposure import warn_of_exposure
from pharmasync.sandbox.servers import free_port
from pharmasync.secrets import Keyring
from pharmasync.settings import Settings, load
from pharmasync.sqlserver.connection import Address, SqlServer
from tests.environment import environment
from tests.pharmacy import Pharmacy

pytestmark = pytest.mark.integration

KEY = Fernet.generate_key().decode()

SettingsWith = Callable[..., Settings]


@pytest.fixture
def settings_with(empty_database: Address) -> SettingsWith:
    def make(**more: str) -> Settings:
        servers = environment(empty_database, redis_url="redis://127.0.0.1", api_url="http://127.0.0.1")
        return load({**servers, "PHARMASYNC_MSSQL_ENCRYPTION": "require", **more})

    return make


def warnings_of(caplog: pytest.LogCaptureFixture, settings: Settings, sql: SqlServer) -> list[str]:
    with caplog.at_level(logging.INFO):
        warn_of_exposure(settings, sql)
    assert all(record.levelno == logging.WARNING for record in caplog.records)
    return caplog.messages


def test_passwords_in_clear_text_are_counted_in_one_warning(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    for shop in ("S1", "S2"):
        pharmacy.add_shop(shop, password="very-secret-word")
    pharmacy.add_shop("S3", password=Keyring.of((KEY,)).stored("x"))
    pharmacy.add_shop("S4", password="")
    (warning,) = warnings_of(caplog, settings_with(PHARMASYNC_SECRET_KEY=KEY), sql)
    assert warning == ("passwords in clear text in AccountShop: 2; `pharmasync shops encrypt` encrypts them")


def test_without_a_key_the_warning_says_what_is_needed_first(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1")
    (warning,) = warnings_of(caplog, settings_with(), sql)
    assert warning.endswith("once PHARMASYNC_SECRET_KEY is set")


@pytest.mark.parametrize("encryption", ["request", "off"])
def test_a_connection_that_need_not_be_encrypted_is_a_warning(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith, sql: SqlServer, encryption: str
) -> None:
    (warning,) = warnings_of(caplog, settings_with(PHARMASYNC_MSSQL_ENCRYPTION=encryption), sql)
    assert f"PHARMASYNC_MSSQL_ENCRYPTION is '{encryption}'" in warning


def test_nothing_is_said_where_all_is_safe(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith, sql: SqlServer, pharmacy: Pharmacy
) -> None:
    pharmacy.add_shop("S1", password=Keyring.of((KEY,)).stored("x"))
    assert warnings_of(caplog, settings_with(), sql) == []


def test_a_sql_server_that_is_away_is_passed_over(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith
) -> None:
    away = SqlServer(Address(server="127.0.0.1", port=free_port(), database="x", user="x", password="x"))
    assert warnings_of(caplog, settings_with(), away) == []


def test_missing_tables_are_passed_over(
    caplog: pytest.LogCaptureFixture, settings_with: SettingsWith, empty_database: Address
) -> None:
    assert warnings_of(caplog, settings_with(), SqlServer(empty_database)) == []
