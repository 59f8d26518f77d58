# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin imports downward, nothing but QGIS and the standard library, and works with Qt 6."""

import ast
import re
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[2] / "qgis_plugin"
#: From the bottom up. A module belongs to the layer that names it or its folder, or that names
#: the start of its name up to an underscore (layer_tiles is layer).
LAYERS = [
    {"words"},
    {"errors", "settings", "wire", "record"},
    {"client", "layer"},
    {"engine"},
    {"request"},
    {"run", "result", "results"},
    {"tasks"},
    {"training"},
    {"finetune", "evaluate"},
    {"algorithms"},
    {"gui"},
    {"provider"},
    {"plugin"},
]
MODULES = sorted(PLUGIN.rglob("*.py"))
FUNCTION_LINES, FILE_LINES = 40, 300
#: Names of enumerations' values that Qt 6 and QGIS 4 only know with the enumeration's name.
UNSCOPED = re.compile(
    r"\b(?:Qt\.(?:Align|Left|Right|Horizontal|Vertical|Checked|Unchecked|Window|User|Display|Edit"
    r"|Tool|No|Key_|Wait|Cross|Rich|Plain|Text|Custom|WA_|Item|Scroll)[A-Za-z_]*"
    r"|Qgis\.(?:Info|Warning|Critical|Success|Byte|Float32|Float64|U?Int\d+|ARGB32)"
    r"|QgsTask\.CanCancel|QMessageBox\.(?:Yes|No|Ok|Cancel)|QProcess\.(?:NotRunning|Running)"
    r"|QDialogButtonBox\.(?:Ok|Cancel|Close|Help)|QSizePolicy\.(?:Expanding|Fixed|Preferred)"
    r"|QgsWkbTypes\.(?:Polygon|Point|Line)Geometry|QgsProcessing\.Type[A-Z]\w*"
    r"|QNetworkRequest\.\w+(?:Header|Attribute)|QVariant\.[A-Z]\w+)\b(?!\.)"
)


def name_of(path):
    """The module's dotted name inside the plugin."""
    parts = path.relative_to(PLUGIN).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def rank(module):
    """The number of the module's layer."""
    first = module.split(".")[0]
    known = {name for layer in LAYERS for name in layer}
    while first not in known and "_" in first:
        first = first.rsplit("_", 1)[0]
    for number, layer in enumerate(LAYERS):
        if first in layer:
            return number
    raise AssertionError(f"{module} is in no layer: say in LAYERS where it belongs")


def imports(path):
    """(absolute names, names inside the plugin) of everything a source imports."""
    package = list(path.relative_to(PLUGIN).parts[:-1])
    absolute, own = set(), set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            absolute.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            absolute.add(node.module)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1]
            base = [*base, *(node.module.split(".") if node.module else [])]
            own.update(".".join([*base, alias.name]) for alias in node.names)
            own.add(".".join(base))
    existing = {name_of(module) for module in MODULES} - {""}
    return absolute, own & existing


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_qgis_the_standard_library_and_itself_are_imported(path):
    absolute, _ = imports(path)
    roots = {name.split(".")[0] for name in absolute}
    foreign = roots - {"qgis", "processing"} - set(sys.stdlib_module_names)
    assert not foreign, f"{name_of(path)} imports {', '.join(sorted(foreign))}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downward(path):
    module = name_of(path)
    if not module:  # the package itself reaches for the plugin, lazily
        return
    for imported in imports(path)[1]:
        assert rank(imported) <= rank(module), f"{module} imports {imported}, which is above it"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_source_names_its_licence_and_its_idea(path):
    text = path.read_text()
    assert text.startswith("# SPDX-License-Identifier: GPL-3.0-or-later\n")
    assert ast.get_docstring(ast.parse(text)), "what is the one idea of this file?"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_grows_past_one_screen_or_one_idea(path):
    text = path.read_text()
    assert len(text.splitlines()) <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_enumerations_are_named_as_qt_6_wants_them(path):
    found = [match.group() for match in UNSCOPED.finditer(path.read_text())]
    assert not found, f"write the enumeration's name too: {', '.join(found)}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_old_names_that_qt_6_dropped_are_not_used(path):
    found = re.findall(r"\bexec_\(|\.toAscii\(|QRegExp\b|\.pos\(\)\.x\(\)", path.read_text())
    assert not found, f"{name_of(path)} uses {', '.join(found)}"


def test_the_check_for_unscoped_enumerations_sees_them():
    assert UNSCOPED.search("x = Qt.AlignLeft")
    assert UNSCOPED.search("Qgis.Warning")
    assert not UNSCOPED.search("Qt.AlignmentFlag.AlignLeft, Qgis.MessageLevel.Warning")
