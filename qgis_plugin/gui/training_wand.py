# SPDX-License-Identifier: GPL-3.0-or-later
"""The magic wand: press into water, drag for more or less of it, let go to keep it.

What is alike is grown by the engine; here a hand is followed, and outlines come and go.
"""

from qgis.core import (
    Qgis,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
)
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QTransform
from qgis.PyQt.QtWidgets import QToolTip

from ..errors import LayerError
from ..layer_area import rectangle_in_layer
from ..training_picture import Picture, View, png_text
from ..training_wire import wand
from ..words import tr
from .qt import POLYGON
from .training_tools import INK, MapTool, band

#: The picture that the wand looks at has at most so many pixels along its longer side.
MOST = 700
#: So many pixels of the screen dragged are one step of tolerance.
PIXELS_PER_STEP = 2.0
#: The name of the wand's questions.
KIND = "wand"


class WandTool(MapTool):
    """drawn(QgsGeometry in the CRS of the map); tolerance: 0 to 255, kept from click to click."""

    drawn = pyqtSignal(QgsGeometry)
    failed = pyqtSignal(str)
    toleranceChanged = pyqtSignal(int)

    def __init__(self, canvas, asker, raster):
        """raster: a function that gives the image, a QgsRasterLayer or None."""
        super().__init__(canvas)
        self.tolerance = 24
        self._asker, self._raster = asker, raster
        self._band = band(canvas, INK)
        self._look = None  # what was clicked into
        self._start = None  # where, and the tolerance then, while the button is pressed
        self._asked = self._wanted = None  # tickets: asked last, and to be kept
        self._grown = (None, QgsGeometry())

    def canvasPressEvent(self, event):
        """Look at what is around the click, and grow."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._forget()
        try:
            place = self.toMapCoordinates(event.pixelPoint())
            self._look = _Look.at(place, self._raster(), self.canvas().mapSettings())
        except (LayerError, QgsCsException) as why:
            self.failed.emit(str(why))
            return
        self._start = (QPoint(event.pixelPoint()), self.tolerance)
        self._ask()

    def canvasMoveEvent(self, event):
        """Drag to the right or up for more."""
        if self._start is None:
            return
        start, tolerance = self._start
        moved = event.pixelPoint() - start
        wanted = tolerance + round((moved.x() - moved.y()) / PIXELS_PER_STEP)
        wanted = min(max(wanted, 0), 255)
        QToolTip.showText(
            self.canvas().mapToGlobal(event.pixelPoint() + QPoint(12, 4)),
            tr("Tolerance {number}").format(number=wanted),
            self.canvas(),
        )
        if wanted != self.tolerance:
            self.tolerance = wanted
            self.toleranceChanged.emit(wanted)
            self._ask()

    def canvasReleaseEvent(self, event):
        """Keep what was grown, as soon as it is there."""
        if self._start is None:
            return
        self._start = None
        self._wanted = self._asked
        self._keep_if_there()

    def on_answer(self, ticket, polygon):
        """The engine grew something: GeoJSON in pixels of the picture."""
        if self._look is None or ticket[0] is not self._look:
            return
        self._grown = (ticket, self._look.on_map(polygon))
        self._band.setToGeometry(self._grown[1])
        self._band.show()
        self._keep_if_there()

    def on_failure(self, sentence):
        """The engine did not answer."""
        self._forget()
        self.failed.emit(sentence)

    def deactivate(self):
        """What was not kept goes."""
        self._forget()
        super().deactivate()

    def take_down(self):
        """Leave nothing on the map."""
        self.canvas().scene().removeItem(self._band)

    def _ask(self):
        look, tolerance = self._look, self.tolerance
        self._asked = (look, tolerance)
        self._asker.ask(
            KIND, self._asked, lambda client, feedback: look.grown(client, tolerance, feedback)
        )

    def _keep_if_there(self):
        ticket, shape = self._grown
        if self._wanted is not None and ticket == self._wanted:
            self._forget()
            self.drawn.emit(shape)

    def _forget(self):
        self._asker.drop(KIND)
        self._look = self._start = self._asked = self._wanted = None
        self._grown = (None, QgsGeometry())
        self._band.reset(POLYGON)


class _Look:
    """A click into a layer, with the picture around it, which is drawn once."""

    def __init__(self, picture, view, pixel, to_map):
        self._picture, self._view, self._pixel, self._to_map = picture, view, pixel, to_map
        self._text = ""

    @classmethod
    def at(cls, place, raster, settings):
        """The look at a point of the map. Raises LayerError outside the image."""
        if raster is None or not raster.isValid():
            raise LayerError(tr("Choose a raster layer."))
        context = QgsProject.instance().transformContext()
        crs = settings.destinationCrs()
        to_map = QgsCoordinateTransform(raster.crs(), crs, context)
        point = to_map.transform(place, Qgis.TransformDirection.Reverse)
        seen = rectangle_in_layer(settings.visibleExtent(), None, crs, raster)
        if not raster.extent().isEmpty():
            seen = seen.intersect(raster.extent())
        view = _view(raster, seen, settings)
        pixel = None if view is None else view.pixel_of(point)
        if pixel is None:
            raise LayerError(tr("There is no image here: click into the water on it."))
        return cls(Picture(raster), view, pixel, to_map)

    def grown(self, client, tolerance, feedback):
        """The polygon of a tolerance; in the thread of the questions."""
        if not self._text:
            self._text = png_text(self._picture.image(self._view, feedback))
        return wand(client, self._text, *self._pixel, tolerance, feedback)

    def on_map(self, polygon):
        """A polygon in pixels as a QgsGeometry in the CRS of the map."""
        view = self._view
        rings = [[QgsPointXY(x, y) for x, y in ring] for ring in polygon["coordinates"]]
        shape = QgsGeometry.fromPolygonXY(rings)
        across, down = view.extent.width() / view.width, view.extent.height() / view.height
        corner = view.extent
        shape.transform(QTransform(across, 0, 0, -down, corner.xMinimum(), corner.yMaximum()))
        shape.transform(self._to_map)
        return shape


def _view(raster, seen, settings):
    """What is seen of the layer: as fine as the layer, no finer than the screen, and not large."""
    if seen.isEmpty():
        return None
    screen = max(settings.outputSize().width(), settings.outputSize().height())
    longest = max(seen.width(), seen.height())
    own = raster.rasterUnitsPerPixelX()
    fine = longest / own if own > 0 else screen
    scale = max(min(fine, screen, MOST), 1) / longest
    return View(seen, max(round(seen.height() * scale), 1), max(round(seen.width() * scale), 1))
