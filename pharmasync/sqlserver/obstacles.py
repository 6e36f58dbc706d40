"""What a user has put on a table that keeps its rows from changing their states: triggers and constraints."""

from collections.abc import Sequence

from pharmasync.decisions.status import Status
from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Row, SqlServer

TRIGGERS = (
    "SELECT triggers.name FROM sys.triggers AS triggers INNER JOIN sys.trigger_events AS events"
    " ON events.object_id = triggers.object_id WHERE triggers.parent_id = OBJECT_ID(%s) AND triggers.is_disabled = 0"
    " AND events.type_desc = %s"
)

CHECKS = "SELECT name, definition FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(%s) AND is_disabled = 0"


def in_the_way(sql: SqlServer, table: str) -> list[str]:
    """What is in the way, each in words; nothing where the server does not show it, as Babelfish some of it."""
    triggers = [
        f"trigger {row['name']} fires on UPDATE: SQL Server then refuses UPDATE with OUTPUT (error 334)"
        for row in _shown(sql, TRIGGERS, (table, "UPDATE"))
    ]
    constraints = [
        f"constraint {row['name']} does not let status be {', '.join(states)}"
        for row in _shown(sql, CHECKS, (table,))
        if (states := _unmentioned(str(row["definition"])))
    ]
    return triggers + constraints


def _unmentioned(definition: str) -> list[str]:
    """The states that a constraint on the status does not name; SQL Server writes columns in brackets."""
    written = definition.upper()
    return [state.value for state in Status if state.value not in written] if "[STATUS]" in written else []


def _shown(sql: SqlServer, statement: str, parameters: Sequence[object]) -> list[Row]:
    try:
        return sql.rows(statement, parameters)
    except StatementError:
        return []
