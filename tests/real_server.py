"""Which server the tests of SQL run on, the one that MSSQL_… name or the practice server, and what only one can do."""

import os

import pytest

REAL_SERVER = os.environ.get("PHARMASYNC_TEST_MSSQL") == "1"


def only_on_a_real_server(why: str) -> pytest.MarkDecorator:
    """Skips a test of what the practice server does not have."""
    return pytest.mark.skipif(not REAL_SERVER, reason=f"the practice SQL Server has no {why}")


def only_on_the_practice_server(why: str) -> pytest.MarkDecorator:
    """Skips a test of what a real server may do in another way."""
    return pytest.mark.skipif(REAL_SERVER, reason=f"a real SQL Server {why}")
