# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a raster holds data, asked with a thinned-out picture of it before any job is ordered.

The picture is opened as a job opens its overview, so a tag, a mask, NaN and an undeclared black
collar count here as they will when the set is made. Nothing is kept.
"""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from waterseg_core.errors import NoPixelsError, OptionError
from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_description_dataset import build_options
from waterseg_core.jobs_pixels import Spool
from waterseg_core.jobs_source import SpoolSource, write_frame
from waterseg_core.jobs_windows import Sending
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster_opening import SAMPLE, Opening

__all__ = ["MOST_SIDE", "ThinnedOut", "data_in", "where_data_is"]

#: Rows and columns of such a picture, at most: a job's overview has no more.
MOST_SIDE = SAMPLE
NOWHERE = {"transform": [1, 0, 0, 0, -1, 0], "crs": None}

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ThinnedOut(Description):
    """A raster that is nothing but its own overview; of the options only `nodata` counts."""

    kind = "overview"
    options: BuildOptions

    @classmethod
    def at(cls, height: int, width: int, pixels: Mapping[str, Any], nodata: str) -> ThinnedOut:
        """pixels: as a job has them. Raises OptionError and RasterError."""
        size = {"height": height, "width": width, "georef": NOWHERE}
        return cls.of({**size, "pixels": pixels, "options": {"nodata": nodata}})

    @classmethod
    def _own(cls, words: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": build_options(words)}


def where_data_is(about: ThinnedOut, body: bytes) -> str:
    """A PNG in base64 of the picture's size, 255 where there is data and 0 where there is none.

    body: laid out like a tile. Raises OptionError for a wrong length.
    """
    whole = Window(0, 0, about.height, about.width)
    with tempfile.TemporaryDirectory(prefix="waterseg-") as name:
        folder = Path(name)
        # One window that holds everything, given as lines are: a window that is no block.
        spool = Spool(folder / "pixels", about, Sending((whole,), 1, None, whole))
        spool.put(0, body)
        write_frame(folder, about)
        known = _known(SpoolSource(folder, about, spool), about)
    sink = io.BytesIO()
    Image.fromarray(np.where(known, 255, 0).astype(np.uint8)).convert("1").save(sink, "PNG")
    return base64.b64encode(sink.getvalue()).decode()


def _known(source: SpoolSource, about: ThinnedOut) -> Mask:
    """Where `Scene.overview` would be valid."""
    opening = Opening(source)
    try:
        opening.choose(tuple(range(1, about.bands + 1)), about.options.nodata)
        opening.scale(None)
        opening.crop(None, None, None, 0)
        opening.view("minmax")
    except NoPixelsError:
        return np.zeros((about.height, about.width), bool)
    finally:
        source.close()
    known: Mask = opening.known
    return known


def data_in(text: str) -> Mask:
    """What `where_data_is` answered, as bool (h, w). Raises OptionError."""
    try:
        body = base64.b64decode(text, validate=True)
        with Image.open(io.BytesIO(body), formats=["PNG"]) as picture:
            if max(picture.size) > MOST_SIDE:
                raise OptionError(f"data: has more than {MOST_SIDE} rows or columns.")
            return np.asarray(picture.convert("L")) > 0
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError(f"data: is no PNG in base64 that can be read ({error}).") from error
