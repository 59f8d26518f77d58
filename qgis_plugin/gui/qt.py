# SPDX-License-Identifier: GPL-3.0-or-later
"""Small helpers over Qt and QGIS widgets for several parts of the dock and the options page."""

import os
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon, QKeySequence, QPalette
from qgis.PyQt.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QSizePolicy, QToolButton

try:
    from qgis.PyQt.QtGui import QAction, QShortcut
except ImportError:  # Qt 5 has them among the widgets
    from qgis.PyQt.QtWidgets import QAction, QShortcut

try:
    from qgis.core import Qgis

    POLYGON = Qgis.GeometryType.Polygon
except AttributeError:  # before QGIS 3.30
    from qgis.core import QgsWkbTypes

    POLYGON = QgsWkbTypes.GeometryType.PolygonGeometry

__all__ = [
    "POLYGON",
    "QAction",
    "add_dock",
    "finetune_icon",
    "form_layout",
    "hint_label",
    "keys_of",
    "plugin_icon",
    "scrolled",
    "separator",
    "short_path",
    "theme_icon",
    "tool_button",
    "training_icon",
]

RESOURCES = Path(__file__).parent.parent / "resources"


def plugin_icon():
    """The icon of waterseg."""
    return QIcon(str(RESOURCES / "icon.svg"))


def training_icon():
    """The icon of training sets."""
    return QIcon(str(RESOURCES / "training.svg"))


def finetune_icon():
    """The icon of fine-tuning."""
    return QIcon(str(RESOURCES / "finetune.svg"))


def short_path(path):
    """A path as people read it: with ~ for their own folder."""
    home = os.path.expanduser("~")
    return "~" + path[len(home) :] if path.startswith(home + os.sep) else path


def theme_icon(name):
    """An icon of QGIS, in the theme that QGIS wears, for example "mActionStart.svg"."""
    return QgsApplication.getThemeIcon("/" + name)


def form_layout(parent=None):
    """A form whose labels wrap above their fields only when the dock is very narrow."""
    form = QFormLayout(parent)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(10)
    form.setVerticalSpacing(6)
    return form


def hint_label(text="", parent=None):
    """A smaller, quieter line of text below a field; wraps, and never widens the dock."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    label.setFont(font)
    label.setForegroundRole(QPalette.ColorRole.Text)
    palette = label.palette()
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlphaF(0.72)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        palette.setColor(group, QPalette.ColorRole.Text, colour)
    label.setPalette(palette)
    return label


def separator(parent=None):
    """A thin line between what scrolls and what stays."""
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line


def scrolled(widget):
    """A widget that scrolls up and down only, without a frame."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area


def add_dock(iface, dock, others):
    """Show a finished panel at the right, as one more tab where one of `others` is (by name).

    It is made without a parent and put into QGIS's window only here: within the window's style
    sheet every move of a widget into another is styled anew, which takes three times as long.
    """
    dock.setParent(iface.mainWindow())
    iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock, others, True)


def keys_of(keys, do, *widgets):
    """Shortcuts in some widgets and what is in them: {"Ctrl+Z": word}, for `do(word)`."""
    for key, word in keys.items():
        for widget in widgets:
            shortcut = QShortcut(QKeySequence(key), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda word=word: do(word))
            yield shortcut


def tool_button(icon, tip, name, parent=None):
    """A flat button with an icon, a tooltip and an object name."""
    button = QToolButton(parent)
    button.setObjectName(name)
    button.setIcon(icon)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    return button
