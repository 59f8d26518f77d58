# SPDX-License-Identifier: GPL-3.0-or-later
"""What the step Check does: asks what the tokens say of a chip, or of all of them."""

from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QObject, QTimer

from ..errors import PluginError
from ..training_picture import Picture, View, image_of, png_text
from ..training_wire import PROBLEM, WATER, check
from ..words import tr

#: The names of the questions.
ONE, ALL = "check", "check all"
#: The engine is not sent the picture of a chip with a longer side; here it is shown coarser.
MOST = 1536
ZOOM = 1.6


class Checking(QObject):
    """request: a function that gives the `TrainingRequest` as it is now, and the raster layer."""

    def __init__(self, canvas, dock, chips, asker, request):
        super().__init__(dock)
        self._canvas, self._page, self._chips = canvas, dock.check, chips
        self._asker, self._request = asker, request
        self._plan = None
        self._chip = None
        self._held = False
        self._left = []  # chips that are still to be checked
        self._total = 0
        self._found = {}  # sentences by the key of a chip
        # The mouse crosses many chips on its way.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(180)
        self._soon.timeout.connect(self._ask)
        self._page.checkAll.connect(self.check_all)
        self._page.cancel.connect(self.cancel)
        self._page.zoomTo.connect(self.zoom_to)

    def show_plan(self, plan):
        """The chips are other ones, or in another state."""
        self._plan = plan
        chips = {chip.key: chip for chip in plan.chips} if plan is not None else {}
        self._found = {key: said for key, said in self._found.items() if key in chips}
        if self._chip is not None:
            self._chip = chips.get(self._chip.key)
            if self._page.isVisible():
                self._chips.mark(self._chip.key if self._chip else None)
                self._soon.start()
        self._show_warnings()

    def hover(self, point):
        """The mouse is over a point of the map."""
        if not self._held:
            self._look_at(self._chips.chip_at(point))

    def click(self, point):
        """Hold the chip at a point; outside the grid, or again, let go."""
        chip = self._chips.chip_at(point)
        self._held = chip is not None and not (self._held and chip == self._chip)
        self._look_at(chip)

    def zoom_to(self, key):
        """Show a chip on the map, and what the tokens say of it."""
        extent = self._chips.extent_of(key)
        if extent is None:
            return
        seen = QgsRectangle(extent)
        seen.scale(ZOOM)
        self._canvas.setExtent(seen)
        self._canvas.refresh()
        self._held = True
        self._look_at(next(chip for chip in self._plan.chips if chip.key == key))

    def _look_at(self, chip):
        if chip is None or chip == self._chip:
            return
        self._chip = chip
        self._chips.mark(chip.key)
        self._page.show_chip(chip)
        self._soon.start()

    def _ask(self):
        if self._chip is not None and self._page.isVisible():
            self._ask_about(ONE, self._chip)

    def _ask_about(self, kind, chip):
        try:
            request, layer = self._request()
        except PluginError as why:
            self._page.warn(str(why))
            return
        picture, words = Picture(layer), request.words()
        view = _view(chip)

        def question(client, feedback):
            image = picture.image(view, feedback)
            text = png_text(image) if (view.height, view.width) == chip.size else None
            return check(client, words, chip, text, feedback), image

        self._asker.ask(kind, chip, question)

    def on_answer(self, kind, chip, answer):
        """The engine looked at a chip."""
        found, image = answer
        self._found[chip.key] = list(found.warnings)
        if kind == ONE and chip == self._chip:
            self._page.show_check(found, image, image_of(found.drawn), image_of(found.said))
        if kind == ALL:
            self._go_on()
        self._show_warnings()

    def on_failure(self, kind, sentence):
        """It could not."""
        self._page.warn(sentence)
        if kind == ALL:
            self.cancel()

    def check_all(self):
        """Look at every chip with water, one after another."""
        chips = self._plan.chips if self._plan is not None else ()
        self._left = [chip for chip in chips if chip.state in (WATER, PROBLEM)]
        self._total = len(self._left)
        self._go_on()

    def cancel(self):
        """Do not look at more of them."""
        self._left = []
        self._asker.drop(ALL)
        self._page.show_running(None)

    def _go_on(self):
        if not self._left:
            self._page.show_running(None)
            return
        self._page.show_running((self._total - len(self._left), self._total))
        self._ask_about(ALL, self._left.pop(0))

    def _show_warnings(self):
        chips = self._plan.chips if self._plan is not None else ()
        said = []
        for chip in chips:
            # Of land that nobody looked at, and of chips left out, nothing is wrong.
            why = chip.why if chip.state in (WATER, PROBLEM) else ""
            sentences = [why] if why else []
            sentences += [one for one in self._found.get(chip.key, ()) if one not in sentences]
            said += [(chip.key, _at(chip, one)) for one in sentences]
        wet = [chip.key for chip in chips if chip.state in (WATER, PROBLEM)]
        self._page.show_warnings(said, bool(wet) and all(key in self._found for key in wet))


def _at(chip, sentence):
    """A sentence about a chip, with where it is."""
    return tr("Row {row}, column {col}: {what}").format(row=chip.row, col=chip.col, what=sentence)


def _view(chip):
    """The chip's place, as fine as it is but not large."""
    xs, ys = zip(*[corner[:2] for corner in chip.footprint["coordinates"][0]])
    extent = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
    scale = min(MOST / max(chip.height, chip.width), 1.0)
    return View(extent, max(round(chip.height * scale), 1), max(round(chip.width * scale), 1))
