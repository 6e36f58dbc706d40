"""What keeps a user's table from holding what is written to it: triggers, constraints, and columns of another make."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from pharmasync.decisions.status import Status
from pharmasync.errors import StatementError
from pharmasync.sqlserver.connection import Row, SqlServer

TRIGGERS = (
    "SELECT triggers.name FROM sys.triggers AS triggers INNER JOIN sys.trigger_events AS events"
    " ON events.object_id = triggers.object_id WHERE triggers.parent_id = OBJECT_ID(%s) AND triggers.is_disabled = 0"
    " AND events.type_desc = %s"
)

CHECKS = "SELECT name, definition FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(%s) AND is_disabled = 0"

COLUMNS = (
    "SELECT name, max_length, is_nullable, is_computed, TYPE_NAME(system_type_id) AS kind FROM sys.columns"
    " WHERE object_id = OBJECT_ID(%s)"
)


@frozen(kw_only=True)
class Written:
    """A column that pharmasync writes to.

    Attributes:
        least: How many characters it must hold.
        emptied: Whether NULL is written to it.
        worded: Whether words for people are, in Vietnamese.
    """

    least: int = 0
    emptied: bool = False
    worded: bool = False


WRITTEN: Mapping[str, Written] = {
    "status": Written(least=max(map(len, Status))),
    "sync_attempts": Written(),
    "sync_due_at": Written(emptied=True),
    "sync_response_message": Written(least=500, emptied=True, worded=True),
    "updated_at": Written(),
    "sync_paused_reason": Written(least=400, emptied=True, worded=True),
}


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
    columns = [words for row in _shown(sql, COLUMNS, (table,)) for words in _unfit(row)]
    return triggers + constraints + columns


def _unfit(column: Row) -> list[str]:
    """Why a column does not take what is written to it."""
    name = str(column["name"]).lower()
    if name not in WRITTEN:
        return []
    needed, kind, size = WRITTEN[name], str(column["kind"]).lower(), int(str(column["max_length"]))
    length = size // 2 if kind in {"nchar", "nvarchar"} else size
    faults = {
        "is computed and cannot be written to": bool(column["is_computed"]),
        "does not let NULL be, which is written to it": needed.emptied and not column["is_nullable"],
        f"holds {length} characters, {needed.least} are written to it": needed.least > 0 and 0 <= length < needed.least,
        f"is a {kind.upper()}, which has no Vietnamese letters": needed.worded and kind in {"char", "varchar"},
    }
    return [f"column {name} {words}" for words, is_so in faults.items() if is_so]


def _unmentioned(definition: str) -> list[str]:
    """The states that a constraint on the status does not name; SQL Server writes columns in brackets."""
    written = definition.upper()
    return [state.value for state in Status if state.value not in written] if "[STATUS]" in written else []


def _shown(sql: SqlServer, statement: str, parameters: Sequence[object]) -> list[Row]:
    try:
        return sql.rows(statement, parameters)
    except StatementError:
        return []
