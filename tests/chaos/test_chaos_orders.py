"""Orders to die are carried out once, at the pass that they name, by SIGKILL."""

import multiprocessing
import signal
from pathlib import Path

import pytest

from tests.chaos.orders import Orders
from tests.chaos.point import Point

pytestmark = pytest.mark.integration


def pass_through(directory: str, times: int) -> None:
    orders = Orders(Path(directory))
    for _ in range(times):
        orders.reached(Point.BEGUN)


def run(directory: Path, times: int) -> int | None:
    """The exit code of a process that passes through the point so often."""
    process = multiprocessing.get_context("spawn").Process(target=pass_through, args=(str(directory), times))
    process.start()
    process.join(30)
    return process.exitcode


def test_without_an_order_everybody_passes(tmp_path: Path) -> None:
    Orders(tmp_path).reached(Point.BEGUN)
    assert Orders(tmp_path).carried_out() == []


def test_a_process_dies_at_the_pass_that_is_named(tmp_path: Path) -> None:
    orders = Orders(tmp_path)
    orders.give(Point.BEGUN, 3)
    assert run(tmp_path, times=2) == 0
    assert orders.carried_out() == []
    assert run(tmp_path, times=3) == -signal.SIGKILL
    assert orders.carried_out() == ["begun"]


def test_an_order_is_carried_out_once(tmp_path: Path) -> None:
    Orders(tmp_path).give(Point.BEGUN, 1)
    assert [run(tmp_path, times=1), run(tmp_path, times=1)] == [-signal.SIGKILL, 0]


def test_an_order_for_another_point_is_none(tmp_path: Path) -> None:
    Orders(tmp_path).give(Point.WRITTEN, 1)
    assert run(tmp_path, times=1) == 0


def test_an_order_that_was_withdrawn_is_none(tmp_path: Path) -> None:
    orders = Orders(tmp_path)
    orders.give(Point.BEGUN, 1)
    orders.withdraw(Point.BEGUN)
    assert run(tmp_path, times=1) == 0
