# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Fine-tune": a form, then the training as it goes; the buttons stay below."""

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..words import tr
from .engine_head import engine_head
from .finetune_bar import FinetuneBar
from .finetune_form import FinetuneForm
from .finetune_work import FinetuneWork
from .qt import finetune_icon, hint_label, scrolled, separator, theme_icon

WIDTH = 350


class FinetuneDock(QgsDockWidget):
    """Puts the parts together; what they do is wired by `finetune_control`."""

    options = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(tr("Fine-tune"), parent)
        self.setObjectName("waterseg_finetune_dock")
        self.setWindowIcon(finetune_icon())
        self.setAllowedAreas(
            Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.form = FinetuneForm(self)
        self.work = FinetuneWork(self)
        self.bar = FinetuneBar(self)
        self.engine_label = QLabel(self)
        self.engine_label.setObjectName("waterseg_finetune_engine")
        self.pages = QStackedWidget(self)
        self.pages.addWidget(scrolled(self.form))
        self.pages.addWidget(scrolled(self.work))
        self.no_engine = self._no_engine()
        whole = QWidget(self)
        whole.setMinimumWidth(WIDTH - 30)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(
            engine_head(self.engine_label, "waterseg_finetune_settings", self.options, self)
        )
        column.addWidget(self.no_engine)
        column.addWidget(self.pages, 1)
        column.addWidget(separator(self))
        column.addWidget(self.bar)
        self.setWidget(whole)

    def _no_engine(self):
        box = QWidget(self)
        text = hint_label(
            tr(
                "waterseg has no engine yet. Set it up, or connect to a server, in Settings, "
                "Options, waterseg."
            ),
            box,
        )
        button = QPushButton(
            theme_icon("mActionOptions.svg"), tr("Options: where the model runs"), box
        )
        button.setObjectName("waterseg_finetune_set_up")
        button.clicked.connect(lambda: self.options.emit())
        column = QVBoxLayout(box)
        column.setContentsMargins(8, 4, 8, 4)
        column.addWidget(text)
        column.addWidget(button)
        box.hide()
        return box

    def sizeHint(self):
        """Wide enough for every field, narrow enough for a small screen."""
        return QSize(WIDTH, 620)

    def show_welcome(self, welcome):
        """Whether there is no engine yet."""
        self.no_engine.setVisible(welcome)
        self.engine_label.setVisible(not welcome)

    def show_engine(self, text, tip=""):
        """Where the model is trained, in the first line."""
        self.engine_label.setText(text)
        self.engine_label.setToolTip(tip)

    def raise_if_shown(self):
        """Come to the front of the panels beside, if it is not closed."""
        if not self.isHidden():
            self.raise_()

    def show_form(self):
        """What is trained next."""
        self.pages.setCurrentIndex(0)

    def show_work(self):
        """The training as it goes."""
        self.pages.setCurrentIndex(1)
