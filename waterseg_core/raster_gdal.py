# SPDX-License-Identifier: GPL-3.0-or-later
"""GDAL as it is used here: its settings, how a file is opened, and what its failures mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from waterseg_core.errors import RasterError
from waterseg_core.silence import without

__all__ = ["gdal", "is_remote", "open_dataset", "reason", "unplaced", "which_subdataset"]

# Strips are buffered above, so GDAL's own cache need only hold the blocks of one read. Its
# default, 5 % of the memory, would be all that a small job uses.
CACHE_BYTES = 96 << 20
REMOTE = re.compile(r"^(/vsi(curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)|https?:|ftp:|s3:|gs:|az:)")


def is_remote(path: str) -> bool:
    """True if reading the path means requests over a network."""
    return bool(REMOTE.match(path))


@contextmanager
def gdal(path: str = "") -> Iterator[None]:
    """GDAL as every read wants it: a bounded cache, all cores to decode, few remote requests."""
    settings: dict[str, Any] = {"GDAL_CACHEMAX": CACHE_BYTES, "GDAL_NUM_THREADS": "ALL_CPUS"}
    if is_remote(path):
        settings |= {
            "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
            "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
            "GDAL_HTTP_MULTIPLEX": "YES",
            "GDAL_HTTP_MAX_RETRY": 3,
            "VSI_CACHE": "TRUE",
        }
    with rasterio.Env(**settings):
        yield


def open_dataset(path: str, overview: int | None) -> Any:
    """The reader of a path, or of one of its overviews; raises RasterError."""
    how = {} if overview is None else {"overview_level": overview}
    try:
        with gdal(path), unplaced():
            return rasterio.open(path, **how)
    except (RasterioError, OSError, ValueError) as error:
        raise RasterError(_why_closed(path, error)) from error


@contextmanager
def unplaced() -> Iterator[None]:
    """Without rasterio's warning about a missing georeference: the notes say it better."""
    with without(NotGeoreferencedWarning):
        yield


def reason(error: BaseException) -> str:
    """What GDAL itself said, as one sentence."""
    while error.__cause__ is not None:
        error = error.__cause__
    said = getattr(error, "errmsg", None) or str(error) or type(error).__name__
    return " ".join(str(said).split()).rstrip(".") + "."


def _why_closed(path: str, error: BaseException) -> str:
    """A sentence about a path that does not open as a raster."""
    local = not is_remote(path) and not path.startswith("/vsi")
    if local and ":" not in path and not os.path.exists(path):
        return f"There is no file {path}."
    if local and os.path.isdir(path):
        return f"{path} is a folder; give the raster file in it."
    if local and os.path.isfile(path):
        if os.path.getsize(path) == 0:
            return f"{path} is empty."
        if not os.access(path, os.R_OK):
            return f"{path} may not be read by you; ask for permission to read it."
        if _is_vector(path):
            return (
                f"{path} is a vector file, not a raster; as an area of interest it goes to --aoi."
            )
        if "not recognized" in str(error):
            return f"{path} is not a raster that GDAL knows."
    return f"{path} does not open: {reason(error)}"


def _is_vector(path: str) -> bool:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        return len(pyogrio.list_layers(path)) > 0
    except DataSourceError:
        return False


def which_subdataset(name: str, subdatasets: Sequence[str]) -> str:
    """A sentence about a file that holds several rasters or none, naming a few."""
    if not subdatasets:
        return f"{name} holds no image."
    some = ", ".join(subdatasets[:3]) + (", ..." if len(subdatasets) > 3 else "")
    return f"{name} holds {len(subdatasets)} rasters; give one of them by its name: {some}"
