"""The environment of pharmasync's processes in the tests."""

from pharmasync.sqlserver.connection import Address


def environment(address: Address, *, redis_url: str, api_url: str, **more: str) -> dict[str, str]:
    """The settings that name the servers; ``more`` replaces or adds some."""
    return {
        "REDIS_URL": redis_url,
        "MSSQL_SERVER": address.server,
        "MSSQL_PORT": str(address.port),
        "MSSQL_DATABASE": address.database,
        "MSSQL_USER": address.user,
        "MSSQL_PASSWORD": address.password,
        "PHARMASYNC_MSSQL_ENCRYPTION": address.encryption,
        "API_BASE_URL": api_url,
        **more,
    }
