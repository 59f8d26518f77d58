# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock shows while there is no engine yet: two sentences and two ways on."""

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCommandLinkButton, QLabel, QVBoxLayout, QWidget

from ..words import tr
from .qt import plugin_icon, theme_icon


class Welcome(QWidget):
    """Emits which way the person takes."""

    set_up = pyqtSignal()
    connect_server = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 18, 14, 14)
        column.setSpacing(10)
        for part in self._words():
            column.addWidget(part)
        column.addSpacing(4)
        for part in self._ways():
            column.addWidget(part)
        column.addStretch(1)

    def _words(self):
        icon = QLabel(self)
        icon.setPixmap(plugin_icon().pixmap(QSize(56, 56)))
        icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(tr("Find water in your images"), self)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setWordWrap(True)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        title.setFont(font)
        text = QLabel(
            tr(
                "The model that finds water runs in a program of its own, the engine, so that QGIS "
                "stays quick and safe. It is not set up yet: it can run on this computer, or on a "
                "server of your team."
            ),
            self,
        )
        text.setWordWrap(True)
        return icon, title, text

    def _ways(self):
        local = self._way(
            tr("Set up on this computer…"),
            tr("Shows what is downloaded, how much and where to, before anything happens."),
            "mActionSharing.svg",
            "waterseg_set_up",
            self.set_up,
        )
        server = self._way(
            tr("Connect to a server…"),
            tr("Needs its address and perhaps a token. Pixels of your layer are sent there."),
            "mIconConnect.svg",
            "waterseg_connect",
            self.connect_server,
        )
        return local, server

    def _way(self, title, text, icon, name, signal):
        button = QCommandLinkButton(title, text, self)
        button.setObjectName(name)
        button.setIcon(theme_icon(icon))
        button.setIconSize(QSize(24, 24))
        button.clicked.connect(lambda: signal.emit())
        return button
