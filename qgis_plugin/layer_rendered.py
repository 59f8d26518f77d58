# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendered: a layer as QGIS draws it, red, green and blue, and where it draws nothing.

For layers without values of their own (WMS, WMTS, XYZ), and for colours that only QGIS knows.
A map server that does not answer gives transparent pictures and no error; so what is
transparent is missing, and it is counted.
"""

from qgis.core import Qgis

from .errors import LayerError
from .words import tr

#: Providers that fetch pictures over the network.
PICTURES = ("wms", "arcgismapserver")


class Rendered:
    """A drawn layer on a grid; made on the main thread, read in one other thread.

    own_grid: whether the grid is the layer's own. blank: how many of the windows that were read
    had no picture. trouble: the last complaint of the layer's provider.
    """

    rendered = True
    band_numbers = ()

    def __init__(self, layer, grid, own_grid):
        self.grid = grid
        self.own_grid = own_grid
        self.name = layer.name()
        self.remote = layer.providerType() in PICTURES
        self.blank = 0
        self.trouble = ""
        self._chain = chain_of(layer)

    def describe(self):
        """The wire's `pixels`."""
        return {"dtype": "uint8", "bands": 3, "nodata": None, "valid": True}

    def read(self, row, col, height, width, feedback=None):
        """The window's bytes: red, green, blue, validity; empty where nothing is drawn."""
        place = self.grid.rectangle(row, col, height, width)
        planes = self._planes(place, height, width, feedback)
        if _is_blank(planes, self.remote):
            self.blank += 1
            return b""
        return b"".join(planes)

    def overview(self, height, width, feedback=None):
        """All of the grid at that size, laid out as in `read`."""
        place = self.grid.rectangle(0, 0, self.grid.height, self.grid.width)
        return b"".join(self._planes(place, height, width, feedback))

    def _planes(self, place, height, width, feedback):
        """Red, green, blue and alpha, each bytes of height * width."""
        block = self._chain[-1].block(1, place, width, height, feedback)
        if feedback is not None and hasattr(feedback, "errors") and feedback.errors():
            self.trouble = feedback.errors()[-1]
        if not block.isValid() or block.isEmpty():
            return (bytes(height * width),) * 4
        if block.dataType() not in (Qgis.DataType.ARGB32, Qgis.DataType.ARGB32_Premultiplied):
            raise LayerError(tr("{layer} cannot be drawn.").format(layer=self.name))
        # data() lends the block's own memory; bytes() copies it while the block lives.
        # In memory a pixel is blue, green, red, alpha.
        drawn = bytes(block.data())
        return drawn[2::4], drawn[1::4], drawn[0::4], drawn[3::4]


def chain_of(layer):
    """Private copies of what draws the layer: provider, renderer, brightness, saturation."""
    chain = [layer.dataProvider().clone()]
    parts = (layer.renderer(), layer.brightnessFilter(), layer.hueSaturationFilter())
    for part in parts:
        if part is not None:
            copy = part.clone()
            copy.setInput(chain[-1])
            chain.append(copy)
    return chain


def _is_blank(planes, remote):
    """Whether nothing is drawn; from a map server also one flat grey, such as white."""
    red, green, blue, alpha = planes
    if not any(alpha):
        return True
    flat = remote and red == green == blue
    return flat and red.count(red[0]) == len(red)
