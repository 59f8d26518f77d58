# SPDX-License-Identifier: GPL-3.0-or-later
"""A line in QGIS's message bar for work that goes on: what, how far, and a way to stop it."""

from contextlib import suppress

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton

from ..words import tr


class ProgressLine(QObject):
    """Shown until `close`; a user who closes it does not stop the work, only the line."""

    cancelled = pyqtSignal()

    def __init__(self, iface, parent=None):
        super().__init__(parent)
        self._iface = iface
        self._item = None

    def show(self):
        """Put the line into the message bar."""
        bar = self._iface.messageBar()
        self._item = item = bar.createMessage("waterseg", "")
        self._bar = QProgressBar(item)
        self._bar.setMaximumWidth(160)
        self._bar.setRange(0, 0)
        button = QPushButton(tr("Cancel"), item)
        button.setObjectName("waterseg_line_cancel")
        button.clicked.connect(self._on_cancel)
        for widget in (self._bar, button):
            item.layout().addWidget(widget)
        item.setLevel(Qgis.MessageLevel.Info)
        item.setDuration(0)
        bar.pushItem(item)

    def tell(self, percent, text):
        """How far it is; 0 percent is shown as a bar that only says that something goes on."""
        with suppress(RuntimeError):  # closed by the user
            if self._item is not None:
                self._item.setText(text)
                self._bar.setRange(0, 100 if percent else 0)
                self._bar.setValue(round(percent))

    def close(self):
        """Take the line away."""
        item, self._item = self._item, None
        with suppress(RuntimeError):
            if item is not None:
                self._iface.messageBar().popWidget(item)

    def _on_cancel(self):
        self.tell(0, tr("Stopping…"))
        self.cancelled.emit()
