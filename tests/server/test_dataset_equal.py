# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set over HTTP equals that of `waterseg dataset build` on the file, byte for byte."""

from __future__ import annotations

import json
import random
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
import shapely.affinity
import shapely.geometry
from affine import Affine
from click.testing import CliRunner
from drawings import as_file, contents, fetched, order, outlines
from live import Client, Raster
from pixelwise import lakes

from waterseg_core.cli.dataset_build import command
from waterseg_core.dataset.folder import DatasetFolder

#: The client here and the server are one process, and silencing warnings fails in threads.
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
MakeRaster = Callable[..., Path]
#: Of a raster that is its own overview, and of one that is thinned out to one.
SMALL, LARGE = (300, 410), (1040, 1203)
#: Of a raster whose left part lies west of the antimeridian, and the right part east of it.
ACROSS = Affine(0.001, 0, 179.9, 0, -0.001, -17)
#: What a file of masks is called, and a field: over HTTP there is neither.
NAMES = ("masks", "label_field", "aoi")


def rgb(size: tuple[int, int]) -> np.ndarray[Any, Any]:
    """Lakes, `(3, h, w)`, 1..255."""
    return np.moveaxis(lakes(*size), -1, 0).clip(1, 255)


def check(
    serve: Any,
    tmp_path: Path,
    path: Path,
    options: dict[str, Any] | None = None,
    labels: list[str] | None = None,
    shapes: list[Any] | None = None,
    aoi: Any = None,
) -> tuple[dict[str, Any], DatasetFolder]:
    """Make the set of a file here and over HTTP, in shuffled order; the job, and the set."""
    shapes = outlines(path) if shapes is None else shapes
    small = max(Raster(path).shape) < 512
    options = {"tile": 96 if small else 256, "min_water": 20, **(options or {})}
    raster = Raster(path)
    flags = ["--masks", str(as_file(tmp_path / "water.gpkg", path, shapes, labels or ()))]
    more: dict[str, Any] = {}
    if labels:
        flags += ["--label-field", "label"]
    if aoi is not None:
        flags += ["--aoi", str(as_file(tmp_path / "aoi.gpkg", path, [aoi]))]
        more["aoi"] = shapely.geometry.mapping(aoi)
    for name, value in options.items():
        text = ",".join(str(part) for part in value) if isinstance(value, list) else str(value)
        flags += [f"--{name.replace('_', '-')}", text]
    here = tmp_path / "here" / path.stem
    here.parent.mkdir()
    run = CliRunner().invoke(command, [str(path), *flags, "-o", str(here), "-q"])
    assert run.exit_code == 0, "".join(traceback.format_exception(run.exception))

    client = serve().client
    words = order(raster, shapes, labels=labels, options=options, **more)
    job = client.send(raster, client.create(words), chance=random.Random(3))
    assert job["state"] == "done", (job["error"], job["message"])
    there = fetched(client, job["id"], tmp_path / "there")
    files = contents(there)
    assert b"scene" in files.pop("preview.html"), "a page for people comes with it"
    assert told(files) == told(contents(here))
    found = DatasetFolder(there)
    assert len(found.chips) >= 5
    assert job["total"] >= len(found.chips)
    assert job["done"] == job["total"]
    check_plan(client, raster, words, job, found)
    return job, found


def check_plan(
    client: Client,
    raster: Raster,
    words: dict[str, Any],
    job: dict[str, Any],
    found: DatasetFolder,
) -> None:
    """What a person was shown before: the very chips of the set, and the same splits."""
    known = ("height", "width", "georef", "options", "polygons", "aoi", "chips")
    asked = {name: words[name] for name in known if name in words}
    data = seen(client, raster, words["options"].get("nodata", "auto"))
    plan = client.ok(client.http.post("/v1/dataset/chips", json={**asked, "data": data}))
    shown = {(chip["row"], chip["col"]): chip["split"] for chip in plan["chips"] if chip["split"]}
    made = {(chip.row, chip.col): chip.split for chip in found.chips}
    assert shown.items() >= made.items()
    assert len(shown) == job["total"]
    left = len(shown) - len(made)
    assert not left or f"{left} of {len(shown)} planned chips left out" in " ".join(job["notes"])


def seen(client: Client, raster: Raster, missing: str = "auto") -> str:
    """Where a file holds data, as a server sees it."""
    height, width = (min(side, 1024) for side in raster.shape)
    body = raster.bytes(None, {"height": height, "width": width})
    pixels = {name: value for name, value in raster.pixels.items() if value is not None}
    reply = client.http.put(
        "/v1/dataset/data",
        params={"height": height, "width": width, "missing": missing, **pixels},
        content=body,
        headers={"content-type": "application/octet-stream"},
    )
    answer: str = client.ok(reply)["data"]
    return answer


def told(files: dict[str, bytes]) -> dict[str, Any]:
    """The files of a set, without the names that are known to the command line only."""
    about = json.loads(files["dataset.json"])
    for name in NAMES:
        about["options"].pop(name)
    card = re.sub(rf"\b({'|'.join(NAMES)}) [^,]*, ", "", files["README.md"].decode())
    return {**files, "dataset.json": about, "README.md": card}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_bytes(serve: Any, make_raster: MakeRaster, tmp_path: Path, size: Any) -> None:
    job, found = check(serve, tmp_path, make_raster(rgb(size)))
    assert {chip.split for chip in found.chips} == {"train", "val", "test"}
    assert any(chip.is_dry for chip in found.chips)
    assert job["kind"] == "dataset"


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_sixteen_bits_with_nodata(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, size: Any
) -> None:
    pixels = rgb(size).astype("uint16") * 40
    pixels[:, : size[0] // 3, : size[1] // 3] = 65535
    shapes = outlines(make_raster(rgb(size), name="lakes.tif"))
    job, _ = check(
        serve, tmp_path, make_raster(pixels, nodata=65535, photometric="RGB"), shapes=shapes
    )
    assert any("stretched" in note for note in job["notes"])


@pytest.mark.parametrize("width", [1, 90])
def test_a_black_collar_that_nobody_declared(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, width: int
) -> None:
    pixels = rgb(LARGE)
    shapes = outlines(make_raster(pixels, name="lakes.tif"))
    framed = np.zeros_like(pixels)
    inside = (slice(None), slice(width, -width), slice(width, -width))
    framed[inside] = pixels[inside]
    options = {"tile": 160, "buffer": 0}
    job, _ = check(serve, tmp_path, make_raster(framed), options, shapes=shapes)
    assert any("collar" in note for note in job["notes"])


@pytest.mark.parametrize(
    "place",
    [
        {"transform": Affine(8, 3, 500_000, 2, -9, 5_000_000)},
        {"crs": None},
        {"crs": "EPSG:4326", "transform": Affine(0.001, 0, 12, 0, -0.001, 47)},
        {"crs": "EPSG:4326", "transform": ACROSS},
    ],
    ids=["rotated", "no CRS", "degrees", "degrees across 180"],
)
def test_places(serve: Any, make_raster: MakeRaster, tmp_path: Path, place: dict[str, Any]) -> None:
    check(serve, tmp_path, make_raster(rgb(SMALL), **place))


def test_water_beyond_180_may_be_drawn_at_either_longitude(
    serve: Any, make_raster: MakeRaster, tmp_path: Path
) -> None:
    path = make_raster(rgb(SMALL), crs="EPSG:4326", transform=ACROSS)
    shapes = outlines(path)
    east = [shape for shape in shapes if shape.bounds[0] > 180]
    assert 0 < len(east) < len(shapes)
    turned = [shapely.affinity.translate(s, -360) if s in east else s for s in shapes]
    job, found = check(serve, tmp_path, path, shapes=turned)
    water = sum(int((found.mask(chip) == 1).sum()) for chip in found.chips)
    alike = serve().client
    words = order(Raster(path), shapes, options={"tile": 96, "min_water": 20})
    with_area = words | {"aoi": shapely.geometry.mapping(shapely.box(-180, -17.4, -179.6, -17))}
    assert alike.create(with_area)["id"]  # the part beyond 180, said in the other longitude
    same = alike.send(Raster(path), alike.create(words))
    there = DatasetFolder(fetched(alike, same["id"], tmp_path / "same"))
    assert water == sum(int((there.mask(chip) == 1).sum()) for chip in there.chips) > 0
    assert same["done"] == job["done"]


def test_several_classes(serve: Any, make_raster: MakeRaster, tmp_path: Path) -> None:
    path = make_raster(rgb(SMALL))
    labels = ["lake" if n % 3 else "river" for n in range(len(outlines(path)))]
    _, found = check(serve, tmp_path, path, {"label": "lake ; river"}, labels)
    assert found.about.labels == ("lake", "river")
    assert found.about.prefix == "segment lake ; river"


def test_where_the_labelling_is_complete(
    serve: Any, make_raster: MakeRaster, tmp_path: Path
) -> None:
    path = make_raster(rgb(SMALL))
    with rasterio.open(path) as source:
        left, bottom, right, top = source.bounds
    aoi = shapely.box(left, bottom, (left + 2 * right) / 3, top)
    _, found = check(serve, tmp_path, path, aoi=aoi)
    assert any(chip.known_share < 1 for chip in found.chips)


@pytest.mark.parametrize(
    "options",
    [
        {"stride": 160, "buffer": 0, "negatives": 2.0},
        {"split": [50, 50, 0], "seed": 7, "target": "components"},
        {"stretch": "40,200", "nodata": "none", "prefix": "segment ponds"},
        {"resolution": 25, "tile": 128},
        {"resolution": 13, "tile": 160, "licence": "CC-BY-4.0"},
    ],
    ids=lambda options: ",".join(options),
)
def test_options(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, options: dict[str, Any]
) -> None:
    check(serve, tmp_path, make_raster(rgb(LARGE)), options)
