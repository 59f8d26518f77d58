# SPDX-License-Identifier: GPL-3.0-or-later
"""SegmentRequest: everything a run needs to know, gathered on the main thread and then fixed."""

import json
import math
import os
from dataclasses import dataclass, field

from qgis.core import QgsProcessingUtils, QgsRectangle

from . import layer_area, layer_tiles
from .errors import LayerError
from .layer_tiles import RENDERED, needs_resolution, suggested_resolution
from .words import tr

__all__ = [
    "RENDERED",
    "Estimate",
    "SegmentRequest",
    "estimate",
    "needs_resolution",
    "suggested_resolution",
    "temporary_output",
]

#: What a run may write, by the file's ending.
FORMATS = {
    ".gpkg": "gpkg",
    ".geojson": "geojson",
    ".json": "geojson",
    ".fgb": "fgb",
    ".parquet": "parquet",
}
OVERLAP = 0.25
#: Side of a tile of the model that comes with waterseg, until the engine says which one it is.
TILE_PX = 688


@dataclass(frozen=True)
class SegmentRequest:
    """Pixels of a layer, how to look at them, and where the polygons go.

    pixels: `Values` or `Rendered`. extent: (xmin, ymin, xmax, ymax) in the layer's CRS, None
    for all of it. aoi: a GeoJSON polygon in the layer's CRS or None; only inside it is looked.
    resolution: metres per pixel or None. bands: numbers, RENDERED or None. options: names and
    values of `Info.options`; what is left out keeps its default. output: path of the result;
    its ending says the format.
    """

    pixels: object
    output: str
    layer_id: str = ""
    layer_name: str = ""
    layer_uri: str = ""
    provider: str = ""
    extent: tuple = None
    aoi: dict = None
    resolution: float = None
    bands: object = None
    options: dict = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        layer,
        output,
        extent=None,
        crs=None,
        aoi=None,
        resolution=None,
        bands=None,
        options=None,
    ):
        """The request for a layer; on the main thread, and quick.

        extent: a QgsRectangle, aoi: a QgsGeometry of polygons, both in `crs` (the layer's if
        None). With `aoi` alone its bounding box is the extent. Raises LayerError.
        """
        check_output(output)
        polygon = None if aoi is None else layer_area.polygon_in_layer(aoi, crs, layer)
        area = layer_area.rectangle_in_layer(extent, polygon, crs, layer)
        pixels = layer_tiles.pixels_of(layer, area, resolution, bands)
        if area is not None and pixels.own_grid:
            pixels.grid.part(area)  # says so if the area lies outside
        return cls(
            pixels=pixels,
            output=output,
            layer_id=layer.id(),
            layer_name=layer.name(),
            layer_uri=layer.source(),
            provider=layer.providerType(),
            extent=_corners(area),
            aoi=None if polygon is None else json.loads(polygon.asJson()),
            resolution=resolution,
            bands=list(bands) if isinstance(bands, tuple) else bands,
            options={name: value for name, value in (options or {}).items() if value is not None},
        )

    @property
    def format(self):
        """gpkg, geojson, fgb or parquet."""
        return FORMATS[os.path.splitext(self.output)[1].lower()]

    @property
    def source(self):
        """Where the polygons come from: the file's name, else the layer's name."""
        path = self.layer_uri.split("|")[0].split("?")[0]
        if self.provider == "gdal" and path and not path.lstrip().startswith("<"):
            return os.path.basename(path) or self.layer_name
        return self.layer_name

    def description(self):
        """The job as the wire wants it. Not on the main thread: pixels are looked at."""
        grid, options = self.pixels.grid, dict(self.options)
        if self.pixels.own_grid:
            # The engine cuts the area out of the layer's own grid, as the command line does.
            if self.extent is not None:
                options["bbox"] = list(self.extent)
            if self.resolution:
                options["resolution"] = float(self.resolution)
        return {
            "kind": "segment",
            "name": self.layer_name or self.source,
            "source": self.source,
            "height": grid.height,
            "width": grid.width,
            "georef": {"transform": grid.transform, "crs": grid.crs or None},
            "pixels": self.pixels.describe(),
            "aoi": self.aoi,
            "options": options,
        }


@dataclass(frozen=True)
class Estimate:
    """What a run will take. seconds: None if nobody knows. problem: why it cannot be done."""

    tiles: int
    seconds: float = None
    pixels: int = 0
    width: int = 0
    height: int = 0
    problem: str = ""


def estimate(request, info):
    """The number of tiles and seconds that `request` will take on an engine; quick.

    info: `Info`, or None if the engine was not asked yet.
    """
    grid = _grid_of_area(request)
    model = info.model(request.options.get("model", "")) if info else None
    tile = int(request.options.get("tile") or (model.tile_px if model else TILE_PX))
    overlap = round(tile * float(request.options.get("overlap", OVERLAP)))
    factor = _coarser(request, grid)
    height, width = max(round(grid.height / factor), 1), max(round(grid.width / factor), 1)
    tiles = _count(height, tile, overlap) * _count(width, tile, overlap)
    pace = model.seconds_per_tile if model else None
    seconds = tiles * pace if pace else None
    pixels = grid.height * grid.width
    problem = ""
    most = info.limits.get("pixels") if info else None
    if most and pixels > most:
        problem = tr(
            "The area has {pixels:,} pixels; the engine takes at most {most:,}. Choose a smaller "
            "area or larger pixels."
        ).format(pixels=pixels, most=most)
    return Estimate(tiles, seconds, pixels, width, height, problem)


def temporary_output(name="water.gpkg"):
    """A path in QGIS's temporary folder, which goes when QGIS ends."""
    return QgsProcessingUtils.generateTempFilename(name)


def _count(size, tile, overlap):
    """Tiles along one side, as the engine cuts them."""
    return 1 if size <= tile else 1 + math.ceil((size - tile) / (tile - overlap))


def _grid_of_area(request):
    grid = request.pixels.grid
    if request.extent is None or not request.pixels.own_grid:
        return grid
    return grid.part(QgsRectangle(*request.extent))[2]


def _coarser(request, grid):
    """How many of the layer's pixels the engine takes together along one side."""
    if not request.resolution or not request.pixels.own_grid:
        return 1.0
    whole = grid.rectangle(0, 0, grid.height, grid.width)
    unit = layer_tiles.metres_of(whole, grid.crs)
    return max(request.resolution / (math.sqrt(grid.x_size * grid.y_size) * unit), 1.0)


def _corners(area):
    if area is None:
        return None
    return area.xMinimum(), area.yMinimum(), area.xMaximum(), area.yMaximum()


def check_output(output):
    """Raises LayerError unless polygons can be written there."""
    ending = os.path.splitext(output)[1].lower()
    if ending not in FORMATS:
        raise LayerError(
            tr("{path} must end in .gpkg, .geojson, .fgb or .parquet.").format(path=output)
        )
    folder = os.path.dirname(os.path.abspath(output))
    if not os.path.isdir(folder):
        raise LayerError(
            tr("There is no folder {folder}; choose another output.").format(folder=folder)
        )
