# SPDX-License-Identifier: GPL-3.0-or-later
"""The first line of a panel: where the model runs, and the way to change that."""

from qgis.PyQt.QtWidgets import QHBoxLayout

from ..words import tr
from .qt import theme_icon, tool_button


def engine_head(label, name, options, parent):
    """A row of a label and a button that emits the signal `options`; `name` is the button's."""
    head = QHBoxLayout()
    head.setContentsMargins(8, 4, 4, 0)
    head.addWidget(label, 1)
    button = tool_button(
        theme_icon("mActionOptions.svg"), tr("Options: where the model runs"), name, parent
    )
    button.clicked.connect(lambda: options.emit())
    head.addWidget(button)
    return head
