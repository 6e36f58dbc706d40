"""Reads a statement's shape into a tree, and refuses every tree that holds a node or an option not listed here."""

import logging
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pharmasync.sandbox.sqlserver.applies import written_out
from pharmasync.sandbox.sqlserver.batches import numbered
from pharmasync.sandbox.sqlserver.errors import RefusedError

logging.getLogger("sqlglot").setLevel(logging.ERROR)
"""What the reader cannot read is refused here; it need not warn as well."""

OPERATION = frozenset({"this", "expression"})
ONE = frozenset({"this"})
MANY = frozenset({"expressions"})

DATA_NODES: dict[type[exp.Expr], frozenset[str]] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.And, exp.Or, exp.Is, exp.Add), OPERATION),
    **dict.fromkeys((exp.Not, exp.Paren, exp.Exists, exp.Min, exp.Max, exp.Count, exp.ObjectId, exp.Anonymous), ONE),
    **dict.fromkeys((exp.Where, exp.From, exp.Subquery, exp.Var, exp.Parameter), ONE),
    **dict.fromkeys((exp.Tuple, exp.Group, exp.Order, exp.WithTableHint, exp.Returning), MANY),
    exp.Values: MANY | {"alias"},
    **dict.fromkeys((exp.Null, exp.Star, exp.Distinct), frozenset[str]()),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Column: frozenset({"this", "table"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.In: frozenset({"this", "expressions", "query"}),
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.Coalesce: ONE | MANY,
    exp.DateAdd: OPERATION | {"unit"},
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Select: frozenset({"expressions", "distinct", "limit", "from_", "joins", "where", "group", "order"}),
    exp.Join: frozenset({"this", "on", "kind"}),
    exp.Lateral: frozenset({"this", "alias", "cross_apply"}),
    exp.TableAlias: frozenset({"this", "columns"}),
    exp.Limit: frozenset({"expression"}),
    exp.Table: frozenset({"this", "db", "hints", "alias"}),
    exp.Insert: OPERATION | {"returning"},
    exp.Update: ONE | MANY | {"returning", "where"},
    exp.Delete: ONE | {"where"},
    exp.Schema: ONE | MANY,
}
DEFINITIONS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Create: frozenset({"this", "kind", "unique"}),
    exp.Alter: frozenset({"this", "kind", "actions"}),
    exp.Drop: frozenset({"tables", "kind", "exists", "cluster"}),
    exp.ColumnDef: frozenset({"this", "kind", "constraints"}),
    exp.ColumnConstraint: frozenset({"kind"}),
    exp.NotNullColumnConstraint: frozenset({"allow_null"}),
    exp.PrimaryKeyColumnConstraint: frozenset(),
    exp.DefaultColumnConstraint: ONE,
    exp.GeneratedAsIdentityColumnConstraint: frozenset({"start", "increment"}),
    exp.Reference: ONE,
    exp.Index: frozenset({"this", "table", "params"}),
    exp.IndexParameters: frozenset({"columns", "include", "where"}),
    exp.OnProperty: ONE,
    exp.DataType: ONE | MANY,
    exp.DataTypeParam: ONE,
    exp.Literal: ONE,
}
NOW_IN_MILLISECONDS = "CAST(SYSUTCDATETIME() AS DATETIME2(3))"
"""What a DATETIME2(3) is compared with, so that SQL Server compares without a conversion and seeks in an index."""

DATA_WORDS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
DEFINITION_WORDS = frozenset({"CREATE", "ALTER", "DROP"})


@lru_cache(maxsize=512)
def read_shape(shape: str) -> exp.Expr:
    """The tree of a statement, which is not to be changed; its marks are parameters with names such as "i_0".

    Raises:
        RefusedError: The statement is none that the practice server takes.
    """
    try:
        tree = sqlglot.parse_one(numbered(shape)[0], dialect="tsql")
    except SqlglotError as failure:
        raise RefusedError(str(failure).split("\n", 1)[0]) from None
    tree = tree.transform(_without_rounding).transform(_without_collation)
    _check(tree, DATA_NODES if shape.split(None, 1)[0].upper() in DATA_WORDS else DATA_NODES | DEFINITIONS)
    return written_out(tree)


def _without_rounding(node: exp.Expr) -> exp.Expr:
    """The time itself in the place of the time in milliseconds; every other CAST stays and is refused."""
    is_time = isinstance(node, exp.Cast) and isinstance(node.this, exp.Anonymous)
    return node.this if is_time and node.sql(dialect="tsql") == NOW_IN_MILLISECONDS else node


def _without_collation(node: exp.Expr) -> exp.Expr:
    """A column in the place of a column in the database's collation, which every text has here; no other COLLATE."""
    is_default = isinstance(node, exp.Collate) and node.expression.name.upper() == "DATABASE_DEFAULT"
    return node.this if is_default and isinstance(node.this, exp.Column) else node


def _check(tree: exp.Expr, allowed: dict[type[exp.Expr], frozenset[str]]) -> None:
    for node in tree.walk():
        options = allowed.get(type(node))
        if options is None:
            raise RefusedError(type(node).__name__)
        for name, value in node.args.items():
            if value and name not in options:
                raise RefusedError(f"{type(node).__name__} with {name.rstrip('_')}")
