"""What the login may do with a table, as far as the server tells."""

from collections.abc import Sequence

from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import SqlServer

READ = ("SELECT",)
READ_AND_CHANGE = ("SELECT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")


def missing_rights(sql: SqlServer, table: str, needed: Sequence[str]) -> list[str]:
    """The rights that the login lacks, each in words; none where the server does not tell."""
    asked = ", ".join(f"HAS_PERMS_BY_NAME(%s, %s, %s) AS may_{right}" for right in needed)
    try:
        (answer,) = sql.rows(f"SELECT {asked}", [value for right in needed for value in (table, "OBJECT", right)])
    except StatementError:  # it does not know the function: nothing is known, and so nothing is amiss
        return []
    return [f"the login has no {right} right" for right in needed if answer[f"may_{right}"] == 0]
