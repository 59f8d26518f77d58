# SPDX-License-Identifier: GPL-3.0-or-later
"""A build that is killed or stopped leaves no set, goes on where it was, and ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import filelock
import pytest
from drawn_scene import UTM, build, bytes_of, on_map, ponds, write_polygons, write_scene

from waterseg_core.dataset.build import BuildProgress, build_set
from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.dataset.inputs import open_inputs
from waterseg_core.errors import Cancelled, OutputError
from waterseg_core.options_dataset import BuildOptions

SIDE = 520
PATIENCE_S = 120


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    shapes = ponds(SIDE, SIDE, 8)
    write_scene(folder / "scene.tif", shapes, SIDE, SIDE)
    write_polygons(folder / "masks.gpkg", on_map(shapes, UTM))
    return folder


@pytest.fixture(scope="module")
def options(drawn: Path) -> BuildOptions:
    return BuildOptions(masks=str(drawn / "masks.gpkg"), tile=128, stride=64)


@pytest.fixture(scope="module")
def whole(drawn: Path, options: BuildOptions) -> dict[str, bytes]:
    """The bytes of the set that nobody interrupted."""
    with open_inputs([str(drawn / "scene.tif")], options) as inputs:
        build_set(inputs, drawn / "whole", options)
    return bytes_of(drawn / "whole")


def stopped_after(count: int, drawn: Path, out: Path, options: BuildOptions) -> None:
    """Build, and stop once so many chips are done."""
    stop = threading.Event()

    def watch(now: BuildProgress) -> None:
        if now.done >= count:
            stop.set()

    scene = str(drawn / "scene.tif")
    with open_inputs([scene], options) as inputs, pytest.raises(Cancelled, match="go on"):
        build_set(inputs, out, options, progress=watch, cancel=stop)


def journal(out: Path) -> Path:
    return out.with_name(f".{out.name}.building") / "journal.jsonl"


def test_a_stopped_build_goes_on_and_gives_the_same_bytes(
    drawn: Path, options: BuildOptions, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "set"
    stopped_after(5, drawn, out, options)
    assert not out.exists()
    kept = len(journal(out).read_text().splitlines())
    assert kept >= 5
    with open_inputs([str(drawn / "scene.tif")], options) as inputs:
        built = build_set(inputs, out, options)
    assert built.resumed == kept
    assert bytes_of(out) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_chips_that_were_damaged_meanwhile_are_made_again(
    drawn: Path, options: BuildOptions, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "set"
    stopped_after(6, drawn, out, options)
    hidden = journal(out).parent
    images = sorted((hidden / "set").rglob("*/scene_*.png"))
    images[0].write_bytes(images[0].read_bytes()[:-40])
    images[1].unlink()
    with journal(out).open("a") as sink:
        sink.write('{"id": "scene_0')  # torn off in the middle of a line
    with open_inputs([str(drawn / "scene.tif")], options) as inputs:
        build_set(inputs, out, options)
    assert bytes_of(out) == whole


def test_another_drawing_does_not_go_on_with_old_chips(
    drawn: Path, options: BuildOptions, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    stopped_after(3, drawn, out, options)
    fewer = write_polygons(tmp_path / "fewer.gpkg", on_map(ponds(SIDE, SIDE, 8)[:5], UTM))
    built = build(drawn / "scene.tif", out, masks=str(fewer), tile=128, stride=64)
    assert built.resumed == 0
    made = DatasetFolder(out)
    assert all((made.mask(chip) == 1).any() != chip.is_dry for chip in made.chips)


def test_two_runs_do_not_work_on_one_set(
    drawn: Path, options: BuildOptions, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    journal(out).parent.mkdir()
    with (
        filelock.FileLock(journal(out).parent / ".lock"),
        open_inputs([str(drawn / "scene.tif")], options) as inputs,
        pytest.raises(OutputError, match="Another run"),
    ):
        build_set(inputs, out, options)


def test_a_run_that_died_between_the_renames_gives_the_old_set_back(
    drawn: Path, options: BuildOptions, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "set"
    with open_inputs([str(drawn / "scene.tif")], options) as inputs:
        build_set(inputs, out, options)
    journal(out).parent.mkdir()
    out.rename(journal(out).parent / "old")
    with open_inputs([str(drawn / "scene.tif")], options) as inputs:
        built = build_set(inputs, out, options)
    assert built.new == 0
    assert bytes_of(out) == whole


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ctrl-c"])
def test_a_killed_process_loses_only_what_it_was_at(
    drawn: Path,
    options: BuildOptions,
    whole: dict[str, bytes],
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    out = tmp_path / "set"
    words = [sys.executable, "-m", "waterseg_core.cli.main", "dataset", "build"]
    words += [str(drawn / "scene.tif"), "--masks", str(options.masks), "-o", str(out)]
    words += ["--tile", "128", "--stride", "64"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + PATIENCE_S
    while not (journal(out).is_file() and journal(out).read_bytes().count(b"\n") >= 2):
        assert time.monotonic() < until
        assert process.poll() is None
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert not out.exists()
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "Run the same again to go on" in said
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    assert bytes_of(out) == whole
