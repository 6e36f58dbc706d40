import json
import re

import attrs
import pytest

from benchmarks.claim_batches import Batches
from benchmarks.figures import figures
from benchmarks.flatness import Flatness, Size
from benchmarks.flatness import Idle as NothingDue
from benchmarks.idle import Idle
from benchmarks.machine import Machine
from benchmarks.results import Results
from benchmarks.table import Setup, as_json, grid, markdown, number
from benchmarks.throughput import Reading, Run, Span, between

MACHINE = Machine(
    processor="Example", processors=2, memory_gb=4.0, system="Linux", python="CPython", packages={}, load_before=0.1
)
SETUP = Setup(documents=100, warm_up=10, runs=2, answer_ms=100, sql_server="a practice one")


def run_at(rate: float) -> Run:
    return Run(
        rate=rate, documents=100, cpu_ms=2.0, server_cpu_ms={"SQL Server": 1.5}, round_trips=0.25, elsewhere=0.05
    )


@pytest.fixture
def results() -> Results:
    return Results(
        throughput={"bare requests loop": [run_at(400.0), run_at(500.0)], "pharmasync": [run_at(280.0), run_at(300.0)]},
        idle=[
            Idle(latencies=[0.1, 0.3], round_trips=4.0, trips_a_scan=3.0, producer_cpu=0.01, workers_cpu=0.02),
        ],
    )


def test_a_ratio_is_the_median_of_the_runs_ratios(results: Results) -> None:
    figure = next(figure for figure in figures(results) if figure.number == "1a")
    assert figure.value is not None
    assert figure.value.median == pytest.approx((0.7 + 0.6) / 2)
    assert figure.met is True


def test_a_figure_above_its_limit_is_missed(results: Results) -> None:
    found = {figure.number: figure.met for figure in figures(results)}
    assert (found["2"], found["3a"], found["3b"]) == (True, True, False)


def test_what_was_left_out_is_not_measured_and_neither_met_nor_missed(results: Results) -> None:
    figure = next(figure for figure in figures(results) if figure.number == "1b")
    assert (figure.value, figure.met) == (None, None)
    text = markdown(MACHINE, SETUP, results, figures(results))
    assert re.search(r"\| 1b \| throughput beside Celery as written +\| not measured \|", text)


def test_few_rows_and_many_are_told_by_their_ratios(results: Results) -> None:
    few = Batches(rows=10_000, milliseconds=[60.0, 130.0, 110.0], cpu_ms=50.0, server_cpu_ms=80.0, most=10, least=10)
    many = attrs.evolve(few, milliseconds=[70.0, 140.0, 120.0], server_cpu_ms=88.0, least=8)
    results.flatness.append(
        Flatness(
            few=Size(due=1_000, series=[few, few], memory_mb={"producer": 50.0, "Redis": 10.0}),
            many=Size(due=1_000_000, series=[many, many], memory_mb={"producer": 51.0, "Redis": 12.0}),
            idle=NothingDue(producer_cpu=0.004, server_cpu=None, trips_a_scan=1.1),
            paused=few,
            waiting=few,
        )
    )
    found = {one.number: one for one in figures(results)}
    values = {number: one.value.median for number, one in found.items() if one.value is not None}
    assert [values[number] for number in ("5a", "5b", "5c", "5d", "5e")] == pytest.approx([1.1, 1.1, 2.0, 1.2, 0.4])
    assert [found[number].met for number in ("5a", "5b", "5c", "5d", "5e", "5f")] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]


def test_the_table_has_a_row_for_each_subject_with_its_servers(results: Results) -> None:
    row = next(line for line in markdown(MACHINE, SETUP, results, []).splitlines() if line.startswith("| pharmasync"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == ["pharmasync", "0", "290", "280 to 300", "0.65", "2", "0.25", "1.5", "–", "–", "–", "5"]


def test_the_machine_stands_below_the_tables(results: Results) -> None:
    assert "2 x Example, 4.0 GB, Linux, CPython" in markdown(MACHINE, SETUP, results, [])


def test_json_holds_every_run(results: Results) -> None:
    told = json.loads(as_json(MACHINE, SETUP, results, figures(results)))
    assert [run["rate"] for run in told["results"]["throughput"]["pharmasync"]] == [280.0, 300.0]
    assert told["figures"][0]["met"] is True


def test_columns_stand_under_each_other() -> None:
    table = grid(["a", "long"], [["wide", "b"]])
    assert table.splitlines() == ["| a    | long |", "| ---- | ---- |", "| wide | b    |"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0, "0"), (0.12345, "0.123"), (12.345, "12.3"), (1234.5, "1,234")]
)
def test_numbers_have_three_digits_that_count(value: float | None, text: str) -> None:
    assert number(value) == text


def test_what_is_told_of_a_run_is_for_one_document() -> None:
    begin = Reading(time=1.0, answered=100, own=2.0, servers={"API": 0.5}, trips=70, busy=9.0)
    end = Reading(time=3.0, answered=300, own=2.4, servers={"API": 0.7}, trips=120, busy=10.0)
    run = between(begin, end, processors=2)
    assert (run.rate, run.documents, run.round_trips) == (100.0, 200, 0.25)
    assert run.cpu_ms == pytest.approx(2.0)
    assert run.server_cpu_ms == {"API": pytest.approx(1.0)}
    assert run.elsewhere == pytest.approx((1.0 - 0.4 - 0.2) / (2.0 * 2))


def test_round_trips_that_were_not_counted_are_unknown() -> None:
    reading = Reading(time=1.0, answered=0, own=0.0, servers={}, trips=0, busy=0.0)
    later = Reading(time=2.0, answered=10, own=0.0, servers={}, trips=0, busy=0.0)
    assert between(reading, later, processors=2, counted=False).round_trips is None


def test_a_share_of_a_span_has_a_share_of_the_warm_up() -> None:
    assert Span(300, 1300).part(0.1) == Span(30, 130)
