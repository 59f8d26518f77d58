# SPDX-License-Identifier: GPL-3.0-or-later
"""Where pixels are: Window, Georef and Tile. Arithmetic only, nothing is opened here.

Rows come before columns, windows are half-open and made of integers. `x, y` exist only on
the far side of an affine transform. A CRS is never assumed: where it is missing it is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

__all__ = ["Georef", "Tile", "Window", "extent_of"]

# A map that is true to scale within this share keeps its own unit: a 30 m UTM pixel is 30 m,
# not 30.012 m, while a Web Mercator pixel far from the equator is measured on the ellipsoid.
TRUE_TO_SCALE = 0.01


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of pixels: rows `row` to `row + height`, columns `col` to `col + width`.

    Half-open; all four are ints, height and width at least 1. `row` and `col` may be negative
    (a window of another raster's grid).
    """

    row: int
    col: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise ValueError(f"A window has at least one pixel, not {self.height} x {self.width}.")

    @property
    def stop_row(self) -> int:
        """First row below the window."""
        return self.row + self.height

    @property
    def stop_col(self) -> int:
        """First column to the right of the window."""
        return self.col + self.width

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.height * self.width

    @property
    def shape(self) -> tuple[int, int]:
        """`(height, width)`, as an array of the window has it."""
        return self.height, self.width

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the window in an array whose pixel (0, 0) is the raster's."""
        return slice(self.row, self.stop_row), slice(self.col, self.stop_col)

    def intersection(self, other: Window) -> Window | None:
        """The pixels that both windows hold, or None where they share none."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        height = min(self.stop_row, other.stop_row) - row
        width = min(self.stop_col, other.stop_col) - col
        return Window(row, col, height, width) if height > 0 and width > 0 else None

    def contains(self, other: Window) -> bool:
        """True if every pixel of `other` is in this window."""
        return self.intersection(other) == other

    def shifted(self, drow: int, dcol: int) -> Window:
        """The same size, `drow` rows further down and `dcol` columns further right."""
        return Window(self.row + drow, self.col + dcol, self.height, self.width)


@dataclass(frozen=True)
class Georef:
    """A grid's place on the map: `transform` takes (col, row) of pixel corners to (x, y).

    `crs` is None for a raster in pixel coordinates; nothing downstream may guess one.
    """

    transform: Affine
    crs: CRS | None

    def at(self, window: Window) -> Georef:
        """The georeference of the window's own grid, whose pixel (0, 0) is its corner."""
        return Georef(self.transform @ Affine.translation(window.col, window.row), self.crs)

    def scaled(self, rows: float, cols: float | None = None) -> Georef:
        """The same corner with pixels `rows` times as high and `cols` (or `rows`) as wide."""
        return Georef(self.transform @ Affine.scale(rows if cols is None else cols, rows), self.crs)

    def corners(self, height: int, width: int) -> list[tuple[float, float]]:
        """Map coordinates of the four outer corners, in ring order from pixel (0, 0)."""
        return [self.transform @ at for at in ((0, 0), (width, 0), (width, height), (0, height))]

    def bounds(self, height: int, width: int) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of a grid of that size in map units; rotation included."""
        xs, ys = zip(*self.corners(height, width), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def pixel_size_m(self, height: int, width: int) -> float | None:
        """Side in metres of a square as large as one pixel at the grid's centre.

        The map's own unit (metre, foot, ...) where the map is true to scale within 1 % there,
        else measured on the ellipsoid. None without a CRS, and for a CRS without a known unit.
        """
        if self.crs is None:
            return None
        ground = _ground_side(self.transform, self.crs, height, width)
        mapped = _mapped_side(self.transform, self.crs)
        if ground is None or mapped is None:
            return mapped if ground is None else ground
        return mapped if abs(ground / mapped - 1) <= TRUE_TO_SCALE else ground


def _mapped_side(transform: Affine, crs: CRS) -> float | None:
    """Side of a pixel in the map's plane, metres; None for angles and unknown units."""
    if crs.is_geographic or not crs.axis_info:
        return None
    factor = crs.axis_info[0].unit_conversion_factor
    side = math.sqrt(abs(transform.determinant)) * factor
    return side if side > 0 and math.isfinite(side) else None


def _ground_side(transform: Affine, crs: CRS, height: int, width: int) -> float | None:
    """Side of the central pixel on the ellipsoid, metres; None where no way leads there."""
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return None
    try:
        to_lonlat = Transformer.from_crs(crs, geodetic, always_xy=True).transform
    except ProjError:
        return None
    row, col = height / 2, width / 2
    across = _geodesic(crs, to_lonlat, transform @ (col - 0.5, row), transform @ (col + 0.5, row))
    down = _geodesic(crs, to_lonlat, transform @ (col, row - 0.5), transform @ (col, row + 0.5))
    # Sides at right angles on the map stay so on the ground for conformal maps and nearly so
    # elsewhere, but a sheared affine needs its own angle.
    a, b, d, e = transform.a, transform.b, transform.d, transform.e
    sine = abs(transform.determinant) / (math.hypot(a, d) * math.hypot(b, e))
    side = math.sqrt(across * down * sine)
    return side if side > 0 and math.isfinite(side) else None


def _geodesic(
    crs: CRS,
    to_lonlat: Callable[[float, float], tuple[float, float]],
    start: tuple[float, float],
    stop: tuple[float, float],
) -> float:
    """Metres along the ellipsoid between two points of the map."""
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        return math.nan
    geod = Geod(a=ellipsoid.semi_major_metre, b=ellipsoid.semi_minor_metre)
    (lon1, lat1), (lon2, lat2) = to_lonlat(*start), to_lonlat(*stop)
    if not all(math.isfinite(value) for value in (lon1, lat1, lon2, lat2)):
        return math.nan
    return float(geod.inv(lon1, lat1, lon2, lat2)[2])


@dataclass(frozen=True, eq=False)
class Tile:
    """Pixels that know where they are.

    rgb: uint8 `(h, w, 3)`, stretched for display. valid: bool `(h, w)`, True where the raster
    has data. window: these pixels in the scene's grid. georef: the tile's own grid, so its
    pixel (0, 0) is at `georef.transform @ (0, 0)`. Checked when made: ValueError.
    """

    rgb: npt.NDArray[np.uint8]
    valid: npt.NDArray[np.bool_]
    window: Window
    georef: Georef

    def __post_init__(self) -> None:
        shape = self.window.shape
        if self.rgb.dtype != np.uint8 or self.rgb.shape != (*shape, 3):
            raise ValueError(
                f"A tile's rgb is uint8 {(*shape, 3)}, not {self.rgb.dtype} {self.rgb.shape}."
            )
        if self.valid.dtype != np.bool_ or self.valid.shape != shape:
            raise ValueError(
                f"A tile's valid mask is bool {shape}, not {self.valid.dtype} {self.valid.shape}."
            )

    @property
    def height(self) -> int:
        """Rows."""
        return self.window.height

    @property
    def width(self) -> int:
        """Columns."""
        return self.window.width


def extent_of(bounds: Sequence[float]) -> str:
    """Left, bottom, right and top for a sentence, in whole metres or 1/10,000 of a degree."""
    digits = 0 if max(abs(value) for value in bounds) > 1000 else 4  # metres, or degrees
    return ", ".join(f"{value:.{digits}f}" for value in bounds)
