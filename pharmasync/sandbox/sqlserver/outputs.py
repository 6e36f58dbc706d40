"""OUTPUT: the rows of a change, as they were before it and are after it."""

from collections.abc import Mapping, Sequence

from attrs import frozen
from sqlglot import exp

from pharmasync.sandbox.sqlserver.catalog import Catalog, Column, Table, quoted
from pharmasync.sandbox.sqlserver.datatypes import LONG_TEXT, Kind, Value
from pharmasync.sandbox.sqlserver.errors import RefusedError
from pharmasync.sandbox.sqlserver.expressions import type_of
from pharmasync.sandbox.sqlserver.tokens import OutputColumn

INSERTED = "inserted"
DELETED = "deleted"


@frozen
class Output:
    """A column of OUTPUT, which is the row's before or after the change, and what the result calls it.

    Attributes:
        behind: The name of the literal that is put behind it, where one is.
    """

    deleted: bool
    column: Column
    name: str
    behind: str | None


@frozen
class Source:
    """Where a column of a merged result comes from.

    Attributes:
        before: Whether from the row as it was before the change.
        place: Its place in the row.
        behind: The name of the literal that is put behind it, where one is.
    """

    before: bool
    place: int
    behind: str | None

    def of(self, old: Sequence[Value], new: Sequence[Value], literals: Mapping[str, Value]) -> Value:
        """The value; NULL with something behind it is NULL."""
        value = (old if self.before else new)[self.place]
        return value if self.behind is None or value is None else f"{value}{literals[self.behind]}"


def outputs_of(tree: exp.Expr, table: Table, catalog: Catalog) -> list[Output]:
    """The OUTPUT of a change, which is taken out of its tree."""
    clause = tree.args.get("returning")
    tree.set("returning", None)
    outputs = []
    for each in clause.expressions if clause is not None else ():
        value, behind = _with_text_behind(each.unalias(), catalog)
        source = value.table.lower() if isinstance(value, exp.Column) else ""
        if source not in {INSERTED, DELETED} or isinstance(value.this, exp.Star):
            raise RefusedError("an OUTPUT that is neither inserted.column nor deleted.column")
        column = table.column(value.name)
        if behind is not None and column.type.kind is not Kind.NVARCHAR:
            raise RefusedError("an OUTPUT with a text behind what is none")
        outputs.append(Output(source == DELETED, column, each.alias or column.name, behind))
    return outputs


def _with_text_behind(value: exp.Expr, catalog: Catalog) -> tuple[exp.Expr, str | None]:
    """A column, and the name of the text that + puts behind it."""
    if isinstance(value, exp.Add) and isinstance(value.expression, exp.Parameter):
        if type_of(value.expression, catalog) != LONG_TEXT:
            raise RefusedError("an OUTPUT with anything but a text behind a column")
        return value.this, value.expression.name
    return value, None


def returning(outputs: Sequence[Output]) -> str:
    """What makes SQLite give back the rows as they are after the change."""
    if any(output.behind is not None for output in outputs):
        raise RefusedError("a text behind a column of OUTPUT without any deleted.column")
    names = [quoted(output.column.name) for output in outputs]
    return " RETURNING " + ", ".join(names) if names else ""


def result_columns(outputs: Sequence[Output]) -> tuple[OutputColumn, ...]:
    """The columns of the result."""
    return tuple(OutputColumn(each.name, each.column.type if each.behind is None else LONG_TEXT) for each in outputs)
