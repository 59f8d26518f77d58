# SPDX-License-Identifier: GPL-3.0-or-later
"""What the colours of chips mean, and how many there are of each."""

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPen, QPixmap
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QWidget

from ..training_wire import SPLITS, STATES, UNLABELLED
from .qt import hint_label
from .training_chips import COLOURS, FILLS, split_name, state_name

SIZE = QSize(16, 16)


class Legend(QWidget):
    """A swatch, a word and a number for each state, and a line about the parts of the set."""

    def __init__(self, parent=None):
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        self._numbers = {}
        for place, state in enumerate(STATES):
            row, column = place % 3, 3 * (place // 3)
            swatch, number = QLabel(self), QLabel("–", self)
            swatch.setPixmap(_swatch(state))
            number.setObjectName("waterseg_training_count_" + state)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            number.setMinimumWidth(26)
            grid.addWidget(swatch, row, column)
            grid.addWidget(QLabel(state_name(state), self), row, column + 1)
            grid.addWidget(number, row, column + 2)
            self._numbers[state] = number
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        self.parts = hint_label(parent=self)
        self.parts.setObjectName("waterseg_training_parts")
        grid.addWidget(self.parts, 3, 0, 1, 6)

    def show_plan(self, plan):
        """The numbers of a `Plan`; None while there is none."""
        for state, label in self._numbers.items():
            label.setText("–" if plan is None else str(plan.number(state)))
        parts = []
        if plan is not None:
            parts = [f"{split_name(one)} {plan.in_split(one)}" for one in SPLITS]
        self.parts.setText(" · ".join(parts))
        self.parts.setVisible(bool(parts))


def _swatch(state):
    pixmap = QPixmap(SIZE)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    fill = QColor(COLOURS[state])
    fill.setAlpha(max(FILLS[state], 70) if FILLS[state] else 0)
    line = QColor(130, 130, 130) if state == UNLABELLED else COLOURS[state]
    style = Qt.PenStyle.DotLine if state == UNLABELLED else Qt.PenStyle.SolidLine
    painter.setBrush(fill)
    painter.setPen(QPen(line, 1.6, style))
    painter.drawRect(1, 1, SIZE.width() - 3, SIZE.height() - 3)
    painter.end()
    return pixmap
