# SPDX-License-Identifier: GPL-3.0-or-later
"""Export: what other tools read is what was drawn, to the pixel, islands and places included."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import shutil
import threading
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from scipy import ndimage
from small_sets import bundled, write_lines, write_set

from waterseg_core.cli.main import run
from waterseg_core.dataset.export import Exported, export
from waterseg_core.dataset.export_objects import bodies_of, run_lengths
from waterseg_core.dataset.folder import DatasetFolder, read_picture, write_index
from waterseg_core.dataset.foreign import ForeignSet
from waterseg_core.errors import Cancelled, DatasetError, OutputError
from waterseg_core.options_dataset_show import ExportOptions

UNKNOWN = 255
MASKS = arrays(
    np.uint8,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14),
    elements=st.sampled_from([0, 0, 1, 1, 1, 2, UNKNOWN]),
)


def by_coco(said: Any, height: int, width: int) -> np.ndarray:
    """A COCO segmentation as bool (h, w), by COCO's own code."""
    found: np.ndarray = coco_mask.decode(coco_mask.frPyObjects(said, height, width)).astype(bool)
    return found if found.ndim == 2 else found.any(axis=2)


def filled(ring: list[tuple[int, int]], height: int, width: int) -> np.ndarray:
    """A ring of vertical and horizontal edges, filled by the even-odd rule; bool (h, w)."""
    inside = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        assert ax == bx or ay == by
        if ax == bx:
            inside[min(ay, by) : max(ay, by), ax:] ^= True
    return inside


@given(MASKS)
def test_run_lengths_and_rings_are_the_objects_to_the_pixel(mask: np.ndarray) -> None:
    found = np.zeros_like(mask)
    for body in bodies_of(mask):
        runs = by_coco({"counts": body.runs, "size": list(mask.shape)}, *mask.shape)
        ring = [[float(value) for corner in body.ring for value in corner]]
        assert np.array_equal(by_coco(ring, *mask.shape), runs)
        assert np.array_equal(filled(body.ring, *mask.shape), runs)
        assert body.pixels == runs.sum()
        assert ndimage.label(runs)[1] == 1
        left, top, width, height = body.box
        (rows, cols) = ndimage.find_objects(runs.astype(int))[0]
        assert (rows, cols) == (slice(top, top + height), slice(left, left + width))
        assert not found[runs].any()  # no pixel belongs to two objects
        found[runs] = body.label
    assert np.array_equal(found, np.where(mask == UNKNOWN, 0, mask))


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_run_lengths_are_those_of_coco(which: np.ndarray) -> None:
    said = {"counts": run_lengths(which), "size": list(which.shape)}
    assert np.array_equal(by_coco(said, *which.shape), which)
    assert sum(said["counts"]) == which.size


def test_an_island_with_a_pond_in_a_lake_stays_one() -> None:
    mask = np.ones((9, 9), np.uint8)
    mask[2:7, 2:7] = 0
    mask[4, 4] = 1
    lake, pond = bodies_of(mask)
    assert (lake.pixels, pond.pixels) == (81 - 25, 1)
    assert len(lake.holes) == 1
    assert not filled(lake.ring, 9, 9)[4, 4]


@pytest.fixture
def ponds(tmp_path: Path) -> Path:
    return write_set(tmp_path / "ponds", 8, labels=("lake", "river"), crs="EPSG:32633")


def exported(folder: Path, to: str, **more: str) -> tuple[Exported, Path]:
    output = folder.parent / f"as-{to}"
    options = ExportOptions(to=to, **more)  # type: ignore[arg-type]
    return export(DatasetFolder(folder), output, options), output


def read_coco(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(path)


@pytest.mark.parametrize("geometry", ["rle", "polygon"])
def test_coco_reads_back_what_was_drawn(ponds: Path, geometry: str) -> None:
    made, output = exported(ponds, "coco", geometry=geometry)
    source, objects = DatasetFolder(ponds), 0
    for split in ("train", "val", "test"):
        coco = read_coco(output / "annotations" / f"instances_{split}.json")
        assert [each["name"] for each in coco.loadCats(coco.getCatIds())] == ["lake", "river"]
        chips = {chip.id: chip for chip in source.chips if chip.split == split}
        assert {image["file_name"] for image in coco.imgs.values()} == {f"{id}.png" for id in chips}
        for number, image in coco.imgs.items():
            chip = chips[image["file_name"].removesuffix(".png")]
            mask, found = source.mask(chip), np.zeros((48, 48), np.uint8)
            for said in coco.loadAnns(coco.getAnnIds(imgIds=number, iscrowd=False)):
                pixels = coco.annToMask(said).astype(bool)
                assert said["area"] == pixels.sum()
                found[pixels] = said["category_id"]
                objects += 1
            unknown = coco.loadAnns(coco.getAnnIds(imgIds=number, iscrowd=True))
            for said in unknown:
                assert np.array_equal(coco.annToMask(said).astype(bool), mask == UNKNOWN)
                found[mask == UNKNOWN] = UNKNOWN
            assert len(unknown) == (0 if chip.is_dry else 2)
            assert np.array_equal(found, mask)
    assert objects == made.objects == 2 * 6  # a lake and a river in each of six chips
    assert made.notes == ()


def test_coco_has_the_images_and_the_licence(ponds: Path) -> None:
    _, output = exported(ponds, "coco")
    for chip in DatasetFolder(ponds).chips:
        assert (output / chip.image).read_bytes() == (ponds / chip.image).read_bytes()
    coco = read_coco(output / "annotations" / "instances_train.json")
    assert coco.dataset["licenses"][0]["name"] == "CC BY 4.0"
    assert "Licence: CC BY 4.0" in (output / "README.md").read_text()


def test_ids_of_coco_are_unique_over_all_splits(ponds: Path) -> None:
    _, output = exported(ponds, "coco")
    words = [json.loads(path.read_text()) for path in (output / "annotations").iterdir()]
    for key in ("images", "annotations"):
        ids = [each["id"] for word in words for each in word[key]]
        assert len(ids) == len(set(ids))


def test_yolo_reads_back_what_was_drawn_but_for_the_unknown(ponds: Path) -> None:
    made, output = exported(ponds, "yolo")
    source, objects = DatasetFolder(ponds), 0
    for chip in source.chips:
        found = np.zeros((48, 48), np.uint8)
        for line in (output / "labels" / chip.split / f"{chip.id}.txt").read_text().splitlines():
            number, *shares = line.split()
            corners = np.array([float(share) for share in shares]).reshape(-1, 2)
            assert corners.min() >= 0
            assert corners.max() <= 1
            ring = [(int(x), int(y)) for x, y in np.rint(corners * 48)]
            found[filled(ring, 48, 48)] = int(number) + 1
            objects += 1
        mask = source.mask(chip)
        assert np.array_equal(found, np.where(mask == UNKNOWN, 0, mask))
        assert (output / "images" / chip.split / f"{chip.id}.png").is_file()
    assert objects == made.objects == 12
    assert made.notes[0].startswith("6 chips have pixels of which nobody knows")


def test_yolo_says_where_its_parts_are(ponds: Path) -> None:
    _, output = exported(ponds, "yolo")
    assert (output / "data.yaml").read_text() == (
        "train: images/train\nval: images/val\ntest: images/test\n"
        'names:\n  0: "lake"\n  1: "river"\n'
    )


def test_masks_are_geotiffs_on_the_chips_own_grid(ponds: Path) -> None:
    made, output = exported(ponds, "masks")
    source = DatasetFolder(ponds)
    for chip in source.chips:
        with rasterio.open(output / "masks" / chip.split / f"{chip.id}.tif") as raster:
            assert np.array_equal(raster.read(1), source.mask(chip))
            assert raster.crs.to_epsg() == 32633
            assert raster.nodata == UNKNOWN
            assert raster.tags()["CLASS_2"] == "river"
            box = shapely.box(*raster.bounds)
            assert box.equals(shapely.from_wkt(chip.footprint))
    assert made.notes == ()


@pytest.mark.parametrize("footprint", ["", "POLYGON ((0 0, 48 0, 48 -48, 0 -48, 0 0))"])
def test_masks_without_a_place_on_earth_are_png(tmp_path: Path, footprint: str) -> None:
    ponds = write_set(tmp_path / "ponds", 4)
    bare = DatasetFolder(ponds)
    chips = [dataclasses.replace(chip, footprint=footprint, crs="") for chip in bare.chips]
    write_index(ponds, bare.about, chips)
    _, output = exported(ponds, "masks")
    source = DatasetFolder(ponds)
    for chip in source.chips:
        file = output / "masks" / chip.split / f"{chip.id}.png"
        assert np.array_equal(read_picture(file, "L"), source.mask(chip))
    assert not list(output.rglob("*.tif"))


@pytest.mark.parametrize("to", ["coco", "yolo", "masks"])
def test_the_same_set_gives_the_same_bytes(ponds: Path, to: str) -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    _, output = exported(ponds, to)
    first = contents(output)
    shutil.rmtree(output)
    exported(ponds, to)
    assert contents(output) == first


def test_a_set_of_others_is_exported_as_its_tokens_say(tmp_path: Path) -> None:
    ours = DatasetFolder(write_set(tmp_path / "ours", 4))
    lines = [(f"{chip.id}.jpg", "segment water", chip.suffix) for chip in ours.chips]
    write_lines(tmp_path / "theirs" / "_annotations.train.jsonl", lines)
    for chip in ours.chips:
        Image.fromarray(ours.image(chip)).save(tmp_path / "theirs" / f"{chip.id}.jpg")
    theirs = ForeignSet(tmp_path / "theirs", bundled())
    export(theirs, tmp_path / "out", ExportOptions(to="masks"))
    for chip in theirs.chips:
        file = tmp_path / "out" / "masks" / "train" / f"{chip.id}.png"
        assert np.array_equal(read_picture(file, "L"), theirs.mask(chip))
        image = read_picture(tmp_path / "out" / "images" / "train" / f"{chip.id}.png", "RGB")
        assert np.array_equal(image, theirs.image(chip))


def test_a_stop_leaves_nothing(ponds: Path) -> None:
    stop = threading.Event()

    def watch(done: int, total: int) -> None:
        if done == 3:
            stop.set()

    with pytest.raises(Cancelled, match="nothing was written"):
        export(DatasetFolder(ponds), ponds.parent / "out", ExportOptions(), watch, stop)
    assert [path.name for path in ponds.parent.iterdir()] == ["ponds"]


def break_image(folder: Path) -> None:
    file = folder / "train" / "scene-1.png"
    file.write_bytes(file.read_bytes()[:200])


def shrink_mask(folder: Path) -> None:
    Image.new("L", (20, 20)).save(folder / "masks" / "scene-1.png")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (break_image, r"scene-1\.png is not a whole picture"),
        (lambda folder: (folder / "train" / "scene-1.png").unlink(), r"scene-1\.png is missing"),
        (shrink_mask, "scene-1: the image has 48 x 48 pixels, its mask 20 x 20"),
    ],
)
@pytest.mark.parametrize("to", ["coco", "yolo", "masks"])
def test_a_broken_set_is_told_and_nothing_is_left(
    to: str, spoil: Callable[[Path], None], words: str, ponds: Path
) -> None:
    spoil(ponds)
    with pytest.raises(DatasetError, match=words):
        exported(ponds, to)
    assert [path.name for path in ponds.parent.iterdir()] == ["ponds"]


def test_a_full_disk_is_told_and_nothing_is_left(
    ponds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match=r"the disk is full\. Free some space or choose"):
        exported(ponds, "coco")
    assert [path.name for path in ponds.parent.iterdir()] == ["ponds"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["ponds", "--to", "voc"], 2, "--to voc: must be one of coco, yolo, masks"),
        (["ponds", "-o", "ponds"], 5, "exists; give the name of a folder that does not"),
        (["ponds", "-o", "no/where"], 5, "does not exist; make it first"),
        (["ponds", "-o", "ponds/out"], 5, "lies inside"),
        (["nothing"], 3, "Give the folder of a training set"),
        (["boxes"], 3, "To segment, masks are needed"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    words: list[str],
    code: int,
    sentence: str,
    ponds: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ponds.parent)
    box = "<loc0100><loc0200><loc0500><loc0600> water"
    write_lines(Path("boxes/train.jsonl"), [("a.png", "detect water", box)])
    assert run(["dataset", "export", *words]) == code
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line


def test_the_command_names_its_folder_after_the_set(
    ponds: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ponds)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(["dataset", "export", ".", "--to", "yolo", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["objects"] == 12
    assert told.err.splitlines()[-1].startswith("8 chips with 12 objects as yolo: ")
    assert (ponds.parent / "ponds-yolo" / "data.yaml").is_file()
