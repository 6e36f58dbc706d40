"""A login that may not do all that is needed is told of by `check`, and not by the first claim that fails."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve

from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Address, Row, SqlServer
from pharmasync.sqlserver.rights import ALL, READ_AND_CHANGE, missing_rights
from pharmasync.sqlserver.schema import create_or_extend, missing, tables
from tests.real_server import only_on_a_real_server

PASSWORD = "Mat-khau-77"


class Telling(SqlServer):
    """Plays a server that tells what the login may do: 1, 0, or NULL where it does not know the table."""

    def __init__(self, **may: int | None) -> None:
        self.may = may

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        del statement, parameters
        return [{f"may_{right}": answer for right, answer in self.may.items()}]


class Silent(SqlServer):
    """Plays a server that does not tell."""

    def __init__(self) -> None:
        pass

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        del statement, parameters
        raise StatementError("'HAS_PERMS_BY_NAME' is not a recognized built-in function name", 195)


def test_a_right_that_is_missing_is_named() -> None:
    assert missing_rights(Telling(SELECT=1, UPDATE=0), "T", READ_AND_CHANGE) == ["the login has no UPDATE right"]


@pytest.mark.parametrize("sql", [Telling(SELECT=1, UPDATE=1), Telling(SELECT=None, UPDATE=None), Silent()])
def test_nothing_is_missing_where_all_is_allowed_or_nothing_is_known(sql: SqlServer) -> None:
    assert missing_rights(sql, "T", READ_AND_CHANGE) == []


@pytest.mark.integration
class TestALoginThatMayOnlyRead:
    """On a server that has logins."""

    @pytest.fixture
    def reader(self, empty_database: Address) -> Iterator[SqlServer]:
        owner, name = SqlServer(empty_database), f"reader_{uuid4().hex[:12]}"
        create_or_extend(owner)
        owner.run(f"CREATE LOGIN {name} WITH PASSWORD = '{PASSWORD}'")
        owner.run(f"CREATE USER {name} FOR LOGIN {name}")
        for table in tables():
            owner.run(f"GRANT SELECT ON {table.name} TO {name}")
        reader = SqlServer(evolve(empty_database, user=name, password=PASSWORD))
        yield reader
        reader.close()
        owner.run(f"DROP LOGIN {name}")
        owner.close()

    @only_on_a_real_server("logins but one")
    def test_it_is_told_what_it_may_not_do(self, reader: SqlServer) -> None:
        lacking = {table.name: missing(reader, table) for table in tables()}
        assert lacking["SalesInvoices"] == ["the login has no UPDATE right"]
        assert lacking["SalesInvoiceDetails"] == []
        assert lacking["AccountShop"] == [f"the login has no {right} right" for right in ALL if right != "SELECT"]

    @only_on_a_real_server("logins but one")
    def test_whoever_made_the_tables_may_do_all(self, empty_database: Address) -> None:
        owner = SqlServer(empty_database)
        create_or_extend(owner)
        assert [missing(owner, table) for table in tables()] == [[] for _ in tables()]
        owner.close()
