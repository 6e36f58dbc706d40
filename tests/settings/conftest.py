"""What the tests of settings share: the least that must be set."""

import pytest


@pytest.fixture
def least() -> dict[str, str]:
    """The required settings and no other."""
    return {
        "MSSQL_SERVER": "sql.example",
        "MSSQL_DATABASE": "pharmacy",
        "MSSQL_USER": "sync",
        "MSSQL_PASSWORD": "s3cret-sql",
        "API_BASE_URL": "https://api.example",
    }
