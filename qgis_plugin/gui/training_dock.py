# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Build training set": five steps, and below them what the set would be now."""

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..words import tr
from .qt import hint_label, scrolled, separator, theme_icon, training_icon
from .training_area_page import AreaPage
from .training_check_page import CheckPage
from .training_draw_page import DrawPage
from .training_steps import Steps
from .training_suggest_page import SuggestPage
from .training_write_page import WritePage

#: Every page reads well from here on, in pixels.
WIDTH = 370


class TrainingDock(QgsDockWidget):
    """Puts the parts together; what they do is wired by `training_control`."""

    stepChosen = pyqtSignal(int)
    options = pyqtSignal()

    def __init__(self, canvas, parent=None):
        super().__init__(tr("Build training set"), parent)
        self.setObjectName("waterseg_training_dock")
        self.setWindowIcon(training_icon())
        self.setAllowedAreas(
            Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.area = AreaPage(canvas, self)
        self.draw = DrawPage(self)
        self.suggest = SuggestPage(self)
        self.check = CheckPage(self)
        self.write = WritePage(self)
        self.steps = Steps(self)
        self.pages = QStackedWidget(self)
        for page in (self.area, self.draw, self.suggest, self.check, self.write):
            self.pages.addWidget(scrolled(page))
        self.status = hint_label(parent=self)
        self.status.setObjectName("waterseg_training_status")
        self.set_up = QPushButton(
            theme_icon("mActionOptions.svg"), tr("Options: where the model runs"), self
        )
        self.set_up.setObjectName("waterseg_training_options")
        self.set_up.clicked.connect(lambda: self.options.emit())
        self.steps.chosen.connect(self.go_to)
        # A page knows its height only when it has been laid out.
        self._wanted = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(50)
        self._soon.timeout.connect(self._reveal)
        self._lay_out()

    def _lay_out(self):
        whole = QWidget(self)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 8, 6)
        foot.addWidget(self.status, 1)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.steps)
        column.addWidget(separator(self))
        column.addWidget(self.pages, 1)
        column.addWidget(separator(self))
        column.addLayout(foot)
        column.addWidget(self.set_up)
        whole.setMinimumWidth(WIDTH)
        self.setWidget(whole)

    def sizeHint(self):
        """Wide enough for every field, narrow enough for a small screen."""
        return QSize(WIDTH + 20, 600)

    def step(self):
        """The number of the step that is shown."""
        return self.pages.currentIndex()

    def go_to(self, step):
        """Show a step."""
        self.steps.go_to(step)
        self.pages.setCurrentIndex(step)
        self.stepChosen.emit(step)

    def reveal(self, widget):
        """Scroll the page so far that a widget is seen."""
        self._wanted = widget
        self._soon.start()

    def _reveal(self):
        self.pages.currentWidget().ensureWidgetVisible(self._wanted)

    def show_status(self, text, set_up=True):
        """The line at the bottom, and a way to the options while there is no engine."""
        self.status.setText(text)
        self.set_up.setVisible(not set_up)
