# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line says one clear sentence about every mistake, and writes whole files or none."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from pixelwise import lakes, write_scene

from waterseg_core.cli.main import run

Files = dict[Path, int]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scenes that are good or bad in one way each."""
    folder = tmp_path_factory.mktemp("scenes")
    good = write_scene(folder / "good.tif", lakes(200, 260), collar=4)
    write_scene(folder / "other.tif", lakes(150, 150, seed=1))
    write_scene(folder / "photo.tif", lakes(64, 64), crs=None)
    write_scene(folder / "empty.tif", np.zeros((64, 64, 3), np.uint8), collar=1)
    whole = good.read_bytes()
    (folder / "broken.tif").write_bytes(whole[: len(whole) // 2])
    (folder / "notes.txt").write_text("no raster")
    (folder / "codec.npz").write_bytes(b"not the codec")
    features = {
        "far": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        "line": {"type": "LineString", "coordinates": [[15, 45], [16, 46]]},
    }
    for name, geometry in features.items():
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        collection = {"type": "FeatureCollection", "features": [feature]}
        (folder / f"{name}.geojson").write_text(json.dumps(collection))
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder for results."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def only_sentence(err: str) -> str:
    """The one line that a failure prints."""
    (line,) = (line for line in err.splitlines() if line.startswith("waterseg: "))
    assert "Traceback" not in err
    assert line.endswith((".", ")"))
    return line


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("missing.tif -o {out}/w.gpkg", 3, "missing.tif"),
        ("notes.txt -o {out}/w.gpkg", 3, "not a raster"),
        ("broken.tif -o {out}/w.gpkg", 3, "broken.tif"),
        ("empty.tif -o {out}/w.gpkg", 3, "empty.tif"),
        ("good.tif -o {out}/w.gpkg --aoi far.geojson", 3, "far.geojson"),
        ("good.tif -o {out}/w.gpkg --aoi line.geojson", 3, "not polygons"),
        ("good.tif -o {out}/w.gpkg --aoi nowhere.geojson", 3, "nowhere.geojson"),
        ("good.tif -o {out}/w.gpkg --bbox 0,0,1,1", 3, "--bbox"),
        ("good.tif -o {out}/w.gpkg --bands 9", 2, "--bands 9"),
        ("good.tif -o {out}/w.shp", 2, "w.shp"),
        ("good.tif -o {out}/w", 2, "ending"),
        ("good.tif -o {out}/w.gpkg --format fgb", 2, "--format fgb"),
        ("good.tif -o {out}/w.gpkg --format xyz", 2, "--format xyz"),
        ("good.tif -o {out}/no/w.gpkg", 5, "does not exist"),
        ("good.tif -o notes.txt/w.gpkg", 5, "notes.txt"),
        ("good.tif other.tif -o notes.txt/", 5, "notes.txt"),
        ("good.tif other.tif -o {out}/w.gpkg", 2, "folder"),
        ("good.tif ./good.tif -o {out}/", 2, "both"),
        ("good.tif -o {out}/w.gpkg --overlap 2", 2, "--overlap 2"),
        ("good.tif -o {out}/w.gpkg --min-area wide", 2, "--min-area wide"),
        ("good.tif -o {out}/w.gpkg --threshold 0", 2, "--threshold 0"),
        ("good.tif -o {out}/w.gpkg --tile 3", 2, "--tile 3"),
        ("good.tif -o {out}/w.gpkg --answer maybe", 2, "--answer maybe"),
        ("good.tif -o {out}/w.gpkg --bbox-crs EPSG:4326", 2, "--bbox"),
        ("good.tif -o {out}/w.gpkg --resolution 1", 2, "--resolution"),
        ("good.tif -o {out}/w.gpkg --model nowhere/", 4, "nowhere"),
        ("good.tif -o {out}/w.gpkg --answer grid --codec codec.npz", 4, "codec.npz"),
        ("good.tif -o {out}/w.gpkg --answer grid --codec none.npz", 4, "none.npz"),
        ("photo.tif -o {out}/w.geojson", 3, "CRS"),
    ],
)
def test_each_mistake_is_one_sentence_and_an_exit_code(
    words: str,
    code: int,
    said: str,
    scenes: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(scenes)
    before = {path: path.stat().st_mtime_ns for path in scenes.rglob("*")}
    assert run(["segment", *words.format(out=out).split()]) == code
    printed = capsys.readouterr()
    assert said in only_sentence(printed.err)
    assert printed.out == ""
    assert list(out.iterdir()) == [], "nothing half-written"
    assert before == {path: path.stat().st_mtime_ns for path in scenes.rglob("*")}


def test_a_folder_that_nobody_can_write(scenes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("root may write anywhere, and there is no /proc here")
    assert run(["segment", str(scenes / "good.tif"), "-o", "/proc/w.gpkg"]) == 5
    assert "cannot be written" in only_sentence(capsys.readouterr().err)


def test_a_missing_argument_is_told_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["segment", "good.tif"]) == 2
    assert "--output" in capsys.readouterr().err
    assert run(["swim"]) == 2


def test_a_model_out_of_reach_says_how_to_get_it(scenes: Path, out: Path) -> None:
    name = "google/paligemma2-3b-mix-448"
    done = waterseg(scenes, "segment", "good.tif", "-o", f"{out}/w.gpkg", "--model", name)
    assert done.returncode == 4
    sentence = only_sentence(done.stderr)
    assert "licence" in sentence
    assert "--model nano" in sentence
    assert list(out.iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(scenes: Path, out: Path) -> None:
    """A limit on the size of files stands in for the disk: writing fails in the same way."""

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    words = ("segment", "good.tif", "-o", f"{out}/w.gpkg", "--min-area", "0")
    done = waterseg(scenes, *words, before=little_room)
    assert done.returncode == 5
    assert re.search("space|disk", only_sentence(done.stderr))
    assert list(out.iterdir()) == []
    assert waterseg(scenes, *words).returncode == 0, "with room the same command goes on"


def waterseg(
    folder: Path, *words: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, without network."""
    return subprocess.run(
        [sys.executable, "-m", "waterseg_core.cli.main", *words],
        cwd=folder,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        preexec_fn=before,
    )


def test_one_scene_that_fails_does_not_lose_the_others(
    scenes: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scenes)
    words = "segment good.tif missing.tif broken.tif other.tif --format geojson --json".split()
    assert run([*words, "-o", f"{out}/all/"]) == 3
    printed = capsys.readouterr()
    assert "missing.tif" in printed.err
    told = json.loads(printed.out)["scenes"]
    assert ["error" in one for one in told] == [False, True, True, False]
    names = {path.name for path in (out / "all").iterdir()}
    assert names == {"good.geojson", "other.geojson"}
    assert told[0]["polygons"] == len(pyogrio.read_dataframe(out / "all" / "good.geojson"))

    assert run([*words, "-o", f"{out}/all/"]) == 3, "the same command again goes on"
    again = json.loads(capsys.readouterr().out)["scenes"]
    assert [one.get("skipped", False) for one in again] == [True, False, False, True]


def test_everything_asked_for_is_there(
    scenes: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["segment", str(scenes / "good.tif"), "-o", f"{out}/w.gpkg", "--mask", "--probability"]
    assert run(words) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "w_mask.tif" in printed.err
    with rasterio.open(out / "w_probability.tif") as probability:
        assert probability.shape == (200, 260)
    assert run(words) == 5, "what exists is not replaced"
    assert "--overwrite" in capsys.readouterr().err
    assert run([*words, "--overwrite", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_info_says_what_is_here(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info"]) == 0
    said = capsys.readouterr().out
    assert str(cache) in said
    assert run(["info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert "cpu" in facts["devices"]
    assert "nano" in facts["models"]
    assert facts["jobs"] == {}


def test_ctrl_c_keeps_the_polygons_so_far_and_the_same_command_goes_on(
    tmp_path: Path, out: Path, cache: Path
) -> None:
    write_scene(tmp_path / "large.tif", lakes(1500, 500))
    words = ["segment", "large.tif", "-o", f"{out}/w.geojson", "--tile", "256", "--batch", "4"]
    for number in (signal.SIGINT, signal.SIGTERM):
        strips = finished_strips(cache)
        running = subprocess.Popen(
            [sys.executable, "-m", "waterseg_core.cli.main", *words],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for_a_strip(cache, running, strips)
        running.send_signal(number)
        _, err = running.communicate()
        assert running.returncode == 130, err
        assert "Run the same again to go on." in only_sentence(err)
        assert {path.name for path in out.iterdir()} == {"w.partial.geojson"}
        assert len(pyogrio.read_dataframe(out / "w.partial.geojson")) > 0
    done = waterseg(tmp_path, *words, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["scenes"][0]["tiles_resumed"] > 0
    assert {path.name for path in out.iterdir()} == {"w.geojson"}
    assert list((cache / "jobs").iterdir()) == []


def finished_strips(cache: Path) -> int:
    return len(list(cache.glob("jobs/*/0*.json")))


def wait_for_a_strip(cache: Path, running: subprocess.Popen[str], strips: int) -> None:
    """Wait until the job has finished another strip, or everything."""
    while running.poll() is None and finished_strips(cache) <= strips:
        time.sleep(0.05)
