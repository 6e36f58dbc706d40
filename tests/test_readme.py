"""The README is true where a test can tell."""

from pathlib import Path

import attrs
import pytest

from pharmasync.commands.group import pharmasync
from pharmasync.settings import Settings, declared
from pharmasync.sqlserver.schema import Table, tables

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def default_of(attribute: "attrs.Attribute[object]") -> str:
    if attribute.default is attrs.NOTHING:
        return "required"
    if attribute.default is None:
        return "none"
    return f"`{attribute.default:g}`" if isinstance(attribute.default, float) else f"`{attribute.default}`"


@pytest.mark.parametrize("attribute", attrs.fields(Settings), ids=lambda attribute: declared(attribute).name)
def test_every_setting_stands_in_the_table(attribute: "attrs.Attribute[object]") -> None:
    described = declared(attribute)
    row = f"| `{described.name}` | {default_of(attribute)} | {described.unit} | {described.meaning} |"
    assert row in README.splitlines()


@pytest.mark.parametrize("command", sorted(pharmasync.commands))
def test_every_command_stands_in_the_table(command: str) -> None:
    if command == "resume":
        assert "`resume SHOP`" in README
    else:
        assert f"| `pharmasync {command}" in README


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_table_stands_in_a_table_with_columns_that_it_has(table: Table) -> None:
    (row,) = (line for line in README.splitlines() if line.startswith(f"| `{table.name}` |"))
    columns = row.split("|")[2].replace("`", "").replace(" ", "").split(",")
    assert [column for column in columns if column not in table.columns] == []


def test_the_processes_of_the_procfile_stand_in_the_text() -> None:
    for line in (ROOT / "Procfile").read_text(encoding="ascii").splitlines():
        assert line.partition(": ")[2] in README


def test_the_paths_of_the_table_exist() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `pharmasync/")]
    paths = [path for row in rows for path in row.split("|")[1].replace("`", "").replace(" ", "").split(",")]
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
