"""What a statement's expressions mean: the columns they name, their types, and what SQL Server would not allow.

The reader's own generator writes them for SQLite afterwards. So everything that SQLite would take, and SQL Server
would refuse or understand in another way, is refused here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from sqlglot import exp

from pharmasync.sandbox.sqlserver.applies import set_in_brackets
from pharmasync.sandbox.sqlserver.batches import literal_type
from pharmasync.sandbox.sqlserver.catalog import Catalog, Column, Table
from pharmasync.sandbox.sqlserver.datatypes import DATETIME2, INT, DataType, Kind
from pharmasync.sandbox.sqlserver.errors import RefusedError, SQLServerError, missing_column
from pharmasync.sandbox.sqlserver.functions import UNITS

Rule: TypeAlias = Callable[[exp.Expr], bool]
Check: TypeAlias = Callable[[exp.Expr, Catalog], None]

HINTS = frozenset({"READPAST", "UPDLOCK", "ROWLOCK", "NOLOCK"})
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
CONDITIONS = (*COMPARISONS, exp.And, exp.Or, exp.Not, exp.In, exp.Is, exp.Exists)
VALUES = (exp.Column, exp.Parameter, exp.Null, exp.Add, exp.Case, exp.Coalesce, exp.DateAdd, exp.Anonymous)
AGGREGATES = (exp.Count, exp.Min, exp.Max)
NUMBERS = {Kind.INT, Kind.DECIMAL}
TIMES = {Kind.DATE, Kind.DATETIME2}


def resolve(tree: exp.Expr, catalog: Catalog) -> None:
    """Checks a tree's tables, columns and expressions, and changes in place what SQLite writes in another way.

    Raises:
        RefusedError, SQLServerError: Something in it is none that this server takes, or names what is not there.
    """
    for node in tree.walk():
        rule = RULES.get(type(node))
        if rule is not None and not rule(node):
            raise RefusedError(f"{type(node).__name__} of this kind")
        if isinstance(node, CONDITIONS + VALUES) and not _is_assignment(node):
            _check_place(node)
    for table in list(tree.find_all(exp.Table)):
        table.replace(exp.table_(catalog.table(table).name, quoted=True, alias=table.alias or None))
    for node in list(tree.walk()):
        check = CHECKS.get(type(node))
        if check is not None:
            check(node, catalog)
    set_in_brackets(tree)


def type_of(node: exp.Expr, catalog: Catalog) -> DataType | None:
    """The type of a value; None is the type of NULL.

    Raises:
        RefusedError, SQLServerError: It is no value, or names a column that is not there.
    """
    match node:
        case exp.Column():
            return column_of(node, catalog).type
        case exp.Parameter() | exp.Null():
            return literal_type(node.name)
        case exp.Paren() | exp.Min() | exp.Max() | exp.Alias():
            return type_of(node.this, catalog)
        case exp.Count() | exp.ObjectId():
            return INT
        case exp.DateAdd() | exp.Anonymous():
            return DATETIME2
        case exp.Coalesce() | exp.Case() | exp.Add() | exp.DPipe():
            return _common_type(_parts(node), catalog)
    raise RefusedError(f"{type(node).__name__} as a value")


def column_of(node: exp.Column, catalog: Catalog) -> Column:
    """What a column's name means.

    Raises:
        SQLServerError: Nothing.
    """
    for name, table in _tables_around(node, catalog):
        if node.table and node.table.lower() == name.lower():
            return table.column(node.name)
        if not node.table and node.name.lower() in table.columns:
            return table.columns[node.name.lower()]
    if node.table:
        raise SQLServerError(4104, f'The multi-part identifier "{node.table}.{node.name}" could not be bound.')
    raise missing_column(node.name)


def call(function: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call of one of the functions that SQLite was given."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def _tables_around(node: exp.Expr, catalog: Catalog) -> Iterator[tuple[str, Table]]:
    """The tables that a column's name can mean, by what the statement calls them, the nearest first."""
    around = node.parent
    while around is not None:
        if isinstance(around, exp.Select) and around.args.get("from_"):
            sources = [around.args["from_"].this, *(join.this for join in around.args.get("joins") or ())]
        elif isinstance(around, exp.Update | exp.Delete):
            sources = [around.this]
        else:
            sources = []
        for source in sources:
            table = catalog.table(source)
            yield source.alias or table.name, table
        around = around.parent


def _is_inner(join: exp.Expr) -> bool:
    return join.text("kind").upper() in {"", "INNER"} and join.args.get("on") is not None


def _is_assignment(node: exp.Expr) -> bool:
    assignment = node if isinstance(node, exp.EQ) else node.parent
    return isinstance(assignment, exp.EQ) and isinstance(assignment.parent, exp.Update)


def _check_place(node: exp.Expr) -> None:
    """A condition stands where SQL Server wants one, and a value where it wants a value."""
    outermost: exp.Expr = node
    while isinstance(outermost.parent, exp.Paren):
        outermost = outermost.parent
    wanted = isinstance(outermost.parent, exp.And | exp.Or | exp.Not)
    wanted = wanted or (isinstance(outermost.parent, exp.Where | exp.If) and outermost.arg_key == "this")
    wanted = wanted or isinstance(outermost.parent, exp.Join)
    if isinstance(node, CONDITIONS) is not wanted:
        raise RefusedError(f"{type(node).__name__} in the place of a {'condition' if wanted else 'value'}")


def _parts(node: exp.Expr) -> list[exp.Expr]:
    """The values of which a COALESCE or CASE gives one, and a sum all."""
    if isinstance(node, exp.Add | exp.DPipe):
        return [node.this, node.expression]
    if isinstance(node, exp.Coalesce):
        return [node.this, *node.expressions]
    return [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default") or exp.Null()]


def _common_type(values: list[exp.Expr], catalog: Catalog) -> DataType | None:
    kinds = [kind for kind in (type_of(value, catalog) for value in values) if kind is not None]
    if len({kind.kind for kind in kinds}) > 1:
        raise RefusedError("values of several types in one expression")
    return max(kinds, key=lambda kind: (kind.size < 0, kind.size, kind.scale), default=None)


def _comparison(node: exp.Expr, catalog: Catalog) -> None:
    if not _is_assignment(node):
        _comparable(node.this, [node.expression], catalog)


def _in(node: exp.Expr, catalog: Catalog) -> None:
    query = node.args.get("query")
    if query is None:
        _comparable(node.this, node.expressions, catalog)
        return
    select = query.this
    while isinstance(select, exp.Union):
        select = select.this
    if not isinstance(select, exp.Select) or len(select.expressions) != 1:
        raise RefusedError("IN with a query of several columns")
    _comparable(node.this, select.expressions, catalog)


def _comparable(left: exp.Expr, others: list[exp.Expr], catalog: Catalog) -> None:
    """Collations come from columns, so one side has to be a column; a text that is to be a time becomes one."""
    if not isinstance(left, exp.Column) and any(not isinstance(other, exp.Column) for other in others):
        raise RefusedError("a comparison without a column")
    for other in others:
        one, two = type_of(left, catalog), type_of(other, catalog)
        if one is None or two is None or one.kind is two.kind:
            continue
        if one.kind in TIMES and isinstance(other, exp.Parameter) and two.kind is Kind.NVARCHAR:
            other.replace(call("converted", other.copy(), exp.Literal.string(one.kind)))
        elif {one.kind, two.kind} != NUMBERS or not isinstance(other, exp.Parameter):
            raise RefusedError(f"{one.kind} compared with {two.kind}")


def _add(node: exp.Expr, catalog: Catalog) -> None:
    """A sum of INTs, or texts one behind the other."""
    types = [type_of(each, catalog) for each in (node.this, node.expression)]
    if all(each is not None and each.kind is Kind.NVARCHAR for each in types):
        node.replace(exp.DPipe(this=node.this, expression=node.expression))
    elif any(each not in {INT, None} for each in types):
        raise RefusedError("a sum that is neither of INTs nor of texts")


def _date_add(node: exp.Expr, catalog: Catalog) -> None:
    unit, moment = node.text("unit").upper(), type_of(node.this, catalog)
    if unit not in UNITS or moment is None or moment.kind is not Kind.DATETIME2:
        raise RefusedError(f"DATEADD of {unit} to {moment.kind if moment else None}")
    if type_of(node.expression, catalog) not in {INT, None}:
        raise RefusedError("DATEADD of what is no INT")
    node.replace(call("date_add", exp.Literal.string(unit), node.expression, node.this))


def _value(node: exp.Expr, catalog: Catalog) -> None:
    type_of(node, catalog)


def _top(node: exp.Expr, catalog: Catalog) -> None:
    if type_of(node.expression, catalog) != INT:
        raise RefusedError("TOP of what is no INT")
    node.set("expression", call("top", node.expression))


def _select(node: exp.Expr, catalog: Catalog) -> None:
    """Beside an aggregate, only what is grouped may be selected."""
    del catalog
    values = [each.unalias() for each in node.expressions]
    group = node.args.get("group")
    if group is None and not any(isinstance(value, AGGREGATES) for value in values):
        return
    grouped = {each.name.lower() for each in group.expressions} if group else set()
    for value in values:
        if not isinstance(value, AGGREGATES) and (
            not isinstance(value, exp.Column) or value.name.lower() not in grouped
        ):
            raise SQLServerError(8120, f"Column '{value.name}' is neither in an aggregate nor in the GROUP BY clause.")


RULES: Mapping[type[exp.Expr], Rule] = {
    # These take their collation from a column.
    **dict.fromkeys((exp.Min, exp.Max, exp.Ordered), lambda node: isinstance(node.this, exp.Column)),
    exp.Group: lambda node: all(isinstance(each, exp.Column) for each in node.expressions),
    exp.Count: lambda node: isinstance(node.this, exp.Star),
    exp.In: lambda node: isinstance(node.this, exp.Column),
    exp.Is: lambda node: isinstance(node.expression, exp.Null),
    exp.From: lambda node: isinstance(node.this, exp.Table),
    exp.Join: lambda node: _is_inner(node) and isinstance(node.this, exp.Table),
    exp.Table: lambda node: not node.alias or isinstance(node.parent, exp.From | exp.Join),
    exp.Subquery: lambda node: isinstance(node.parent, exp.In),
    exp.Anonymous: lambda node: str(node.this).upper() == "SYSUTCDATETIME",
    exp.WithTableHint: lambda node: all(each.name.upper() in HINTS for each in node.expressions),
}
"""What a node may hold, beside what the grammar says."""

CHECKS: Mapping[type[exp.Expr], Check] = {
    **dict.fromkeys(COMPARISONS, _comparison),
    **dict.fromkeys((exp.Case, exp.Coalesce, exp.Column), _value),
    exp.In: _in,
    exp.Add: _add,
    exp.DateAdd: _date_add,
    exp.Limit: _top,
    exp.Select: _select,
}
