"""The environment of pharmasync's processes in the tests."""

from pharmasync.sandbox.demo.practice_servers import settings_of
from pharmasync.settings import Settings, load
from pharmasync.settings.tls import OFF
from pharmasync.sqlserver.connection import Address


def environment(address: Address, *, redis_url: str, api_url: str, **more: str) -> dict[str, str]:
    """The settings that name the servers; ``more`` replaces or adds some."""
    return {
        "REDIS_URL": redis_url,
        **settings_of(address),
        "API_BASE_URL": api_url,
        **more,
    }


def settings_of_nowhere() -> Settings:
    """Settings that name servers which are not there."""
    nowhere = Address(server="127.0.0.1", port=1, database="x", user="x", password="x", encryption=OFF)
    return load(environment(nowhere, redis_url="redis://127.0.0.1:1/0", api_url="http://127.0.0.1:1"))
