# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports point downward, heavy libraries stay where they belong, and nothing grows too big."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "waterseg_core"
#: From the bottom up. A module belongs to the layer that names it, or names the start of its name
#: up to an underscore (raster_bands is raster).
LAYERS = [
    {"errors"},
    {"optionfield", "places", "silence"},
    {"options"},
    {"geo"},
    {"grid"},
    {"raster", "tokens", "vocabulary", "segmentation", "maskcodec", "mosaic"},
    {"paligemma"},
    {"model_list"},
    {"segmenter"},
    {"bites"},
    {"rings", "spelling", "trace", "parts", "seams", "ground", "frames", "simplify", "smooth"},
    {"polygons", "outputs"},
    {"workfolder", "render", "targets"},
    {"strips", "pipeline"},
    {"dataset"},
    {"evaluation"},
    {"finetuning"},
    {"jobs"},
    {"studies"},
    {"uploads"},
    {"server"},
    {"cli"},
]
#: Who may import a heavy library.
HEAVY = {
    "torch": {"evaluation", "finetuning", "maskcodec", "paligemma"},
    "transformers": {"finetuning", "paligemma"},
    "peft": {"finetuning", "paligemma"},
    "rasterio": {"raster", "polygons", "outputs"},
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "checkpoints" not in path.parts)
FUNCTION_LINES, FILE_LINES = 40, 300


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def layer_name(module: str) -> str:
    """The layer that a module belongs to, by its first name."""
    first = module.split(".")[0]
    known = {name for layer in LAYERS for name in layer}
    while first not in known and "_" in first:
        first = first.rsplit("_", 1)[0]
    return first


def rank(module: str) -> int:
    name = layer_name(module)
    for number, layer in enumerate(LAYERS):
        if name in layer:
            return number
    raise AssertionError(f"{module} is in no layer: say in LAYERS where it belongs")


def imports(path: Path) -> Iterator[str]:
    """Every module that a source imports, wherever in the source, by absolute dotted name."""
    package = ["waterseg_core", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """The modules of this package that a source imports, without the package's name."""
    existing = {dotted(module) for module in MODULES} - {""}
    names = (name.removeprefix("waterseg_core.") for name in imports(path))
    return {name for name in names if name in existing}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_downward(path: Path) -> None:
    module = dotted(path)
    if not module:  # the public face reaches for everything, lazily
        return
    for imported in own_imports(path):
        assert rank(imported) <= rank(module), f"{module} imports {imported}, which is above it"


def test_imports_make_no_circle() -> None:
    graph = {dotted(path): own_imports(path) - {dotted(path)} for path in MODULES if dotted(path)}
    while graph:
        free = {module for module, needs in graph.items() if not needs & graph.keys()}
        assert free, f"these modules import each other in a circle: {sorted(graph)}"
        graph = {module: needs for module, needs in graph.items() if module not in free}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_heavy_libraries_stay_where_they_belong(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    for library, users in HEAVY.items():
        if library in roots:
            assert layer_name(dotted(path)) in users, f"{dotted(path)} imports {library}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_every_source_names_its_licence_and_its_idea(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# SPDX-License-Identifier: GPL-3.0-or-later\n")
    assert ast.get_docstring(ast.parse(text)), "what is the one idea of this file?"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_nothing_grows_past_one_screen_or_one_idea(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"
