"""A batch is cut into statements, and a statement into its shape and its literals."""

import pytest

from pharmasync.sandbox.sqlserver.batches import read_batch
from pharmasync.sandbox.sqlserver.errors import RefusedError


@pytest.mark.parametrize(
    ("literal", "mark", "value"),
    [
        ("5", "@i", 5),
        ("-5", "@i", -5),
        ("3000000000", "@d0", "3000000000"),
        ("1.50", "@d2", "1.50"),
        ("-0.001", "@d3", "-0.001"),
        ("N'it''s'", "@n", "it's"),
        ("''", "@n", ""),
    ],
)
def test_a_literal_becomes_a_mark(literal: str, mark: str, value: object) -> None:
    (statement,) = read_batch(f"UPDATE t SET a ={literal}")
    assert statement.shape == f"UPDATE t SET a ={mark}"
    assert statement.literals == (value,)


def test_names_and_types_keep_their_digits() -> None:
    (statement,) = read_batch('CREATE TABLE t1 ([x 3] DECIMAL(18, 2), "y 4" NVARCHAR(50))')
    assert statement.shape == 'CREATE TABLE t1 ([x 3] DECIMAL(18, 2), "y 4" NVARCHAR(50))'


def test_inserts_of_as_many_rows_share_their_shape_whatever_is_null_in_them() -> None:
    one, two = read_batch(
        "INSERT INTO t (a, b) VALUES (1, N'x'), (NULL, -2.5);INSERT INTO t (a, b) VALUES (3,4), (5, 6)"
    )
    assert one.shape == "INSERT INTO t (a, b) VALUES ( @v, @v), ( @v, @v)"
    assert one.literals == (1, "x", None, "-2.5")
    assert two.shape == one.shape


def test_a_semicolon_in_a_text_or_comment_ends_nothing() -> None:
    assert len(read_batch("SELECT N';' AS a /* ; */ -- ;\n, 1 AS b")) == 1


def test_each_statement_keeps_what_the_client_wrote() -> None:
    found = read_batch("SELECT N'it''s' AS a;; \n UPDATE t SET b = 5 ;")
    assert [statement.text for statement in found] == ["SELECT N'it''s' AS a", "UPDATE t SET b = 5"]


@pytest.mark.parametrize(
    "batch",
    ["SELECT @i", "SELECT ?", "SELECT 'a", "SELECT a FROM t LIMIT 1", "SELECT [a@b]", "SELECT \0", "SELECT a, FROM t"],
)
def test_what_sql_server_does_not_know_is_refused(batch: str) -> None:
    with pytest.raises(RefusedError):
        read_batch(batch)
