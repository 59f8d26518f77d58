# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcomes in QGIS's message bar, with a way to the log. Never a box that waits for a click."""

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QPushButton

from ..words import tr

LOG = "waterseg"
SECONDS = {Qgis.MessageLevel.Success: 10, Qgis.MessageLevel.Info: 8}


def log(text, warning=False):
    """A line in the log panel of waterseg."""
    level = Qgis.MessageLevel.Warning if warning else Qgis.MessageLevel.Info
    QgsMessageLog.logMessage(text, LOG, level, False)


class Messages:
    """Tells the user in the message bar of the main window."""

    def __init__(self, iface):
        self._iface = iface
        self._shown = None

    def success(self, text):
        """Something is done."""
        self._push(text, Qgis.MessageLevel.Success)

    def info(self, text):
        """Something that is good to know."""
        self._push(text, Qgis.MessageLevel.Info)

    def problem(self, text):
        """Something went wrong: stays until it is closed or something better is to be told."""
        self._push(text, Qgis.MessageLevel.Warning)

    def clear(self):
        """Take away what was told last."""
        shown, self._shown = self._shown, None
        try:
            if shown is not None:
                self._iface.messageBar().popWidget(shown)
        except RuntimeError:
            pass  # closed by the user

    def open_log(self):
        """Show the log panel."""
        self._iface.openMessageLog()

    def _push(self, text, level):
        self.clear()
        log(text, warning=level == Qgis.MessageLevel.Warning)
        # QGIS has a message of its own when a task fails: ours, which says why, comes on top.
        QTimer.singleShot(0, lambda: self._show(text, level))

    def _show(self, text, level):
        bar = self._iface.messageBar()
        item = bar.createMessage("waterseg", text)
        button = QPushButton(tr("Open log"), item)
        button.setObjectName("waterseg_open_log")
        button.clicked.connect(lambda: self.open_log())
        item.layout().addWidget(button)
        item.setLevel(level)
        item.setDuration(SECONDS.get(level, 0))
        bar.pushItem(item)
        self._shown = item
