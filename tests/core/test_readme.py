# SPDX-License-Identifier: GPL-3.0-or-later
"""The README is true: its Python runs, its table is the options', its files and commands exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from pixelwise import lakes, write_scene

from waterseg_core import errors
from waterseg_core.cli.main import waterseg
from waterseg_core.cli.table import with_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "name", ["README.md", *(f"docs/{page}.md" for page in ("AUDIT", "DATASET", "EVALUATION"))]
)
def test_tables_are_those_of_the_options(name: str) -> None:
    page = (ROOT / name).read_text()
    assert with_table(page) == page, f"python -m waterseg_core.cli.table {name} renews it"


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 5
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "cache"))
    write_scene(tmp_path / "scene.tif", lakes(300, 300))
    exec(code, {})
    assert re.fullmatch(r"\d+ water bodies, [\d.]+ km²\n", capsys.readouterr().out)
    assert (tmp_path / "water.gpkg").is_file()


@pytest.mark.parametrize("line", re.findall(r"^    waterseg (.*)$", README, re.MULTILINE))
def test_commands_and_their_flags_exist(line: str) -> None:
    words = shlex.split(line, comments=True)
    command: click.Command | None = waterseg
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None
    known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= known


def test_the_exit_codes_are_those_of_the_errors() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    tree = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert told == {0} | {error.exit_code for error in tree}


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) >= 3
    for link in links:
        assert (ROOT / link).is_file(), link


def test_make_has_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for command in re.findall(r"^    make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)
