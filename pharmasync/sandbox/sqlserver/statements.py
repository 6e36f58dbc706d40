"""SELECT, INSERT, UPDATE and DELETE become statements for SQLite, ready to be bound to literals and run."""

from attrs import frozen
from sqlglot import exp

from pharmasync.sandbox.sqlserver.catalog import Catalog, Column, quoted
from pharmasync.sandbox.sqlserver.datatypes import INT
from pharmasync.sandbox.sqlserver.errors import RefusedError, SQLServerError
from pharmasync.sandbox.sqlserver.expressions import call, column_of, resolve, type_of
from pharmasync.sandbox.sqlserver.outputs import Source, outputs_of, result_columns, returning
from pharmasync.sandbox.sqlserver.tokens import OutputColumn


@frozen
class Plan:
    """How a statement is run.

    Args:
        sql: The statement for SQLite.
        columns: The columns of its result; none for a change without OUTPUT.
        before: What reads the rows before the change, their numbers first; empty where there is no deleted.x.
        merge: With before: where each column comes from.
    """

    sql: str
    columns: tuple[OutputColumn, ...] = ()
    before: str = ""
    merge: tuple[Source, ...] = ()


def plan(tree: exp.Expr, catalog: Catalog) -> Plan:
    """The plan for a statement, whose tree is changed.

    Raises:
        RefusedError, SQLServerError: It is none that this server takes, or names what is not there.
    """
    match tree:
        case exp.Select():
            return _select(tree, catalog)
        case exp.Insert():
            return _insert(tree, catalog)
        case exp.Update():
            return _update(tree, catalog)
        case exp.Delete() if isinstance(tree.this, exp.Table):
            resolve(tree, catalog)
            return Plan(written(tree))
    raise RefusedError(type(tree).__name__)


def written(tree: exp.Expr) -> str:
    """A tree as SQLite reads it."""
    return tree.sql(dialect="sqlite", identify=True)


def _select(tree: exp.Select, catalog: Catalog) -> Plan:
    columns: list[OutputColumn] = []
    resolve(tree, catalog)
    for each in tree.expressions:
        if isinstance(each, exp.Star) and tree.args.get("from_"):
            if tree.args.get("joins"):
                raise RefusedError("* of several tables")
            table = catalog.table(tree.args["from_"].this)
            columns += [OutputColumn(column.name, column.type) for column in table.columns.values()]
            continue
        name = column_of(each, catalog).name if isinstance(each, exp.Column) else each.alias
        columns.append(OutputColumn(name, type_of(each, catalog) or INT))
    return Plan(written(tree), tuple(columns))


def _insert(tree: exp.Insert, catalog: Catalog) -> Plan:
    if not isinstance(tree.this, exp.Schema):
        raise RefusedError("an INSERT without a list of columns")
    table = catalog.table(tree.this.this)
    columns = [table.column(each.name) for each in tree.this.expressions]
    for column in columns:
        _check_target(column, columns)
    outputs = outputs_of(tree, table, catalog)
    if any(output.deleted for output in outputs):
        raise RefusedError("an INSERT with deleted")
    resolve(tree, catalog)
    for row in _rows(tree):
        if len(row) != len(columns):
            raise SQLServerError(213, "Column name or number of supplied values does not match table definition.")
        for value, column in zip(row, columns, strict=True):
            type_of(value, catalog)
            _store(value, column)
    return Plan(written(tree) + returning(outputs), result_columns(outputs))


def _rows(tree: exp.Insert) -> list[list[exp.Expr]]:
    """The values of each row of VALUES, or those of a query."""
    if isinstance(tree.expression, exp.Select):
        return [tree.expression.expressions]
    if not isinstance(tree.expression, exp.Values):
        raise RefusedError("an INSERT without VALUES or SELECT")
    return [row.expressions if isinstance(row, exp.Tuple) else [row.this] for row in tree.expression.expressions]


def _update(tree: exp.Update, catalog: Catalog) -> Plan:
    if not isinstance(tree.this, exp.Table):
        raise RefusedError("an UPDATE of what is no table")
    table = catalog.table(tree.this)
    outputs = outputs_of(tree, table, catalog)
    if any(output.deleted for output in outputs):
        _check_named_with_table(tree)
    resolve(tree, catalog)
    columns: list[Column] = []
    for each in tree.expressions:
        if not isinstance(each, exp.EQ) or not isinstance(each.this, exp.Column) or each.this.table:
            raise RefusedError("a SET that is not column = value")
        columns.append(table.column(each.this.name))
        type_of(each.expression, catalog)
        _store(each.expression, columns[-1])
    for column in columns:
        _check_target(column, columns)
    if not any(output.deleted for output in outputs):
        return Plan(written(tree) + returning(outputs), result_columns(outputs))
    where = tree.args.get("where")
    before = f"SELECT rowid, * FROM {quoted(table.name)}" + (f" {written(where)}" if where else "")
    places = list(table.columns.values())
    merge = tuple(Source(each.deleted, places.index(each.column) + 1, each.behind) for each in outputs)
    return Plan(written(tree) + " RETURNING rowid, *", result_columns(outputs), before, merge)


def _check_named_with_table(tree: exp.Update) -> None:
    """Beside deleted.x Babelfish takes a column without its table's name for OUTPUT's; SQL Server would not mind."""
    targets = [each.this for each in tree.expressions if isinstance(each, exp.EQ)]
    for column in tree.find_all(exp.Column):
        is_outer = column.find_ancestor(exp.Select, exp.Update) is tree
        if is_outer and not column.table and not any(column is target for target in targets):
            raise RefusedError(f"{column.name} without its table's name beside OUTPUT deleted")


def _check_target(column: Column, columns: list[Column]) -> None:
    """A column may be written by the client, and once."""
    if column.identity:
        raise SQLServerError(544, f"Cannot write a value into identity column '{column.name}'.")
    if columns.count(column) > 1:
        raise SQLServerError(264, f"The column name '{column.name}' is specified more than once.")


def _store(value: exp.Expr, column: Column) -> None:
    """Makes SQLite convert and check a value for its column."""
    value.replace(call("store", value.unalias().copy(), exp.Literal.number(column.number)))
