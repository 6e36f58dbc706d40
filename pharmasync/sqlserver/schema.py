"""The tables, and what `init-db` adds to those that exist: columns with a default or NULL, and indexes.

What a document needs may be NULL even where the API requires it: a row that is refused with words is worth more than an
INSERT that fails at the till.
"""

from collections.abc import Callable
from typing import Any

import attrs
from attrs import frozen

from pharmasync.decisions.status import Status
from pharmasync.documents import DOCUMENT_TYPES, DocumentType
from pharmasync.documents.fields import Choice, Day, Number, Rule, Text, declared
from pharmasync.errors import GaveWayError, StatementError
from pharmasync.sqlserver.connection import SqlServer
from pharmasync.sqlserver.due import CLAIM_KEY, IS_OPEN, IS_OPEN_VALUES, LOOK_KEY
from pharmasync.sqlserver.obstacles import in_the_way
from pharmasync.sqlserver.rights import ALL, READ, READ_AND_CHANGE, missing_rights
from pharmasync.sqlserver.statements import NOW

ADDED = {
    "sync_attempts": "INT NOT NULL DEFAULT 0",
    "sync_due_at": "DATETIME2(3) NULL",
}
"""What `init-db` adds to a header table."""

BABELFISH_KEEPS = 31
"""How many characters Babelfish keeps of an index's and its table's names, before a digest of them."""

PAUSED = {"sync_paused_reason": "NVARCHAR(400) NULL"}
"""What `init-db` adds to AccountShop."""


@frozen(kw_only=True)
class Table:
    """A table as it should be.

    Attributes:
        name: Its name.
        columns: Every column with its type.
        added: Those of them that `init-db` adds to a table that exists.
        rights: What producer, workers and commands need to be allowed to do with it.
        parameters: The values that the types name as parameters, in order.
        indexes: By name, what comes after CREATE INDEX name.
    """

    name: str
    columns: dict[str, str]
    added: dict[str, str] = attrs.field(factory=dict)
    rights: tuple[str, ...] = READ
    parameters: tuple[str, ...] = ()
    indexes: dict[str, tuple[str, tuple[str, ...]]] = attrs.field(factory=dict)


def tables() -> list[Table]:
    """Every table, parents before children."""
    headers = [_header_table(kind) for kind in DOCUMENT_TYPES]
    return [*headers, *[_lines_table(kind) for kind in DOCUMENT_TYPES], _account_table()]


def create_or_extend(sql: SqlServer, say: Callable[[str], None] = lambda _: None) -> bool:
    """Creates what is missing and leaves everything else as it is; a second run does nothing.

    What is sent needs every column, and goes slower without an index: the indexes come last, and one that cannot be
    made does not keep the others from it. Nothing is repeated, since an index may be under way on the server still
    where its connection is lost.

    Args:
        sql: The server; :meth:`SqlServer.patient` where the tables have rows.
        say: Called with a line for each thing that was done, or could not be.

    Returns:
        Whether everything is there.
    """
    for table in tables():
        _make_columns(sql, table, say)
    made = [_make_indexes(sql, table, say) for table in tables()]
    return all(made)


def _make_columns(sql: SqlServer, table: Table, say: Callable[[str], None]) -> None:
    present = columns_of(sql, table.name)
    if not present:
        say(f"created table {table.name}{_create(sql, table)}")
        return
    for name, column in table.added.items():
        if name not in present:
            sql.run(f"ALTER TABLE {table.name} ADD {name} {column}", repeatable=False)
            say(f"added column {table.name}.{name}")


def _create(sql: SqlServer, table: Table) -> str:
    """Creates a table, and without its foreign key where that is refused; gives the words about that.

    The headers may be somebody else's, whose id is a BIGINT or no key.
    """
    try:
        _create_with(sql, table, table.columns)
    except StatementError as error:
        alone = {name: _without_key(column) for name, column in table.columns.items()}
        if alone == table.columns:
            raise
        _create_with(sql, table, alone)
        return f" without a foreign key: {error}"
    return ""


def _without_key(column: str) -> str:
    """A column's type without its foreign key; it then holds whatever whole numbers the other table's ids are."""
    own, refers, _ = column.partition(" REFERENCES ")
    return own.replace("INT ", "BIGINT ", 1) if refers else column


def _create_with(sql: SqlServer, table: Table, columns: dict[str, str]) -> None:
    listed = ", ".join(f"{name} {column}" for name, column in columns.items())
    sql.run(f"CREATE TABLE {table.name} ({listed})", table.parameters, repeatable=False)


def _make_indexes(sql: SqlServer, table: Table, say: Callable[[str], None]) -> bool:
    failed = False
    for name in _missing_indexes(sql, table):
        definition, parameters = table.indexes[name]
        try:
            sql.run(f"CREATE INDEX {name} {definition}", parameters, repeatable=False)
        except (StatementError, GaveWayError) as error:
            say(f"index {name} is not created: {error}")
            failed = True
        else:
            say(f"created index {name}")
    return not failed


def missing(sql: SqlServer, table: Table) -> list[str]:
    """What a table lacks, has in the way of its rows' states, or does not let the login do, each in words."""
    present = columns_of(sql, table.name)
    if not present:
        return ["the table is missing"]
    columns = [f"column {name} is missing" for name in table.columns if name not in present]
    indexes = [f"index {name} is missing" for name in _missing_indexes(sql, table)]
    obstacles = in_the_way(sql, table.name) if table.added else []
    return [*columns, *indexes, *obstacles, *missing_rights(sql, table.name, table.rights)]


def columns_of(sql: SqlServer, table: str) -> set[str]:
    """The names of a table's columns, in lower case, since SQL Server does not care; empty where there is none.

    A table of the same name in somebody else's schema does not count.
    """
    rows = sql.rows("SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(%s)", (table,))
    return {str(row["name"]).lower() for row in rows}


def _missing_indexes(sql: SqlServer, table: Table) -> list[str]:
    """The names of the indexes that a table lacks, whichever way the server writes the names of those that it has."""
    rows = sql.rows("SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID(%s) AND name IS NOT NULL", (table.name,))
    present = [str(row["name"]).lower() for row in rows]
    return [name for name in table.indexes if not any(_is_called(each, name, table.name) for each in present)]


def _is_called(present: str, name: str, table: str) -> bool:
    """Whether an index has this name: as it was given, or as Babelfish lengthens it by its table's and a digest."""
    return present == name.lower() or present[:BABELFISH_KEEPS] == f"{name}{table}".lower()[:BABELFISH_KEEPS]


def _header_table(kind: DocumentType) -> Table:
    own = {
        "id": "INT IDENTITY(1,1) PRIMARY KEY",
        kind.local_id: "NVARCHAR(50) NOT NULL",
        kind.national_id: "NVARCHAR(100) NULL",
        "pharmacy_code": "NVARCHAR(50) NOT NULL",
        "shop_pharmacy_code": "NVARCHAR(50) NOT NULL",
    }
    document = {a.name: f"{_type(a, in_header=True)} NULL" for a in kind.header_fields}
    document = {name: column for name, column in document.items() if name not in {*own, "facility_code"}}
    state = {
        "status": "NVARCHAR(20) NOT NULL DEFAULT %s",
        "sync_response_message": "NVARCHAR(MAX) NULL",
        "created_at": f"DATETIME2 NOT NULL DEFAULT {NOW}",
        "updated_at": f"DATETIME2 NOT NULL DEFAULT {NOW}",
    }
    return Table(
        name=kind.table,
        columns={**own, **document, **state, **ADDED},
        added=ADDED,
        rights=READ_AND_CHANGE,
        parameters=(Status.PENDING.value,),
        indexes={
            f"IX_{kind.table}_sync_claim": _open_rows(kind, CLAIM_KEY),
            f"IX_{kind.table}_sync_look": _open_rows(kind, LOOK_KEY),
            f"IX_{kind.table}_sync_twins": (
                f"ON {kind.table} ({kind.local_id}, pharmacy_code, shop_pharmacy_code)",
                (),
            ),
        },
    )


def _open_rows(kind: DocumentType, key: str) -> tuple[str, tuple[str, ...]]:
    """An index of the open rows alone; with the column of its condition in it, no query has to look at the row."""
    return f"ON {kind.table} ({key}) INCLUDE (status) WHERE {IS_OPEN}", IS_OPEN_VALUES


def _lines_table(kind: DocumentType) -> Table:
    return Table(
        name=kind.lines_table,
        columns={
            "id": "INT IDENTITY(1,1) PRIMARY KEY",
            kind.parent: f"INT NOT NULL REFERENCES {kind.table}(id)",
            **{a.name: f"{_type(a, in_header=False)} NULL" for a in attrs.fields(kind.line)},
        },
        indexes={f"IX_{kind.lines_table}_sync_parent": (f"ON {kind.lines_table} ({kind.parent})", ())},
    )


def _account_table() -> Table:
    return Table(
        name="AccountShop",
        columns={
            "shop_pharmacy_code": "NVARCHAR(50) NOT NULL",
            "pharmacy_code": "NVARCHAR(50) NOT NULL",
            "account": "NVARCHAR(50) NULL",
            "password": "NVARCHAR(400) NULL",
            **PAUSED,
        },
        added=PAUSED,
        rights=ALL,
        indexes={"IX_AccountShop_sync_shop": ("ON AccountShop (shop_pharmacy_code)", ())},
    )


def _type(attribute: "attrs.Attribute[Any]", *, in_header: bool) -> str:
    declaration = declared(attribute)
    return declaration.column or _rule_type(declaration.rule, in_header=in_header)


def _rule_type(rule: Rule, *, in_header: bool) -> str:
    """The contract's types: a document's own day is a DATETIME2, a line's days are DATEs."""
    if isinstance(rule, Text):
        return f"NVARCHAR({rule.limit or 'MAX'})"
    if isinstance(rule, Day):
        return "DATETIME2" if in_header else "DATE"
    if isinstance(rule, Number):
        return "DECIMAL(18,2)"
    if isinstance(rule, Choice):
        return "INT"
    raise TypeError(rule)
