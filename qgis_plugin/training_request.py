# SPDX-License-Identifier: GPL-3.0-or-later
"""TrainingRequest: everything about a training set to be, gathered on the main thread."""

import json
import os
from dataclasses import dataclass, field

from . import layer_tiles
from .errors import LayerError
from .training_polygons import area_of
from .words import tr

#: The file that makes a folder a training set.
ABOUT = "dataset.json"


@dataclass(frozen=True)
class TrainingRequest:
    """A raster's pixels, what was drawn on it, what was decided about chips, and where it goes.

    pixels: `Values` or `Rendered`. polygons: FeatureCollection in the raster's CRS. aoi: GeoJSON
    in the raster's CRS, where everything is labelled, None for all; marked: in the chips with water
    in them instead (see `training_marked`). chips: decisions by "row_col".
    options: names and values of the engine's `dataset build`. output: the folder, empty while
    nobody asks for one. layer: how to find the layer again, as `training_record` keeps it.
    """

    pixels: object
    polygons: dict
    output: str = ""
    layer_name: str = ""
    source: str = ""
    resolution: float = None
    aoi: dict = None
    chips: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    licence: str = ""
    marked: bool = False
    layer: dict = field(default_factory=dict)

    @classmethod
    def of(cls, layer, polygons, area=None, resolution=None, bands=None, **rest):
        """The request for a raster layer; on the main thread, and quick.

        area: extent, crs and aoi as `training_polygons.area_of` takes them. bands, resolution:
        as for `SegmentRequest.of`. Raises LayerError.
        """
        aoi = area_of(layer, **(area or {}))
        extent = None if aoi is None else aoi.boundingBox()
        pixels = layer_tiles.pixels_of(layer, extent, resolution, bands)
        options = rest.pop("options", None) or {}
        return cls(
            pixels=pixels,
            polygons=polygons,
            layer_name=layer.name(),
            source=_source(layer),
            resolution=resolution,
            aoi=None if aoi is None else json.loads(aoi.asJson()),
            options={name: value for name, value in options.items() if value is not None},
            layer=_how_found(layer, extent, bands),
            **rest,
        )

    def words(self):
        """What the engine is told about chips; no pixel is looked at."""
        grid, options = self.pixels.grid, dict(self.options)
        if self.pixels.own_grid and self.resolution:
            options["resolution"] = float(self.resolution)
        return {
            "height": grid.height,
            "width": grid.width,
            "georef": {"transform": grid.transform, "crs": grid.crs or None},
            "options": options,
            "polygons": self.polygons,
            "aoi": self.aoi,
            "chips": dict(self.chips),
        }

    def description(self):
        """The job as the wire wants it. Not on the main thread: pixels are looked at."""
        return {
            **self.words(),
            "kind": "dataset",
            "name": self.layer_name or self.source,
            "source": self.source,
            "pixels": self.pixels.describe(),
            "licence": self.licence,
        }

    def check(self):
        """Raises LayerError unless there is something to learn, and a folder to write it into."""
        if not self.polygons["features"]:
            raise LayerError(
                tr(
                    "No water is drawn on {layer} yet. Draw some, or choose a layer of polygons "
                    "that lie on it."
                ).format(layer=self.layer_name)
            )
        check_folder(self.output)


def check_folder(folder):
    """Raises LayerError unless a new training set can be written into `folder`."""
    if not folder:
        raise LayerError(tr("Choose the folder into which the training set goes."))
    if os.path.isfile(os.path.join(folder, ABOUT)):
        raise LayerError(
            tr("There is a training set in {folder} already. Choose another folder.").format(
                folder=folder
            )
        )
    if os.path.isfile(folder) or (os.path.isdir(folder) and os.listdir(folder)):
        raise LayerError(
            tr("{folder} is not empty. Choose a new folder for the training set.").format(
                folder=folder
            )
        )
    above = os.path.dirname(os.path.abspath(folder))
    if not os.path.isdir(above):
        raise LayerError(
            tr("There is no folder {folder}; choose another output.").format(folder=above)
        )
    if not os.access(above, os.W_OK):
        raise LayerError(
            tr("The folder {folder} cannot be written. Choose another one.").format(folder=above)
        )


def _how_found(layer, extent, bands):
    return {
        "id": layer.id(),
        "uri": layer.source(),
        "provider": layer.providerType(),
        "extent": None
        if extent is None
        else [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "bands": list(bands) if isinstance(bands, tuple) else bands,
    }


def _source(layer):
    """The file's name, else the layer's."""
    path = layer.source().split("|")[0].split("?")[0]
    if layer.providerType() == "gdal" and path and not path.lstrip().startswith("<"):
        return os.path.basename(path) or layer.name()
    return layer.name()
