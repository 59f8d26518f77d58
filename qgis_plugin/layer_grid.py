# SPDX-License-Identifier: GPL-3.0-or-later
"""Grid: which pixels of a layer a job is about, and where on the map they lie.

Rows come before columns. A grid is north-up: QGIS shows every layer so, and turns what lies askew.
"""

import math
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsUnitTypes,
)

from .errors import LayerError
from .words import tr

#: An edge this near to a pixel's edge lies on it, in pixels.
SAME = 1e-6
#: A map's own unit counts where it is right within this share.
TRUE_TO_SCALE = 0.01
METRES = QgsUnitTypes.DistanceUnit.DistanceMeters


@dataclass(frozen=True)
class Grid:
    """`height` x `width` pixels of `x_size` x `y_size` map units below and right of (left, top).

    crs: "EPSG:32633", WKT, or "" for a layer without one.
    """

    height: int
    width: int
    left: float
    top: float
    x_size: float
    y_size: float
    crs: str

    @property
    def transform(self):
        """The affine's six numbers: pixel corner (col, row) to map."""
        return [self.x_size, 0.0, self.left, 0.0, -self.y_size, self.top]

    def rectangle(self, row, col, height, width):
        """The window's place on the map."""
        return QgsRectangle(
            self.left + col * self.x_size,
            self.top - (row + height) * self.y_size,
            self.left + (col + width) * self.x_size,
            self.top - row * self.y_size,
        )

    def part(self, extent):
        """(row, col, Grid) of the pixels that `extent` touches. Raises LayerError for none."""
        row = max(math.floor((self.top - extent.yMaximum()) / self.y_size + SAME), 0)
        col = max(math.floor((extent.xMinimum() - self.left) / self.x_size + SAME), 0)
        stop_row = math.ceil((self.top - extent.yMinimum()) / self.y_size - SAME)
        stop_col = math.ceil((extent.xMaximum() - self.left) / self.x_size - SAME)
        height = min(stop_row, self.height) - row
        width = min(stop_col, self.width) - col
        if height < 1 or width < 1:
            raise LayerError(tr("The chosen area lies outside the layer. Choose another area."))
        corner = self.rectangle(row, col, height, width)
        part = Grid(
            height, width, corner.xMinimum(), corner.yMaximum(), self.x_size, self.y_size, self.crs
        )
        return row, col, part


def native_grid(provider, crs):
    """The grid of all pixels of a provider that has pixels of its own."""
    extent, height, width = provider.extent(), provider.ySize(), provider.xSize()
    return Grid(
        height,
        width,
        extent.xMinimum(),
        extent.yMaximum(),
        extent.width() / width,
        extent.height() / height,
        crs_text(crs),
    )


def made_grid(extent, resolution, crs):
    """A grid of square pixels over `extent`. resolution: metres per pixel at its centre.

    Without a CRS the resolution counts in the layer's own units.
    """
    size = resolution / metres_per_unit(extent, crs)
    width = max(math.ceil(extent.width() / size - SAME), 1)
    height = max(math.ceil(extent.height() / size - SAME), 1)
    return Grid(height, width, extent.xMinimum(), extent.yMaximum(), size, size, crs_text(crs))


def metres_per_unit(extent, crs):
    """How many metres on the ground one unit of the map is, at the centre of `extent`; 1 unknown.

    The square root of what a small square covers, so that maps that stretch are measured fairly.
    A map that is true to scale within 1 % keeps its own unit, as in the engine.
    """
    if not crs.isValid() or extent.isEmpty():
        return 1.0
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsProject.instance().transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    centre = extent.center()
    step = min(extent.width(), extent.height()) / 1000
    across = measure.measureLine(centre, QgsPointXY(centre.x() + step, centre.y()))
    down = measure.measureLine(centre, QgsPointXY(centre.x(), centre.y() - step))
    unit = measure.lengthUnits()
    factor = QgsUnitTypes.fromUnitToUnitFactor(unit, METRES)
    metres = math.sqrt(across * down) * factor / step
    if not math.isfinite(metres) or metres <= 0:
        return 1.0
    own = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), METRES)
    return own if not crs.isGeographic() and abs(metres / own - 1) <= TRUE_TO_SCALE else metres


def crs_text(crs):
    """A CRS as the wire has it: its EPSG code, else its WKT; empty where there is none."""
    if not crs.isValid():
        return ""
    if crs.authid().startswith("EPSG:"):
        return crs.authid()
    return crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)
