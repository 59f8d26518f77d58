# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip of `make package`: what QGIS's plugin site wants, and it works in a fresh profile."""

import configparser
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from test_run import polygons

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def archive(packaged):
    with zipfile.ZipFile(ROOT / "dist" / "waterseg.zip") as opened:
        yield opened


@pytest.fixture
def qgis_process(packaged, tmp_path, core_python):
    """Runs qgis_process with arguments in a profile that nobody used before; gives its text."""
    program = next(
        (
            path
            for path in ("/usr/bin/qgis_process.bin", "/usr/bin/qgis_process")
            if os.path.exists(path)
        ),
        None,
    )
    if program is None:
        pytest.skip("qgis_process is not installed")
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"),
        "QGIS_PLUGINPATH": str(packaged),
        "WATERSEG_PYTHON": core_python,
    }

    def run(*arguments):
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    run("plugins", "enable", "waterseg")
    return run


def test_it_is_small_enough_for_the_plugin_site(packaged):
    assert (ROOT / "dist" / "waterseg.zip").stat().st_size <= 25_000_000


def test_it_has_one_folder_with_what_the_site_wants(archive):
    names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"waterseg"}
    assert {"waterseg/metadata.txt", "waterseg/LICENSE", "waterseg/__init__.py"} <= set(names)
    assert not [name for name in names if name.endswith((".pyc", ".so", ".dll", ".exe", ".sh"))]
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def test_its_metadata_names_an_icon_that_is_there(archive):
    about = configparser.ConfigParser()
    about.read_string(archive.read("waterseg/metadata.txt").decode())
    assert f"waterseg/{about['general']['icon']}" in archive.namelist()
    assert about["general"]["hasProcessingProvider"] == "yes"


def test_the_wheel_in_it_is_of_the_same_version_and_has_the_model(archive):
    about = configparser.ConfigParser()
    about.read_string(archive.read("waterseg/metadata.txt").decode())
    (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
    assert f"waterseg_core-{about['general']['version']}-" in wheel
    with archive.open(wheel) as inner, zipfile.ZipFile(inner) as core:
        assert "waterseg_core/checkpoints/nano/model.safetensors" in core.namelist()


def test_qgis_process_segments_water_with_the_zip_in_a_fresh_profile(
    qgis_process, make_raster, lake_picture, tmp_path
):
    assert "waterseg:segmentwater" in qgis_process("list")
    path, output = make_raster(lake_picture), tmp_path / "w.gpkg"
    told = qgis_process("run", "waterseg:segmentwater", f"--INPUT={path}", f"--OUTPUT={output}")
    assert polygons(output)
    assert "water bodies" in told
    assert "Traceback" not in told
