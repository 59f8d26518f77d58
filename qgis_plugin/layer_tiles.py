# SPDX-License-Identifier: GPL-3.0-or-later
"""Layer tiles: any raster layer and an area become pixels that can be read off the main thread."""

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)

from .errors import LayerError
from .layer_grid import made_grid, metres_per_unit, native_grid
from .layer_rendered import Rendered
from .layer_values import WIRE, Values
from .words import tr

#: Instead of band numbers: the colours that QGIS draws.
RENDERED = "rendered"


def pixels_of(layer, extent=None, resolution=None, bands=None):
    """`Values` or `Rendered` of a raster layer; on the main thread, and quick.

    extent (a rectangle in the layer's CRS, None for all) and resolution (metres per pixel) make
    the grid of a layer that has no pixels of its own; any other has its own grid. bands:
    numbers from 1, RENDERED, or None: those that the layer shows. Raises LayerError.
    """
    _refuse_unusable(layer)
    bands = shown_bands(layer) if bands is None else bands
    if needs_resolution(layer):
        return Rendered(layer, _made(layer, extent, resolution), own_grid=False)
    if bands == RENDERED:
        return Rendered(layer, native_grid(layer.dataProvider(), layer.crs()), own_grid=True)
    return Values(layer, bands)


def needs_resolution(layer):
    """Whether the layer has no pixels of its own, so that their size must be chosen."""
    provider = layer.dataProvider()
    return provider is not None and (provider.xSize() < 1 or provider.ySize() < 1)


def suggested_resolution(layer, map_units_per_pixel, centre_extent):
    """Metres per pixel as the canvas shows them now. Both arguments in the layer's CRS."""
    return map_units_per_pixel * metres_per_unit(centre_extent, layer.crs())


def metres_of(extent, crs):
    """Metres on the ground per map unit at the centre of a rectangle; `crs` as the wire has it."""
    return metres_per_unit(extent, QgsCoordinateReferenceSystem(crs))


def shown_bands(layer):
    """The bands that the layer's style shows as grey or as red, green and blue; else RENDERED."""
    provider, renderer = layer.dataProvider(), layer.renderer()
    if needs_resolution(layer) or provider.dataType(1) not in WIRE:
        return RENDERED
    if isinstance(renderer, QgsSingleBandGrayRenderer):
        return (renderer.grayBand(),)
    if isinstance(renderer, QgsMultiBandColorRenderer):
        bands = (renderer.redBand(), renderer.greenBand(), renderer.blueBand())
        # Where a colour is left out, as in a raster of two bands, the first band is shown as grey.
        return bands if min(bands) > 0 else (next((band for band in bands if band > 0), 1),)
    return RENDERED


def _made(layer, extent, resolution):
    if not resolution or resolution <= 0:
        raise LayerError(
            tr("{layer} has no pixels of its own: say how many metres a pixel shall be.").format(
                layer=layer.name()
            )
        )
    area = extent or layer.extent()
    if not layer.extent().isEmpty():
        area = area.intersect(layer.extent())
    if area.isEmpty():
        raise LayerError(tr("The chosen area lies outside the layer. Choose another area."))
    return made_grid(area, resolution, layer.crs())


def _refuse_unusable(layer):
    if not isinstance(layer, QgsRasterLayer):
        raise LayerError(tr("Choose a raster layer: waterseg looks at pixels."))
    if not layer.isValid() or layer.dataProvider() is None:
        raise LayerError(
            tr("{layer} cannot be opened: its file is gone or its server does not answer.").format(
                layer=layer.name()
            )
        )
