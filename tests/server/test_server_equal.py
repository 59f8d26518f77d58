# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons over HTTP equal those of `segment_scene` on the file, exactly, whatever the raster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from live import Raster, table
from pixelwise import PixelwiseSegmenter, lakes
from rasterio.enums import ColorInterp

from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import segment_scene

MakeRaster = Callable[..., Path]
EVERYTHING = {"min_area": 0.0}
#: Of a raster that is its own overview, and of one that is thinned out to one.
SMALL, LARGE = (230, 310), (1100, 1203)


def rgb(size: tuple[int, int]) -> np.ndarray[Any, Any]:
    """Lakes, `(3, h, w)`, 1..255."""
    return np.moveaxis(lakes(*size), -1, 0).clip(1, 255)


def framed(pixels: np.ndarray[Any, Any], width: int, value: float) -> np.ndarray[Any, Any]:
    """The same with a frame of one value."""
    out = np.full_like(pixels, value)
    inside = (slice(None), slice(width, -width), slice(width, -width))
    out[inside] = pixels[inside]
    return out


def check(
    serve: Any,
    tmp_path: Path,
    path: Path,
    options: dict[str, Any] | None = None,
    bands: tuple[int, ...] | None = None,
    least: int = 5,
) -> dict[str, Any]:
    """Segment the file here and over HTTP; the job."""
    raster = Raster(path, bands)
    tile = 64 if max(raster.shape) < 512 else 256
    options = {**EVERYTHING, "tile": tile, **(options or {})}
    direct = tmp_path / "direct.parquet"
    here = SegmentOptions(bands=bands, **options)
    found = segment_scene(
        path, PixelwiseSegmenter(), here, output=direct, work_dir=tmp_path / "work"
    )
    assert len(found.polygons) >= least
    over_http = tmp_path / "http.parquet"
    job = serve().client.segment(raster, over_http, **options)
    assert table(over_http) == table(direct)
    assert (job["done"], job["total"]) == (found.tiles, found.tiles)
    assert job["empty"] == found.tiles - found.tiles_seen
    return job


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "int32"])
def test_integers(serve: Any, make_raster: MakeRaster, tmp_path: Path, dtype: str) -> None:
    factor = 1 if dtype == "uint8" else 37
    check(serve, tmp_path, make_raster(rgb(SMALL).astype(dtype) * factor))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("nodata", [None, float("nan"), -9999.0])
def test_floats_with_holes(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, dtype: str, nodata: float | None
) -> None:
    pixels = rgb(SMALL).astype(dtype) / 255
    pixels[:, 30:90, 40:100] = np.nan if nodata is None else nodata
    job = check(serve, tmp_path, make_raster(pixels, nodata=nodata))
    assert job["empty"] == 0


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("nodata", [0, 65535])
def test_nodata_of_sixteen_bits(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, nodata: int, size: tuple[int, int]
) -> None:
    pixels = framed(rgb(size).astype("uint16") * 40, 70, nodata)
    job = check(serve, tmp_path, make_raster(pixels, nodata=nodata))
    assert any("stretched" in note for note in job["notes"])


@pytest.mark.parametrize(
    ("width", "size"),
    [(1, SMALL), (60, SMALL), (1, LARGE), (2, LARGE), (90, LARGE)],
    ids=lambda value: str(value),
)
def test_a_black_collar_that_nobody_declared(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, width: int, size: tuple[int, int]
) -> None:
    job = check(serve, tmp_path, make_raster(framed(rgb(size), width, 0)))
    assert any("collar" in note for note in job["notes"])


def test_a_collar_on_one_side_thinner_than_the_overview(
    serve: Any, make_raster: MakeRaster, tmp_path: Path
) -> None:
    pixels = rgb((1030, 2060))
    pixels[:, :, :1] = 0
    job = check(serve, tmp_path, make_raster(pixels))
    assert any("collar" in note for note in job["notes"])


def test_a_mask_band(serve: Any, make_raster: MakeRaster, tmp_path: Path) -> None:
    mask = np.ones(SMALL, bool)
    mask[60:160, 100:200] = False
    check(serve, tmp_path, make_raster(rgb(SMALL), mask=mask))


def test_one_band_is_grey(serve: Any, make_raster: MakeRaster, tmp_path: Path) -> None:
    class Dark(PixelwiseSegmenter):
        def _one(self, image: Any) -> Any:
            return super()._one(np.stack([image[..., 0], image[..., 0], 255 - image[..., 0]], -1))

    path = make_raster(rgb(SMALL)[:1])
    options = SegmentOptions(**EVERYTHING)
    found = segment_scene(path, Dark(), options, output=tmp_path / "d.parquet")
    assert len(found.polygons) > 5
    client = serve(load=lambda name, **how: Dark()).client
    client.segment(Raster(path), tmp_path / "h.parquet", **EVERYTHING)
    assert table(tmp_path / "h.parquet") == table(tmp_path / "d.parquet")


def test_chosen_bands(serve: Any, make_raster: MakeRaster, tmp_path: Path) -> None:
    pixels = np.concatenate([rgb(SMALL), rgb(SMALL)[:1]])
    colours = [ColorInterp.undefined] * 4
    check(serve, tmp_path, make_raster(pixels, colorinterp=colours), bands=(4, 2, 3))


@pytest.mark.parametrize(
    "place",
    [
        {"transform": Affine(8, 3, 500_000, 2, -9, 5_000_000)},
        {"crs": None},
        {"crs": None, "transform": None},
        {"crs": "EPSG:4326", "transform": Affine(0.001, 0, 12, 0, -0.001, 47)},
    ],
    ids=["rotated", "no CRS", "no place", "degrees"],
)
def test_places(serve: Any, make_raster: MakeRaster, tmp_path: Path, place: dict[str, Any]) -> None:
    check(serve, tmp_path, make_raster(rgb(SMALL), **place))


def test_values_that_were_compressed_with_loss(
    serve: Any, make_raster: MakeRaster, tmp_path: Path
) -> None:
    pixels = framed(rgb(LARGE), 40, 0)
    path = make_raster(pixels, compress="jpeg", photometric="ycbcr", tiled=True)
    assert Raster(path).pixels["lossy"]
    check(serve, tmp_path, path)


@pytest.mark.parametrize(
    "options",
    [
        {"stretch": "minmax"},
        {"stretch": "40,200"},
        {"stretch": "percentile", "nodata": "none"},
        {"nodata": "107"},
        {"overlap": 0.0, "tile": 100},
        {"overlap": 0.5, "threshold": 0.3, "batch": 3},
        {"min_area": 2000, "min_hole": 500, "simplify": 12, "smooth": 25},
        {"bbox": [501_000, 4_993_000, 506_000, 4_997_500]},
        {"bbox": [15.02, 45.1, 15.06, 45.14], "bbox_crs": "EPSG:4326"},
        {"resolution": 25},
        {"resolution": 15},
        {"resolution": 13},
    ],
    ids=lambda options: ",".join(options),
)
def test_options(
    serve: Any, make_raster: MakeRaster, tmp_path: Path, options: dict[str, Any]
) -> None:
    size = LARGE if {"bbox", "resolution"} & options.keys() else SMALL
    check(serve, tmp_path, make_raster(rgb(size)), options)
