# SPDX-License-Identifier: GPL-3.0-or-later
"""The magic wand: from a clicked pixel, everything connected with it that has nearly its colour.

It helps a person to draw, so it is quick and plain: no model, one number to turn. The colour is
the mean of the three by three pixels around the click, and pixels are compared after a small
median, so that grain neither stops the growing nor leaves it full of pinholes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from waterseg_core.errors import OptionError
from waterseg_core.trace import trace

__all__ = ["PINHOLE", "grow", "outline"]

#: Holes of fewer pixels are grain rather than islands.
PINHOLE = 12
MEDIAN = 3


def grow(
    image: npt.NDArray[np.uint8], row: int, col: int, tolerance: float
) -> npt.NDArray[np.bool_]:
    """The pixels 4-connected with (row, col) whose colour is within `tolerance` of its colour.

    image: uint8 (h, w, 3). tolerance: 0..255, the largest difference of any of the three
    channels. Answers bool (h, w), in which the clicked pixel is always set. Raises OptionError
    for a pixel outside the image or a tolerance outside its range.
    """
    height, width = image.shape[:2]
    if not (0 <= row < height and 0 <= col < width):
        raise OptionError(
            f"row {row}, col {col}: there is no such pixel in {height} x {width} of them."
        )
    if not 0 <= tolerance <= 255:
        raise OptionError(f"tolerance {tolerance}: it lies between 0 and 255.")
    calm = ndimage.median_filter(image, size=(MEDIAN, MEDIAN, 1), mode="nearest")
    around = calm[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2].reshape(-1, 3)
    difference = np.abs(calm.astype(np.float32) - around.mean(axis=0)).max(axis=2)
    alike = difference <= tolerance
    alike[row, col] = True
    bodies, _ = ndimage.label(alike)
    return _without_pinholes(bodies == bodies[row, col])


def _without_pinholes(grown: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    holes, count = ndimage.label(ndimage.binary_fill_holes(grown) & ~grown)
    if not count:
        return grown
    small = np.bincount(holes.ravel(), minlength=count + 1) < PINHOLE
    small[0] = False
    filled: npt.NDArray[np.bool_] = grown | small[holes]
    return filled


def outline(grown: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The exact outline of one 4-connected body, a GeoJSON Polygon.

    Coordinates are (column, row) of pixel corners, (0, 0) the upper left corner of the image;
    islands are holes. grown: bool (h, w) with at least one pixel set.
    """
    framed = np.pad(grown.astype(np.int32), 1)
    polygon: dict[str, Any] = shapely.geometry.mapping(trace(framed).polygons()[0])
    return polygon
