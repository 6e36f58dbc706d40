"""How long workers wait for each other's logins and for Redis, as the settings make it."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from pharmasync.limits import Patience
from pharmasync.queues.tokens import PATIENCE_SECONDS
from pharmasync.sandbox.servers import Valkey
from pharmasync.settings import Settings
from pharmasync.wiring import token_cache
from tests.environment import settings_of_nowhere


@pytest.fixture
def settings() -> Settings:
    return settings_of_nowhere()


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


@pytest.fixture
def hanging_redis() -> Iterator[str]:
    """A Redis that takes connections and answers nothing."""
    with Valkey() as server:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        yield server.url
        os.kill(server.pid, signal.SIGCONT)


@pytest.mark.integration
def test_a_redis_that_hangs_holds_a_document_up_for_less_than_a_third_of_its_lease(
    settings: Settings, hanging_redis: str
) -> None:
    began = time.monotonic()
    assert token_cache(attrs.evolve(settings, redis_url=hanging_redis)).get("S1") is None
    assert time.monotonic() - began < settings.sending_lease_seconds / 3
