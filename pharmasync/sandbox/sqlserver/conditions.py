"""The conditions of indexes: SQLite uses such an index only for statements that spell its condition out in literals.

Statements are bound to their literals, so SQLite sees a parameter where SQL Server sees a text. A list that is an
index's condition, such as ``status IN (…)`` with the very texts of the index, is therefore written into the statement.
"""

import re
from collections.abc import Collection, Mapping

from attrs import frozen
from sqlglot import exp

from pharmasync.sandbox.sqlserver.datatypes import Value

LISTS = re.compile(r'("\w+") IN \((@n_\d+(?:, @n_\d+)*)\)')
"""A column that is one of several texts, as it stands in a statement for SQLite."""


@frozen
class Condition:
    """A column is one of several texts.

    Args:
        column: The column's name as it stands in a statement for SQLite.
        texts: The texts, in order.
    """

    column: str
    texts: tuple[Value, ...]

    @property
    def sql(self) -> str:
        """The condition for SQLite."""
        return f"{self.column} IN ({', '.join(_quoted(text) for text in self.texts)})"


def condition_of(tree: exp.Expr, literals: Mapping[str, Value]) -> Condition | None:
    """The condition that an index's WHERE says; None where it says something else."""
    if not isinstance(tree, exp.In) or not all(isinstance(each, exp.Parameter) for each in tree.expressions):
        return None
    texts = tuple(literals[each.name] for each in tree.expressions)
    return Condition(f'"{tree.this.name}"', texts) if all(isinstance(text, str) for text in texts) else None


def listed_names(sql: str, conditions: Collection[Condition]) -> tuple[str, ...]:
    """The names of the parameters that stand in a list of a column for which there is a condition."""
    columns = {condition.column for condition in conditions}
    return tuple(name for found in LISTS.finditer(sql) if found[1] in columns for name in _names(found[2]))


def spelled_out(sql: str, values: Mapping[str, Value], conditions: Collection[Condition]) -> str:
    """A statement with each list that is a condition written out."""

    def write(found: re.Match[str]) -> str:
        asked = Condition(found[1], tuple(values[name] for name in _names(found[2])))
        return asked.sql if asked in conditions else found[0]

    return LISTS.sub(write, sql)


def _names(marks: str) -> list[str]:
    return [mark.removeprefix("@") for mark in marks.split(", ")]


def _quoted(text: Value) -> str:
    return "'" + str(text).replace("'", "''") + "'"
