"""A database of one's own on a SQL Server that others use as well."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import attrs

from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Address, SqlServer


@contextmanager
def own_database(given: Address) -> Iterator[Address]:
    """A database without tables, for as long as the context lasts."""
    name = f"pharmasync_{uuid.uuid4().hex}"
    sql = SqlServer(given)
    sql.run(f"CREATE DATABASE {name}")
    try:
        yield attrs.evolve(given, database=name)
    finally:
        _drop(sql, name)
        sql.close()


def _drop(sql: SqlServer, name: str) -> None:
    """Drops it, however many connections the threads of a worker still hold open.

    Babelfish cannot be asked to cut them: there such a database stays behind.
    """
    with suppress(StatementError):
        sql.run(f"DROP DATABASE {name}")
        return
    with suppress(StatementError):
        sql.run(f"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE")
        sql.run(f"DROP DATABASE {name}")
