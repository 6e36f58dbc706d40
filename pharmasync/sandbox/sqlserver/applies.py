"""CROSS APPLY, which SQLite has not: a query that is asked once for each row of a list is written out once for each.

``SELECT p.id FROM (VALUES (a), (b)) AS w (x) CROSS APPLY (SELECT TOP (n) id FROM T WHERE c = w.x …) AS p`` becomes the
UNION ALL of ``SELECT TOP (n) id FROM T WHERE c = a …`` and the same with b. No other UNION is taken.

``FROM T AS o CROSS APPLY (SELECT TOP (n) u.id FROM T AS u WHERE u.c = o.c …) AS p`` becomes a join with that table,
``INNER JOIN T AS p ON p.id IN (SELECT TOP (n) u.id …)``, which SQLite lets look at ``o``.
"""

from sqlglot import exp

from pharmasync.sandbox.sqlserver.errors import RefusedError


def written_out(tree: exp.Expr) -> exp.Expr:
    """A tree whose applies are unions.

    Raises:
        RefusedError: One is of another form.
    """
    return tree.transform(lambda node: _without_apply(node) if isinstance(node, exp.Select) else node)


def set_in_brackets(tree: exp.Expr) -> None:
    """Wraps the parts of each union, since SQLite takes ORDER BY and LIMIT behind the last one alone otherwise."""
    for select in list(tree.find_all(exp.Select)):
        if isinstance(select.parent, exp.Union):
            select.replace(exp.Select(expressions=[exp.Star()], from_=exp.From(this=exp.Subquery(this=select.copy()))))


def _without_apply(select: exp.Select) -> exp.Expr:
    if not _has_apply(select):
        return select
    return _joined(select) if isinstance(select.args["from_"].this, exp.Table) else _union(select)


def _joined(select: exp.Select) -> exp.Expr:
    for join in select.args["joins"]:
        if isinstance(join.this, exp.Lateral):
            join.replace(_as_join(join.this, select))
    return select


def _as_join(apply: exp.Lateral, select: exp.Select) -> exp.Join:
    asked = apply.this.this
    source = asked.args["from_"].this if isinstance(asked, exp.Select) and asked.args.get("from_") else None
    ids = {(apply.alias, "id")}
    if (
        not apply.args["cross_apply"]
        or not isinstance(source, exp.Table)
        or [isinstance(each, exp.Column) and each.name for each in asked.expressions] != ["id"]
        or {(each.table, each.name) for each in select.find_all(exp.Column) if each.table == apply.alias} != ids
    ):
        raise RefusedError(
            "an APPLY of a table's rows that is not a CROSS APPLY which gives an id, and is asked for it"
        )
    own_id = exp.column("id", table=apply.alias)
    table = exp.table_(source.name, alias=apply.alias)
    return exp.Join(this=table, kind="INNER", on=exp.In(this=own_id, query=exp.Subquery(this=asked.copy())))


def _has_apply(select: exp.Select) -> bool:
    return isinstance(select.args["from_"].this if select.args.get("from_") else None, exp.Values) or any(
        isinstance(join.this, exp.Lateral) for join in select.args.get("joins") or ()
    )


def _union(select: exp.Select) -> exp.Expr:
    wanted = select.args["from_"].this
    match select.args.get("joins"):
        case [exp.Join(this=exp.Lateral() as apply)] if isinstance(wanted, exp.Values) and apply.args["cross_apply"]:
            asked = apply.this.this
        case _:
            raise RefusedError("a query from VALUES, or an APPLY, that is not VALUES with CROSS APPLY")
    if not isinstance(asked, exp.Select) or not _gives_its_one_column(select, apply.alias, asked):
        raise RefusedError("a CROSS APPLY that does not give its one column")
    parts = [_for_row(asked, wanted, row) for row in wanted.expressions]
    union = parts[0]
    for part in parts[1:]:
        union = exp.Union(this=union, expression=part, distinct=False)
    return union


def _gives_its_one_column(select: exp.Select, name: str, asked: exp.Select) -> bool:
    given, own = select.expressions, asked.expressions
    if len(given) != 1 or len(own) != 1 or not isinstance(given[0], exp.Column) or not isinstance(own[0], exp.Column):
        return False
    others = [part for part in ("where", "group", "order", "limit", "distinct") if select.args.get(part)]
    return (given[0].table, given[0].name) == (name, own[0].name) and not others


def _for_row(asked: exp.Select, wanted: exp.Values, row: exp.Expr) -> exp.Expr:
    """The query for a row of the list."""
    names = [column.name for column in wanted.args["alias"].columns]
    values = row.expressions
    if len(names) != len(values) or not all(isinstance(value, exp.Parameter) for value in values):
        raise RefusedError("a list whose rows are not literals, one for each of its columns")
    by_name = dict(zip(names, values, strict=True))

    def put(node: exp.Expr) -> exp.Expr:
        is_wanted = isinstance(node, exp.Column) and node.table == wanted.alias and node.name in by_name
        return by_name[node.name].copy() if is_wanted else node

    return asked.copy().transform(put)
