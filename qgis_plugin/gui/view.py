# SPDX-License-Identifier: GPL-3.0-or-later
"""What the map shows, as a run over it wants to know."""

from ..errors import LayerError
from ..layer_area import rectangle_in_layer
from ..layer_tiles import needs_resolution, suggested_resolution
from ..request import SegmentRequest, temporary_output
from ..words import tr


def view_resolution(canvas, layer):
    """Metres per pixel as the map shows a layer now, to two digits; 10 where it shows none."""
    settings = canvas.mapSettings()
    if settings.visibleExtent().isEmpty():
        return 10.0
    try:
        view = rectangle_in_layer(settings.visibleExtent(), None, settings.destinationCrs(), layer)
    except LayerError:
        return 10.0
    pixels = max(settings.outputSize().width(), 1)
    metres = suggested_resolution(layer, view.width() / pixels, view)
    return float(f"{min(max(metres, 0.01), 1e5):.2g}")


def request_for_view(canvas, layer, model):
    """The run of a model over what the map shows of a raster layer. Raises LayerError."""
    extent = canvas.extent()
    if extent.isEmpty():
        raise LayerError(tr("This area lies outside the layer."))
    return SegmentRequest.of(
        layer,
        temporary_output("water.gpkg"),
        extent=extent,
        crs=canvas.mapSettings().destinationCrs(),
        resolution=view_resolution(canvas, layer) if needs_resolution(layer) else None,
        options={"model": model},
    )
