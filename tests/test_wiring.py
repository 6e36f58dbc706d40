"""How the edges are put together."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from pharmasync.sandbox.servers import Valkey
from pharmasync.settings import Settings, load
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address
from pharmasync.wiring import token_cache
from tests.environment import environment

pytestmark = pytest.mark.integration


@pytest.fixture
def hanging_redis() -> Iterator[str]:
    """A Redis that takes connections and answers nothing."""
    with Valkey() as server:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        yield server.url
        os.kill(server.pid, signal.SIGCONT)


@pytest.fixture
def settings(hanging_redis: str) -> Settings:
    nowhere = Address(server="127.0.0.1", port=1, database="x", user="x", password="x", encryption=OFF)
    return load(environment(nowhere, redis_url=hanging_redis, api_url="http://127.0.0.1:1"))


def test_a_redis_that_hangs_holds_a_document_up_for_less_than_a_third_of_its_lease(settings: Settings) -> None:
    began = time.monotonic()
    assert token_cache(settings).get("S1") is None
    assert time.monotonic() - began < settings.sending_lease_seconds / 3
