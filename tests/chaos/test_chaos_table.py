"""The table shows what was broken and every number that must be zero."""

from attrs import evolve

from tests.chaos.matrix import MATRIX
from tests.chaos.run import Result
from tests.chaos.table import HEADINGS, cells, table
from tests.chaos.verdict import Finding

RESULT = Result(
    row=MATRIX["worker-begun"], done={"kills": 6}, missed=0, findings=[], slowest=7.25, seconds=31.4, logs=""
)


def test_a_row_tells_everything() -> None:
    assert cells(RESULT) == [
        "worker-begun",
        "worker killed after begin",
        "520",
        "6 kills",
        *("0", "0", "0", "0"),
        "7.2 s",
        "31 s",
    ]
    assert RESULT.fine


def test_every_sort_of_finding_has_its_column() -> None:
    for place, sort in enumerate(("lost", "doubled", "wrong", "stuck"), start=4):
        result = evolve(RESULT, findings=[Finding(sort, "…"), Finding(sort, "…")])
        assert cells(result)[place] == "2"
        assert not result.fine


def test_a_strike_that_missed_is_not_fine() -> None:
    result = evolve(RESULT, missed=2)
    assert cells(result)[3] == "6 kills, 2 missed"
    assert not result.fine


def test_the_table_is_markdown_of_even_columns() -> None:
    head, rule, *rows = table([RESULT, evolve(RESULT, row=MATRIX["crowd"])]).splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(HEADINGS)
    assert set(rule) == {"|", "-"}
    assert {len(line) for line in rows} == {len(head)} == {len(rule)}
