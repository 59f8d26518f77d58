# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of models as two lines each, the name and its numbers, below headings."""

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QFontMetrics, QPalette
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

#: Roles of an item: its second line; whether it is a heading.
NUMBERS = int(Qt.ItemDataRole.UserRole) + 1
HEADING = int(Qt.ItemDataRole.UserRole) + 2
MARGIN, GAP, INDENT = 6, 1, 8
QUIET = 0.72


class ModelDelegate(QStyledItemDelegate):
    """Draws in the colours and fonts of the style that QGIS wears."""

    def paint(self, painter, option, index):
        """The background as the style has it, then up to two lines."""
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        first, second = option.text, index.data(NUMBERS) or ""
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        colour = option.palette.color(QPalette.ColorGroup.Active, role)
        heading = bool(index.data(HEADING))
        left = MARGIN + (0 if heading else INDENT)
        painter.save()
        top = option.rect.top() + MARGIN // 2
        for text, font, faint in (
            (first, title_font(option.font, heading), heading),
            (second, small_font(option.font), True),
        ):
            if not text:
                continue
            height = QFontMetrics(font).height()
            box = option.rect.adjusted(left, 0, -MARGIN, 0)
            box.setTop(top)
            box.setHeight(height)
            colour.setAlphaF(QUIET if faint else 1.0)
            painter.setPen(colour)
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            top += height + GAP
        painter.restore()

    def sizeHint(self, option, index):
        """As wide as the longer of the two lines."""
        heading = bool(index.data(HEADING))
        first = QFontMetrics(title_font(option.font, heading))
        second = QFontMetrics(small_font(option.font))
        text, numbers = index.data() or "", index.data(NUMBERS) or ""
        width = max(first.horizontalAdvance(text), second.horizontalAdvance(numbers))
        height = first.height() + (second.height() + GAP if numbers else 0)
        return QSize(width + 2 * MARGIN + INDENT + 2, height + MARGIN)


def title_font(font, heading):
    """A heading is small and bold, a name as usual."""
    if not heading:
        return font
    made = small_font(font)
    made.setBold(True)
    return made


def small_font(font):
    """The same, a little smaller."""
    made = type(font)(font)
    if font.pointSizeF() > 0:
        made.setPointSizeF(font.pointSizeF() * 0.9)
    return made
