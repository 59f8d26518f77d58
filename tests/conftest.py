# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test may use: the versions in the report's head, and real data where it is at hand."""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from hypothesis import settings

# A shared machine pauses a test whenever it likes: time limits belong to tests about time.
settings.register_profile("waterseg", deadline=None)
settings.load_profile("waterseg")

#: QGIS's own Python runs these, with settings of their own.
collect_ignore = ["plugin"]

VERSIONS = ["torch", "transformers", "numpy", "rasterio", "shapely", "pyogrio", "pyproj"]


def pytest_report_header() -> str:
    """Name the versions that results depend on."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scenes and masks beside the checkout; skips where it is not."""
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real scenes and masks are not beside this checkout (../shared/data)")
    return folder


MakeRaster = Callable[..., Path]


@pytest.fixture
def make_raster(tmp_path: Path) -> MakeRaster:
    """A function that writes an array as a raster into the test's own folder.

    make_raster(pixels, name="scene.tif", crs="EPSG:32633", transform=10 m pixels, nodata=None,
    colorinterp=None, descriptions=None, mask=None, **creation options) -> its path.
    `pixels` is (bands, h, w) or (h, w) of any dtype; `mask` is bool (h, w), True where valid;
    crs=None and transform=None leave the raster without a place.
    """
    return lambda pixels, name="scene.tif", **how: _write(tmp_path / name, pixels, **how)


def _write(
    path: Path,
    pixels: np.ndarray[Any, Any],
    *,
    crs: str | None = "EPSG:32633",
    transform: Affine | None = Affine(10, 0, 500_000, 0, -10, 5_000_000),  # noqa: B008
    colorinterp: Sequence[Any] | None = None,
    descriptions: Sequence[str] | None = None,
    mask: np.ndarray[Any, Any] | None = None,
    **creation: Any,
) -> Path:
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    bands = pixels if pixels.ndim == 3 else pixels[None]
    count, height, width = bands.shape
    profile: dict[str, Any] = {"driver": "GTiff", "dtype": bands.dtype, "crs": crs, **creation}
    if transform is not None:
        profile["transform"] = transform
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", count=count, height=height, width=width, **profile) as sink:
            sink.write(bands)
            if colorinterp is not None:
                sink.colorinterp = colorinterp
            if descriptions is not None:
                sink.descriptions = tuple(descriptions)
            if mask is not None:
                sink.write_mask(mask)
    return path
