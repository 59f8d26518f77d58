# SPDX-License-Identifier: GPL-3.0-or-later
"""Values: the raw band values of a layer, exactly as its file has them, window by window.

The engine decides about contrast and missing pixels, once for the whole job; here nothing is
computed. So polygons equal those that the command line finds in the same file.
"""

import re
from collections import Counter

from qgis.core import Qgis, QgsRaster

from .errors import LayerError
from .layer_grid import native_grid
from .words import tr

#: The wire's name of a type, and its bytes per value.
WIRE = {
    Qgis.DataType.Byte: "uint8",
    Qgis.DataType.UInt16: "uint16",
    Qgis.DataType.Int16: "int16",
    Qgis.DataType.UInt32: "uint32",
    Qgis.DataType.Int32: "int32",
    Qgis.DataType.Float32: "float32",
    Qgis.DataType.Float64: "float64",
}
#: Types that hold all values of both, for a layer whose bands differ.
WIDER = {
    frozenset(("uint8", "uint16")): Qgis.DataType.UInt16,
    frozenset(("uint8", "int16")): Qgis.DataType.Int16,
    frozenset(("uint8", "float32")): Qgis.DataType.Float32,
    frozenset(("uint16", "float32")): Qgis.DataType.Float32,
    frozenset(("int16", "float32")): Qgis.DataType.Float32,
}
#: A band that is called alpha is looked at this coarsely to see whether it is one, in pixels.
ALPHA_SAMPLE = 256
#: Compressions that change values, as QGIS's description of a layer names them.
LOSSY = re.compile(r"\b(JPEG(?!-?2000)|WEBP|JXL|JPEGXL)\b|REVERSIBILITY=LOSSY", re.IGNORECASE)


class Values:
    """Bands of a layer; made on the main thread, read in one other thread.

    bands: one number or three, counted from 1. grid: all pixels of the layer; which of them
    are read is the engine's wish. Raises LayerError for bands that cannot be used.
    """

    own_grid = True
    remote = False
    rendered = False
    blank = 0
    trouble = ""

    def __init__(self, layer, bands):
        self._provider = layer.dataProvider().clone()
        self._forget_wishes(layer.bandCount())
        self.grid = native_grid(self._provider, layer.crs())
        self.band_numbers = _checked(bands, layer.bandCount())
        self._type = _common_type([self._provider.dataType(band) for band in self.band_numbers])
        self._alpha = self._alpha_band(layer.bandCount())
        self._alpha_is_known = self._alpha is None
        self.name = layer.name()

    def describe(self):
        """The wire's `pixels`. Not on the main thread: an alpha band is looked at first."""
        self._doubt_alpha()
        return {
            "dtype": WIRE[self._type],
            "bands": len(self.band_numbers),
            "nodata": self._nodata(),
            "valid": self._alpha is not None,
            "lossy": is_lossy(self._provider.htmlMetadata()),
        }

    def read(self, row, col, height, width, feedback=None):
        """The window's bytes: band after band, then one byte of validity per pixel, if any.

        Empty bytes if no pixel is valid by the alpha band. Raises LayerError.
        """
        place = self.grid.rectangle(row, col, height, width)
        return self._planes(place, height, width, feedback)

    def overview(self, height, width, feedback=None):
        """All of the grid, thinned out to that size, laid out as in `read`."""
        place = self.grid.rectangle(0, 0, self.grid.height, self.grid.width)
        return self._planes(place, height, width, feedback) or self._nothing(height, width)

    def _planes(self, place, height, width, feedback):
        self._doubt_alpha()
        valid = b""
        if self._alpha is not None:
            valid = self._band(self._alpha, place, height, width, Qgis.DataType.Byte, feedback)
            if not any(valid):
                return b""
        planes = {}
        for band in self.band_numbers:
            if band not in planes:
                planes[band] = self._band(band, place, height, width, self._type, feedback)
        return b"".join([*(planes[band] for band in self.band_numbers), valid])

    def _band(self, band, place, height, width, kind, feedback):
        block = self._provider.block(band, place, width, height, feedback)
        if not block.isValid() or (block.width(), block.height()) != (width, height):
            raise LayerError(
                tr(
                    "{layer} cannot be read. Its file may be damaged, incomplete or out of reach."
                ).format(layer=self.name)
            )
        if block.dataType() != kind:
            block.convert(kind)
        # data() lends the block's own memory; bytes() copies it while the block lives.
        return bytes(block.data())

    def _nothing(self, height, width):
        """Pixels of value 0 that are not valid."""
        size = _bytes_per_value(self._type)
        return bytes(height * width * (size * len(self.band_numbers) + 1))

    def _forget_wishes(self, count):
        """On our clone: values as in the file, whatever the user declared as missing in QGIS."""
        for band in range(1, count + 1):
            self._provider.setUserNoDataValue(band, [])

    def _nodata(self):
        """The file's nodata value of the first band that has one, as the wire writes it."""
        for band in self.band_numbers:
            if self._provider.sourceHasNoDataValue(band):
                value = float(self._provider.sourceNoDataValue(band))
                if value != value:
                    return "nan"
                return int(value) if value.is_integer() and abs(value) < 2**53 else value
        return None

    def _alpha_band(self, count):
        for band in range(1, count + 1):
            colour = self._provider.colorInterpretation(band)
            is_byte = self._provider.dataType(band) == Qgis.DataType.Byte
            if colour == QgsRaster.ColorInterpretation.AlphaBand and is_byte:
                return None if band in self.band_numbers else band
        return None

    def _doubt_alpha(self):
        """Drop an alpha band that is none: often it is near infrared, which is 0 on water.

        Most of what is not transparent in a real one is equally opaque. The command line asks
        the same question.
        """
        if self._alpha_is_known:
            return
        self._alpha_is_known = True
        height = min(self.grid.height, ALPHA_SAMPLE)
        width = min(self.grid.width, ALPHA_SAMPLE)
        place = self._provider.extent()
        sample = self._band(self._alpha, place, height, width, Qgis.DataType.Byte, None)
        counts = Counter(sample)
        counts.pop(0, None)
        if counts and counts[max(counts)] * 2 <= sum(counts.values()):
            self._alpha = None


def is_lossy(description):
    """Whether QGIS's HTML about a layer says that compression changed its values."""
    cells = re.findall(r">([^<>]+)<", description)
    return any(LOSSY.search(cell) and "/" not in cell for cell in cells)


def _bytes_per_value(kind):
    """Bytes per value of a type."""
    return {"8": 1, "6": 2, "2": 4, "4": 8}[WIRE[kind][-1]]


def _checked(bands, count):
    bands = tuple(bands)
    if len(bands) not in (1, 3):
        raise LayerError(tr("Choose one band, or three for red, green and blue."))
    for band in bands:
        if not 1 <= band <= count:
            raise LayerError(
                tr("There is no band {band}: the layer has {count}.").format(band=band, count=count)
            )
    return bands


def _common_type(kinds):
    """The type that holds the values of all bands. Raises LayerError for complex numbers."""
    kinds = [_plain(kind) for kind in kinds]
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    return WIDER.get(frozenset(WIRE[kind] for kind in kinds), Qgis.DataType.Float64)


def _plain(kind):
    if kind in WIRE:
        return kind
    # Signed bytes exist since QGIS 3.30.
    if kind == getattr(Qgis.DataType, "Int8", None):
        return Qgis.DataType.Int16
    raise LayerError(
        tr("The layer's bands hold complex numbers or colours, which have no value as such.")
    )
