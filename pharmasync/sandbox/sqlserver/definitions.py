"""CREATE, ALTER and DROP of tables and indexes, in SQLite first and then in the catalog."""

import sqlite3
from collections.abc import Callable

from attrs import frozen
from sqlglot import exp

from pharmasync.sandbox.sqlserver.catalog import Catalog, Table, quoted
from pharmasync.sandbox.sqlserver.conditions import condition_of
from pharmasync.sandbox.sqlserver.datatypes import (
    DATETIME2,
    INT,
    LONG_TEXT,
    LONGEST_NVARCHAR,
    DataType,
    Kind,
    Value,
    convert,
)
from pharmasync.sandbox.sqlserver.errors import RefusedError
from pharmasync.sandbox.sqlserver.expressions import resolve

SQLITE_TYPES = {
    Kind.NVARCHAR: "TEXT COLLATE tsql_text",
    Kind.DECIMAL: "TEXT COLLATE tsql_decimal",
    Kind.DATE: "TEXT",
    Kind.DATETIME2: "TEXT",
    Kind.INT: "INT",  # unlike INTEGER, no name for the row's number when it is the primary key
}
LARGEST_DECIMAL = 38
"""Digits."""


@frozen
class Definition:
    """Runs definitions.

    Args:
        execute: Runs a statement in SQLite.
        catalog: The database's tables.
        literals: The statement's literals by name.
    """

    execute: Callable[[str], sqlite3.Cursor]
    catalog: Catalog
    literals: dict[str, Value]

    def run(self, tree: exp.Expr) -> None:
        """Runs a CREATE, ALTER or DROP.

        Raises:
            RefusedError, SQLServerError: It is none that this server takes, or what it names is not there.
            sqlite3.Error: What it makes is there already, or what it drops is not there.
        """
        kind = str(tree.args.get("kind", "")).upper()
        match tree:
            case exp.Create(this=exp.Schema()) if kind == "TABLE":
                self._create_table(tree.this)
            case exp.Create() if kind == "INDEX":
                self._create_index(tree)
            case exp.Alter() if kind == "TABLE" and len(tree.args["actions"]) == 1:
                self._add_column(tree)
            case exp.Drop() if kind in {"TABLE", "INDEX"} and len(tree.args["tables"]) == 1:
                self._drop(tree, kind)
            case _:
                raise RefusedError(f"{type(tree).__name__} {kind}")

    def _create_table(self, schema: exp.Schema) -> None:
        if schema.this.text("db").lower() not in {"", "dbo"}:
            raise RefusedError("a table outside dbo")
        table = Table(schema.this.name)
        lines = ", ".join(self._line(each, table) for each in schema.expressions)
        self.execute(f"CREATE TABLE {quoted(table.name)} ({lines})")
        self.catalog.tables[table.name.lower()] = table

    def _create_index(self, tree: exp.Create) -> None:
        index, options = tree.this, tree.this.args["params"]
        table = self.catalog.table(index.args["table"])
        if not index.name or not options.args.get("columns"):
            raise RefusedError("an index without a name or without columns")
        for each in options.args.get("include") or ():
            table.column(each.name)
        where = self._index_condition(tree) if options.args.get("where") is not None else ""
        columns = ", ".join(
            quoted(table.column(each.this.name).name) + (" DESC" if each.args.get("desc") else "")
            for each in options.args["columns"]
        )
        unique = "UNIQUE " if tree.args.get("unique") else ""
        name = quoted(f"{table.name}.{index.name}")  # a table's own in SQL Server, a database's in SQLite
        self.execute(f"CREATE {unique}INDEX {name} ON {quoted(table.name)} ({columns}){where}")

    def _index_condition(self, tree: exp.Create) -> str:
        """The WHERE of an index; SQLite's has none where it would not find out which statements the index serves."""
        if tree.args.get("unique"):
            raise RefusedError("a UNIQUE index with a condition")
        index, where = tree.this, tree.this.args["params"].args["where"].this
        resolve(exp.select("*").from_(index.args["table"]).where(where), self.catalog)
        condition = condition_of(where, self.literals)
        if condition is None:
            return ""
        self.catalog.conditions.add(condition)
        return f" WHERE {condition.sql}"

    def _add_column(self, tree: exp.Alter) -> None:
        table, changed = self.catalog.table(tree.this), Table(tree.this.name)
        line = self._line(tree.args["actions"][0], changed)
        if " DEFAULT " in line and " NOT NULL" not in line:
            raise RefusedError("ADD of a column that may be NULL and has a default")
        self.execute(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {line}")
        table.columns.update(changed.columns)

    def _drop(self, tree: exp.Drop, kind: str) -> None:
        name = tree.args["tables"][0].name
        place = tree.args.get("cluster")
        if (kind == "INDEX") is not (place is not None):
            raise RefusedError("a DROP INDEX without ON")
        where = f"{self.catalog.table(place.this).name}." if place else ""
        self.execute(f"DROP {kind} {'IF EXISTS ' if tree.args.get('exists') else ''}{quoted(where + name)}")
        if kind == "TABLE":
            self.catalog.tables.pop(name.lower(), None)

    def _line(self, node: exp.Expr, table: Table) -> str:
        """A column, added to the table; the line for SQLite."""
        if not isinstance(node, exp.ColumnDef) or not isinstance(node.args.get("kind"), exp.DataType):
            raise RefusedError("what is no column with a type")
        kind = data_type(node.args["kind"])
        constraints = [each.args["kind"] for each in node.args.get("constraints") or ()]
        identity = any(isinstance(each, exp.GeneratedAsIdentityColumnConstraint) for each in constraints)
        column = self.catalog.declare(table, node.name, kind, identity=identity)
        if identity:
            if not any(isinstance(each, exp.PrimaryKeyColumnConstraint) for each in constraints):
                raise RefusedError("an IDENTITY that is not the primary key")
            return f"{quoted(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT"
        line = f"{quoted(column.name)} {SQLITE_TYPES[kind.kind]}"
        return line + "".join(self._constraint(each, kind) for each in constraints)

    def _constraint(self, node: exp.Expr, kind: DataType) -> str:
        match node:
            case exp.NotNullColumnConstraint():
                return "" if node.args.get("allow_null") else " NOT NULL"
            case exp.PrimaryKeyColumnConstraint():
                return " PRIMARY KEY NOT NULL"
            case exp.DefaultColumnConstraint():
                return f" DEFAULT ({self._default(node.this, kind)})"
            case exp.Reference(this=exp.Schema()) if len(node.this.expressions) == 1:
                target = self.catalog.table(node.this.this)
                return (
                    f" REFERENCES {quoted(target.name)} ({quoted(target.column(node.this.expressions[0].name).name)})"
                )
        raise RefusedError(f"constraint {type(node).__name__}")

    def _default(self, node: exp.Expr, kind: DataType) -> str:
        if isinstance(node, exp.Parameter):
            value = convert(self.literals[node.name], kind)
            return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
        if isinstance(node, exp.Anonymous) and str(node.this).upper() == "SYSUTCDATETIME" and kind == DATETIME2:
            return "sysutcdatetime()"
        raise RefusedError("a default that is neither a literal nor SYSUTCDATETIME()")


def data_type(node: exp.DataType) -> DataType:
    """A type as it is written, such as NVARCHAR(50).

    Raises:
        RefusedError: The practice server has no such type.
    """
    name, sizes = node.this.name, [str(each.this.this).upper() for each in node.expressions]
    numbers = [int(each) for each in sizes if each.isdigit()]
    match (name, *(numbers if len(numbers) == len(sizes) else sizes)):
        case ("INT",) | ("DATE",) | ("DATETIME2",):
            return {"INT": INT, "DATE": DataType(Kind.DATE), "DATETIME2": DATETIME2}[name]
        case ("NVARCHAR", "MAX"):
            return LONG_TEXT
        case ("NVARCHAR", int(size)) if 0 < size <= LONGEST_NVARCHAR:
            return DataType(Kind.NVARCHAR, size)
        case ("DECIMAL", int(size), int(scale)) if scale <= size <= LARGEST_DECIMAL:
            return DataType(Kind.DECIMAL, size, scale)
        case ("DATETIME2", int(scale)) if scale <= DATETIME2.scale:
            return DataType(Kind.DATETIME2, scale=scale)
    raise RefusedError(f"type {name}({', '.join(sizes)})" if sizes else f"type {name}")
