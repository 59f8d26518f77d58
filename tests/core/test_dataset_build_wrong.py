# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is wrong with what a set is to be built of is told in one sentence; nothing is left."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from drawn_scene import UTM, build, bytes_of, on_map, ponds, write_polygons, write_scene

from waterseg_core.cli.main import run

SIDE = 300
USUAL = "--tile 128"


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scene, and masks that are good or bad in one way each."""
    folder = tmp_path_factory.mktemp("wrong")
    shapes = ponds(SIDE, SIDE, 4)
    drawn = on_map(shapes, UTM)
    write_scene(folder / "scene.tif", shapes, SIDE, SIDE)
    write_scene(folder / "nowhere.tif", shapes, SIDE, SIDE, crs=None)
    write_polygons(folder / "good.gpkg", drawn, kind=["lake"] * 4)
    write_polygons(folder / "far.gpkg", [shapely.affinity.translate(drawn[0], 90_000)])
    write_polygons(folder / "lines.gpkg", [shape.boundary for shape in drawn])
    write_polygons(folder / "none.gpkg", [])
    write_polygons(folder / "speck.gpkg", on_map([shapely.box(50, 50, 53, 53)], UTM))
    write_polygons(folder / "odd.gpkg", drawn, kind=["lake;river"] * 4)
    with pytest.warns(UserWarning, match="crs"):
        write_polygons(folder / "placeless.fgb", drawn, crs=None)
    (folder / "notes.txt").write_text("no masks")
    grey = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    write_mask(folder / "grey.tif", grey)
    write_mask(folder / "small.tif", grey[:200] // 255)
    write_mask(folder / "empty.tif", grey * 0)
    write_mask(folder / "float.tif", (grey / 255).astype(np.float32))
    write_mask(folder / "moved.tif", grey // 128, UTM @ UTM.translation(40, 0))
    return folder


def write_mask(path: Path, values: np.ndarray, transform: object = UTM) -> None:
    height, width = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype=values.dtype,
        count=1,
        height=height,
        width=width,
        transform=transform,
        crs="EPSG:32633",
    ) as sink:
        sink.write(values, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("scene.tif", 2, "--masks FILE is missing"),
        ("missing.tif --masks good.gpkg", 3, "missing.tif"),
        ("scene.tif --masks missing.gpkg", 3, "no file"),
        ("scene.tif --masks notes.txt", 3, "notes.txt"),
        ("scene.tif --masks far.gpkg", 3, "do not overlap"),
        ("scene.tif --masks far.gpkg", 3, "the raster 500000, 4997000, 503000, 5000000 in"),
        ("scene.tif --masks lines.gpkg", 3, "no polygon"),
        ("scene.tif --masks none.gpkg", 3, "no features"),
        ("scene.tif --masks placeless.fgb", 3, "has no CRS"),
        ("nowhere.tif --masks good.gpkg", 3, "raster has no CRS"),
        ("scene.tif --masks speck.gpkg", 3, "holds enough water"),
        ("scene.tif --masks good.gpkg --label-field what", 3, "no field what"),
        ("scene.tif --masks grey.tif --label-field kind", 3, "no fields"),
        ("scene.tif --masks odd.gpkg --label-field kind", 3, "lake;river"),
        (
            "scene.tif --masks good.gpkg --label-field kind --label 'sea ; bog'",
            3,
            "no polygon is sea or bog",
        ),
        ("scene.tif --masks grey.tif", 3, "not a mask"),
        ("scene.tif --masks float.tif", 3, "not a mask"),
        ("scene.tif --masks small.tif", 3, "300 x 300"),
        ("scene.tif --masks moved.tif", 3, "does not lie where"),
        ("scene.tif --masks empty.tif", 3, "nothing is drawn"),
        ("scene.tif --masks good.gpkg --aoi far.gpkg", 3, "does not overlap"),
        ("scene.tif --masks good.gpkg --split 0,50,50", 2, "--split"),
        ("scene.tif --masks good.gpkg --label '<sea>'", 2, "--label"),
        ("scene.tif --masks good.gpkg --resolution 1", 2, "--resolution"),
        ("scene.tif scene.tif --masks good.gpkg", 3, "would have the same names"),
        ("scene.tif --masks good.gpkg --codec notes.txt", 4, "notes.txt"),
    ],
)
def test_a_mistake_is_one_sentence(
    wrong: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(wrong)
    out = tmp_path / "set"
    assert run(["dataset", "build", *shlex.split(words), *USUAL.split(), "-o", str(out)]) == code
    err = capsys.readouterr().err
    (line,) = (line for line in err.splitlines() if line.startswith("waterseg: "))
    assert said in line
    assert line.endswith((".", ")"))
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def refused(wrong: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence with which building into `out` is refused."""
    words = [str(wrong / "scene.tif"), "--masks", str(wrong / "good.gpkg"), *USUAL.split()]
    assert run(["dataset", "build", *words, "-o", str(out)]) in (3, 5)
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_a_folder_of_something_else_is_left_alone(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "beach.jpg").write_bytes(b"sand")
    assert "no training set" in refused(wrong, out, capsys)
    assert [path.name for path in tmp_path.rglob("*")] == ["holiday", "beach.jpg"]


def test_a_file_in_the_way_is_left_alone(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set").write_text("mine")
    assert "is a file" in refused(wrong, tmp_path / "set", capsys)
    assert (tmp_path / "set").read_text() == "mine"


def test_a_missing_parent_folder_is_told(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "does not exist" in refused(wrong, tmp_path / "no" / "set", capsys)


def test_a_set_that_a_newer_version_wrote_is_left_alone(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "set"
    build(wrong / "scene.tif", out, masks=str(wrong / "good.gpkg"), tile=128)
    about = json.loads((out / "dataset.json").read_text())
    (out / "dataset.json").write_text(json.dumps({**about, "format": 99}))
    before = bytes_of(out)
    assert "newer waterseg" in refused(wrong, out, capsys)
    assert bytes_of(out) == before


def test_a_set_that_was_not_built_is_not_added_to(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "set"
    build(wrong / "scene.tif", out, masks=str(wrong / "good.gpkg"), tile=128)
    about = json.loads((out / "dataset.json").read_text())
    (out / "dataset.json").write_text(json.dumps({**about, "options": {}}))
    rows = (out / "manifest.csv").read_text()
    (out / "manifest.csv").write_text(re.sub(r'"POLYGON.*?"', "", rows))
    assert "merge" in refused(wrong, out, capsys)


def test_a_read_only_folder_is_told(wrong: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    mount = 'mount -t tmpfs -o size=1m none "$0" && mount -o remount,ro "$0" && exec "$@"'
    done = in_own_mount(mount, folder, wrong, tmp_path / "locked" / "set")
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert "read-only" in done.stderr


def test_a_full_disk_is_told_and_the_same_command_goes_on(wrong: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    again = (
        'mount -t tmpfs -o size=120k none "$0" && { "$@"; echo "code $?"; ls "$0"; '
        'mount -o remount,size=4m "$0"; exec "$@"; }'
    )
    done = in_own_mount(again, folder, wrong, folder / "set")
    first, second = done.stderr.split("the disk is full")
    assert ".building" not in first  # a name that no person gave
    assert "Free some space" in second
    assert "code 5\n" in done.stdout
    assert "set" not in done.stdout.splitlines()  # nothing half-written to be taken for a set
    assert done.returncode == 0
    assert "chips" in second


def in_own_mount(
    mount: str, folder: Path, wrong: Path, out: Path
) -> subprocess.CompletedProcess[str]:
    """Run the command where `folder` is a disk of its own."""
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, str(folder)]
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("needs a small disk of its own")
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this system does not let a user make a small disk")
    words = [sys.executable, "-m", "waterseg_core.cli.main", "dataset", "build"]
    words += [str(wrong / "scene.tif"), "--masks", str(wrong / "good.gpkg")]
    words += ["--tile", "128", "--stride", "64", "-o", str(out)]
    return subprocess.run(
        [*alone, *words], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
