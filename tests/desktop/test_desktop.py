# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in the real QGIS Desktop, with a mouse: slow, and the only test that sees it all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = ("qgis", "Xvfb", "openbox", "xdotool", "import")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(2500),  # ends long before by itself: see `run`
    pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}"),
]


@pytest.fixture
def plugins(tmp_path):
    """A folder that holds the plugin as the zip does."""
    folder = tmp_path / "plugins" / "waterseg"
    shutil.copytree(
        ROOT / "qgis_plugin", folder, ignore=shutil.ignore_patterns("__pycache__", "*.ts")
    )
    for name in ("metadata.txt", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder.parent


@pytest.fixture
def desktop(plugins, tmp_path):
    """A function that runs a scenario in a fresh profile and answers what it printed.

    `folder` holds the plugins that are there from the beginning. Where WATERSEG_QGIS_ROOT names
    the root of another system, that system's QGIS is taken; it must have this checkout, its
    environments and pytest's folder at the same paths.
    """

    def run(scenario, *arguments, folder=plugins, **environment):
        out = Path(os.environ.get("WATERSEG_SHOTS", tmp_path / "shots")) / scenario
        home = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [HERE / "run_desktop.sh", "-o", out]
        if root := os.environ.get("WATERSEG_QGIS_ROOT"):
            command += ["-r", root]
        command += [folder, HERE / f"{scenario}.py"]
        ran = subprocess.run(
            ["bash", *map(str, command), str(tmp_path / "profile"), "--", *map(str, arguments)],
            env={**os.environ, **home, "OMP_NUM_THREADS": "1", **environment},
            capture_output=True,
            text=True,
            timeout=2400,  # a step's own limit says more: see gestures.sh
        )
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}\nscreenshots: {out}"
        return ran.stdout

    return run


@pytest.fixture
def lakes(make_raster):
    """A scene with three round lakes, dark and smooth, in rough land.

    1800 x 1800 pixels: a run takes long enough to be cancelled with a mouse.
    """
    size = 1800
    rows, columns = np.mgrid[:size, :size]
    noise = (
        np.random.default_rng(0).standard_normal((size // 4, size // 4)).repeat(4, 0).repeat(4, 1)
    )
    pixels = np.stack([level + 10 * noise for level in (95, 115, 75)])
    for row, column, radius in ((450, 450, 210), (1200, 630, 135), (750, 1350, 255)):
        inside = (rows - row) ** 2 + (columns - column) ** 2 < radius**2
        pixels[:, inside] = np.array([[28], [52], [88]])
    return make_raster(pixels.clip(0, 255).astype("uint8"))


def test_a_click_leads_to_polygons_also_after_a_break_and_to_geojson(desktop, lakes, tmp_path):
    exported = tmp_path / "lakes.geojson"
    desktop("segment", exported, SCENE=str(lakes), WATERSEG_PYTHON=sys.executable)
    water = json.loads(exported.read_text())
    assert len(water["features"]) >= 3
    corner = np.array(water["features"][0]["geometry"]["coordinates"][0][0]).reshape(-1, 2)[0]
    assert 14 < corner[0] < 16 and 44 < corner[1] < 46  # noqa: PT018 - one corner


def test_a_drawn_rectangle_and_the_menus_of_layers_work_with_a_mouse(desktop, lakes):
    desktop("parts", SCENE=str(lakes), WATERSEG_PYTHON=sys.executable)


def test_unloading_leaves_nothing_behind_and_loading_again_works(desktop):
    desktop("reload", WATERSEG_PYTHON="")


def test_a_new_user_is_told_what_will_happen_before_it_does(desktop):
    desktop("first_run", WATERSEG_PYTHON="")


def test_the_zip_installs_in_the_plugin_manager_and_finds_water(desktop, lakes, tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "package"], check=True, cwd=ROOT)
    (tmp_path / "none").mkdir()
    desktop(
        "install",
        ROOT / "dist" / "waterseg.zip",
        folder=tmp_path / "none",
        SCENE=str(lakes),
        WATERSEG_PYTHON=sys.executable,
    )
    there = tmp_path / "profile" / "profiles" / "default" / "python" / "plugins" / "waterseg"
    assert (there / "metadata.txt").is_file()
    assert list((there / "engine").glob("waterseg_core-*.whl"))


@pytest.mark.skipif(
    not os.environ.get("WATERSEG_TEST_INSTALL"),
    reason="downloads half a gigabyte; set WATERSEG_TEST_INSTALL=1 to run it",
)
def test_a_machine_with_qgis_and_nothing_else_comes_to_polygons(desktop, lakes, tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "package"], check=True, cwd=ROOT)
    (tmp_path / "none").mkdir()
    said = desktop(
        "new_user",
        ROOT / "dist" / "waterseg.zip",
        folder=tmp_path / "none",
        SCENE=str(lakes),
        WATERSEG_PYTHON="",
    )
    print(said)
    assert "the result: " in said
    assert (tmp_path / "data" / "waterseg" / "engine" / "waterseg-engine.json").is_file()
