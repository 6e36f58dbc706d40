"""The one batch with a loop that is taken: it skips from shop to shop. Everything near it is refused."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("invoices")]

Results = Callable[..., list[list[tuple[Any, ...]]]]
HEAD = """SET NOCOUNT ON;
DECLARE @now DATETIME2(3), @shop NVARCHAR(4000);
DECLARE @found TABLE (tour INT NOT NULL, shop NVARCHAR(4000) NOT NULL);
SET @now = SYSUTCDATETIME();
"""
TAIL = "SELECT tour, shop FROM @found"
NEXT_OPEN = "SELECT TOP (1) shop FROM Invoices WITH (READPAST) WHERE status IN (N'A', N'B') AND shop {} ORDER BY shop"
IS_DUE = "SELECT id FROM Invoices WITH (READPAST) WHERE status IN (N'A', N'B') AND shop = @shop AND due <= @now"


def loop(number: int, step: str = NEXT_OPEN, test: str = "") -> str:
    return f"""SET @shop = ({step.format("IS NOT NULL")});
WHILE @shop IS NOT NULL
BEGIN
{test}INSERT INTO @found (tour, shop) VALUES ({number}, @shop);
SET @shop = ({step.format("> @shop")});
END;
"""


@pytest.fixture
def rows(results: Results, invoices: None) -> None:  # noqa: ARG001 - the table
    results(
        "INSERT INTO Invoices (local_id, shop, status, due) VALUES (N'1', N'b', N'A', NULL), (N'2', N'B ', N'B', NULL),"
        " (N'3', N'a', N'A', N'2024-01-01'), (N'4', N'c', N'C', N'2024-01-01'), (N'5', N'd', N'B', N'9999-01-01')"
    )


@pytest.mark.usefixtures("rows")
def test_a_tour_finds_each_shop_once(results: Results) -> None:
    ((one, two, three),) = results(HEAD + loop(0) + TAIL)
    assert (one, (two[0], two[1].rstrip().lower()), three) == ((0, "a"), (0, "b"), (0, "d"))


@pytest.mark.usefixtures("rows")
def test_a_tour_may_test_each_shop(results: Results) -> None:
    assert results(HEAD + loop(0, test=f"IF EXISTS ({IS_DUE})\n") + TAIL) == [[(0, "a")]]


@pytest.mark.usefixtures("rows")
def test_several_tours_travel_together(results: Results) -> None:
    (found,) = results(HEAD + loop(0, test=f"IF EXISTS ({IS_DUE})\n") + loop(7) + TAIL)
    assert [number for number, _ in found] == [0, 7, 7, 7]


def test_where_there_is_nothing_the_result_is_empty(results: Results) -> None:
    assert results(HEAD + loop(0) + TAIL) == [[]]
    assert results("SELECT 1 AS x") == [[(1,)]]


@pytest.mark.parametrize(
    "batch",
    [
        HEAD + loop(0),
        loop(0) + TAIL,
        HEAD + loop(0) + "DELETE FROM Invoices;\n" + TAIL,
        HEAD + loop(0, step="SELECT TOP (1) shop FROM Invoices; DELETE FROM Invoices WHERE shop {}") + TAIL,
        HEAD + loop(0, step="SELECT TOP (1) shop FROM Invoices WHERE shop {} AND note = @found") + TAIL,
        HEAD + loop(0, step="SELECT TOP (1) shop FROM Invoices WHERE note > @shop AND shop {}") + TAIL,
        HEAD + loop(0, step="SELECT TOP (1) shop FROM Invoices UNION SELECT shop FROM Invoices WHERE shop {}") + TAIL,
        HEAD + loop(0, step="SELECT TOP (1) shop FROM Invoices WHERE shop {} OR shop IS NOT NULL") + TAIL,
        HEAD + loop(0, step="SELECT shop FROM Invoices WHERE shop {}") + TAIL,
        HEAD + loop(0, test="IF NOT EXISTS (SELECT id FROM Invoices)\n") + TAIL,
        HEAD + loop(0).replace("BEGIN", "BEGIN TRAN") + TAIL,
        HEAD.replace("4000", "50") + loop(0) + TAIL,
        "DECLARE @n INT; SELECT id FROM Invoices WHERE id = @n",
    ],
)
@pytest.mark.usefixtures("rows")
def test_a_batch_of_another_shape_is_refused_and_does_nothing(
    error_number: Callable[..., int], results: Results, batch: str
) -> None:
    assert error_number(batch) == 50000
    assert results("SELECT COUNT(*) AS n FROM Invoices") == [[(5,)]]


def test_a_mistake_in_a_tour_has_the_number_that_sql_server_gives_it(error_number: Callable[..., int]) -> None:
    assert error_number(HEAD + loop(0, step="SELECT TOP (1) shop FROM Nowhere WHERE shop {}") + TAIL) == 208
    assert error_number(HEAD + loop(0, step="SELECT TOP (1) nothing FROM Invoices WHERE shop {}") + TAIL) == 207
