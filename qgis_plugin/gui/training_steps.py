# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of five steps at the top of the panel; each can be gone to at any time."""

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ..words import tr
from .qt import plugin_icon, theme_icon

AREA, DRAW, SUGGEST, CHECK, WRITE = range(5)


class Steps(QWidget):
    """chosen(number): the person went to another step."""

    chosen = pyqtSignal(int)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 2)
        row.setSpacing(2)
        for number, (name, title, icon, tip) in enumerate(_steps()):
            button = _button(name, title, icon, tip, self)
            self._group.addButton(button, number)
            row.addWidget(button, 1)
        self._group.button(AREA).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def go_to(self, number):
        """Show that this is the step now."""
        self._group.button(number).setChecked(True)


def _steps():
    return (
        (
            "area",
            tr("Area"),
            theme_icon("mActionAddRasterLayer.svg"),
            tr("The image, and its chips"),
        ),
        ("draw", tr("Draw"), theme_icon("mActionToggleEditing.svg"), tr("Draw the water")),
        (
            "suggest",
            tr("Suggest"),
            plugin_icon(),
            tr("Let the model suggest water, and correct it"),
        ),
        ("check", tr("Check"), theme_icon("mActionIdentify.svg"), tr("What the tokens can say")),
        ("write", tr("Write"), theme_icon("mActionFileSave.svg"), tr("Write the training set")),
    )


def _button(name, title, icon, tip, parent):
    button = QToolButton(parent)
    button.setObjectName("waterseg_training_step_" + name)
    button.setText(title)
    button.setIcon(icon)
    button.setIconSize(QSize(20, 20))
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button
