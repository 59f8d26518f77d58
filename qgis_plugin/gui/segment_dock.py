# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock "Segment water": a welcome until there is an engine, then form, run and result."""

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from ..words import tr
from .engine_head import engine_head
from .qt import plugin_icon, scrolled, separator
from .result_box import ResultBox
from .run_bar import RunBar
from .segment_form import SegmentForm
from .welcome import Welcome


class SegmentDock(QgsDockWidget):
    """Puts the parts together; what they do is wired by `segment_control`."""

    options = pyqtSignal()

    def __init__(self, canvas, parent=None):
        super().__init__(tr("Segment water"), parent)
        self.setObjectName("waterseg_dock")
        self.setWindowIcon(plugin_icon())
        self.setAllowedAreas(
            Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.welcome = Welcome(self)
        self.form = SegmentForm(canvas, self)
        self.bar = RunBar(self)
        self.result = ResultBox(self)
        self.engine_label = QLabel(self)
        self.engine_label.setObjectName("waterseg_engine")
        self.pages = QStackedWidget(self)
        self.pages.addWidget(scrolled(self.welcome))
        self.pages.addWidget(self._work_page())
        self.setWidget(self.pages)

    def _work_page(self):
        page = QWidget(self)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 2, 8, 8)
        foot.setSpacing(8)
        foot.addWidget(self.bar)
        foot.addWidget(self.result)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(engine_head(self.engine_label, "waterseg_options", self.options, self))
        column.addWidget(scrolled(self.form), 1)
        column.addWidget(separator(self))
        column.addLayout(foot)
        return page

    def sizeHint(self):
        """Wide enough for every field, narrow enough for a small screen."""
        return QSize(350, 560)

    def show_welcome(self, welcome):
        """The welcome, or the form."""
        self.pages.setCurrentIndex(0 if welcome else 1)

    def show_engine(self, text, tip=""):
        """Where the model runs, in the first line."""
        self.engine_label.setText(text)
        self.engine_label.setToolTip(tip)

    def set_busy(self, busy):
        """During a run the form cannot be changed: it says what the run was started with."""
        self.form.setEnabled(not busy)
