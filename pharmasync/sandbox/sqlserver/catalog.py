"""The tables of a database with their declared types: SQLite keeps the rows, the catalog knows what they mean."""

from collections.abc import Mapping

from attrs import define, field, frozen
from sqlglot import exp

from pharmasync.sandbox.sqlserver.conditions import Condition
from pharmasync.sandbox.sqlserver.datatypes import INT, DataType, Kind
from pharmasync.sandbox.sqlserver.errors import SQLServerError, missing_column

NAME = DataType(Kind.NVARCHAR, 128)

VIEWS: Mapping[str, tuple[Mapping[str, DataType], str]] = {
    "INFORMATION_SCHEMA.COLUMNS": (
        {"TABLE_SCHEMA": NAME, "TABLE_NAME": NAME, "COLUMN_NAME": NAME, "ORDINAL_POSITION": INT, "IS_NULLABLE": NAME},
        """SELECT 'dbo', t.name COLLATE tsql_text, c.name COLLATE tsql_text, c.cid + 1, iif(c."notnull", 'NO', 'YES')
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name <> 'sqlite_sequence'""",
    ),
    "sys.columns": (
        {"object_id": INT, "name": NAME},
        """SELECT object_id(t.name), c.name COLLATE tsql_text
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name <> 'sqlite_sequence'""",
    ),
    "sys.indexes": (
        {"object_id": INT, "name": NAME},
        """SELECT object_id(tbl_name), replace(name, tbl_name || '.', '') COLLATE tsql_text
        FROM sqlite_master WHERE type = 'index'""",
    ),
    "sys.databases": ({"name": NAME}, "SELECT value COLLATE tsql_text FROM json_each(database_names())"),
}
"""The catalog views that can be read: their columns, and the query with which SQLite fills them."""


@frozen
class Column:
    """A column as it was declared.

    Args:
        number: The column's number in the catalog, by which SQLite's functions find it.
        table: The table's name.
        name: The column's name.
        type: Its declared type.
        identity: Whether the server counts it up.
    """

    number: int
    table: str
    name: str
    type: DataType
    identity: bool = False


@define
class Table:
    """A table or a catalog view, with its columns by lower-case name."""

    name: str
    columns: dict[str, Column] = field(factory=dict)

    def column(self, name: str) -> Column:
        """A column by its name, in any case.

        Raises:
            SQLServerError: There is none.
        """
        try:
            return self.columns[name.lower()]
        except KeyError:
            raise missing_column(name) from None


@define
class Catalog:
    """What a database is made of; every column ever declared has its number, every index's condition is kept."""

    tables: dict[str, Table] = field(factory=dict)
    columns: list[Column] = field(factory=list)
    conditions: set[Condition] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        for name, (columns, _) in VIEWS.items():
            view = self.tables[name.lower()] = Table(name)
            for column, kind in columns.items():
                self.declare(view, column, kind)

    def declare(self, table: Table, name: str, kind: DataType, *, identity: bool = False) -> Column:
        """Give a table a column."""
        column = Column(len(self.columns), table.name, name, kind, identity)
        self.columns.append(column)
        table.columns[name.lower()] = column
        return column

    def table(self, node: exp.Expr) -> Table:
        """The table that a statement names as name, dbo.name or view.

        Raises:
            SQLServerError: There is none.
        """
        schema = "" if node.text("db").lower() in {"", "dbo"} else node.text("db") + "."
        try:
            return self.tables[(schema + node.name).lower()]
        except KeyError:
            raise SQLServerError(208, f"Invalid object name '{schema}{node.name}'.") from None

    def object_id(self, name: str) -> int | None:
        """What OBJECT_ID(name) gives: the number of the table's first column does for it."""
        bare = name.replace("[", "").replace("]", "").rpartition(".")[2].lower()
        table = self.tables.get(bare)
        return next(column.number for column in table.columns.values()) if table else None


def quoted(name: str) -> str:
    """A name as SQLite reads it."""
    return '"' + name.replace('"', '""') + '"'
