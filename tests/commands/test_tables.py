"""What an operator needs stands in a table, at a terminal of any width and in a pipe."""

import pytest

from pharmasync.commands.tables import print_table

HEADS = ("status", "SYNC_SENDING", "code", "why")
CODE = "HD-2026-11-26-QUAY03-0001234567"
ROWS = [("sales_invoice", "1234567", CODE, "thiếu số lô"), ("sales_invoice", "7", "HD2", "dòng 2: " * 500)]


@pytest.fixture
def narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "50")


@pytest.mark.usefixtures("narrow_terminal")
def test_nothing_is_cut_off_at_a_narrow_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADS, ROWS[:1])
    lines = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    columns = ["".join(cell.strip() for cell in column) for column in zip(*lines, strict=True)]
    assert columns[1:4] == ["sales_invoice", "1234567", CODE]
    assert "…" not in "".join(columns)


def test_a_pipe_gets_a_line_a_row_and_nothing_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADS, ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].split() == list(HEADS)
    assert lines[1].endswith("thiếu số lô"), "it is not as long as the longest reason"
    assert lines[1].startswith("sales_invoice")


def test_a_line_break_in_a_cell_is_shown_and_breaks_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("code", "why"), [("HD1\r\n", "mã hoá đơn có ký tự xuống dòng")])
    assert "HD1\\r\\n  mã hoá đơn" in capsys.readouterr().out
