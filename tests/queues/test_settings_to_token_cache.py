"""How long workers wait for each other's logins, as the settings make it."""

from typing import Any

import attrs
import pytest

from pharmasync.limits import Patience
from pharmasync.queues.tokens import PATIENCE_SECONDS
from pharmasync.settings import Settings, load
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address
from pharmasync.wiring import token_cache
from tests.environment import environment


@pytest.fixture
def settings() -> Settings:
    nowhere = Address(server="127.0.0.1", port=1, database="x", user="x", password="x", encryption=OFF)
    return load(environment(nowhere, redis_url="redis://127.0.0.1:1/0", api_url="http://127.0.0.1:1"))


@pytest.mark.parametrize(
    "changes",
    [
        {"login_retries": 5, "login_retry_seconds": 2.0, "total_timeout_seconds": 90.0},
        {"login_retries": 9, "login_retry_seconds": 30.0, "total_timeout_seconds": 300.0},
        {"login_retries": 0, "total_timeout_seconds": 1.0},
    ],
    ids=["the defaults", "long ones", "no repeats"],
)
def test_a_worker_waits_longer_than_the_longest_login_of_another(settings: Settings, changes: dict[str, Any]) -> None:
    patient = attrs.evolve(settings, **changes)
    calls = (patient.login_retries + 1) * (patient.total_timeout_seconds + Patience().overall)
    assert token_cache(patient).patience > calls + patient.login_retries * patient.login_retry_seconds


def test_a_cache_that_is_told_nothing_is_as_patient_as_the_defaults_need() -> None:
    assert 6 * (90.0 + Patience().overall) + 5 * 2.0 < PATIENCE_SECONDS
