"""The environment of pharmasync's processes in the tests."""

from pharmasync.sandbox.demo.practice_servers import settings_of
from pharmasync.sqlserver.connection import Address


def environment(address: Address, *, redis_url: str, api_url: str, **more: str) -> dict[str, str]:
    """The settings that name the servers; ``more`` replaces or adds some."""
    return {
        "REDIS_URL": redis_url,
        **settings_of(address),
        "API_BASE_URL": api_url,
        **more,
    }
