# SPDX-License-Identifier: GPL-3.0-or-later
"""The buttons below a training: only those that make sense in its state are there."""

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..words import tr
from .qt import hint_label, theme_icon

FORM, SENDING, PREPARING, READY = "form", "sending", "preparing", "ready"
RUNNING, STOPPING, DONE, BROKEN = "running", "stopping", "done", "broken"
#: What can be pressed in which state.
BUTTONS = {
    FORM: ("start",),
    SENDING: ("cancel",),
    PREPARING: ("cancel",),
    READY: ("train", "cancel"),
    RUNNING: ("stop_epoch", "stop_now"),
    STOPPING: ("stop_now",),
    DONE: ("anew",),
    BROKEN: ("resume", "anew"),
}


class FinetuneBar(QWidget):
    """pressed(name): one of the names in BUTTONS."""

    pressed = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.hint = hint_label(parent=self)
        self.hint.setObjectName("waterseg_finetune_hint")
        self.state = FORM
        self._ready, self._missing = False, ""
        row = QHBoxLayout()
        row.setSpacing(6)
        self.buttons = {}
        for name, icon, text, tip in _buttons():
            button = QPushButton(theme_icon(icon), text, self)
            button.setObjectName("waterseg_finetune_" + name)
            button.setToolTip(tip)
            button.clicked.connect(lambda _on, name=name: self.pressed.emit(name))
            self.buttons[name] = button
            row.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(5)
        column.addWidget(self.hint)
        column.addLayout(row)
        self.set_state(FORM)

    def set_state(self, state):
        """One of the keys of BUTTONS."""
        self.state = state
        shown = BUTTONS[state]
        focused = any(button.hasFocus() for button in self.buttons.values())
        for name, button in self.buttons.items():
            button.setVisible(name in shown)
            button.setEnabled(name != "start" or self._ready)
            button.setDefault(name == shown[0])
        if focused:  # the focus goes from button to button, and not into a field above
            self.buttons[shown[0]].setFocus()
        self.hint.setVisible(state == FORM and bool(self._missing))

    def set_state_if_other(self, state):
        """As `set_state`, but what was paused in this state stays so."""
        if state != self.state:
            self.set_state(state)

    def set_ready(self, ready, missing=""):
        """Whether a training could start, and what is missing."""
        self._ready, self._missing = ready, missing
        self.hint.setText(missing)
        self.set_state(self.state)

    def pause(self, name):
        """What was pressed waits for the engine: it cannot be pressed twice."""
        self.buttons[name].setEnabled(False)


def _buttons():
    return (
        (
            "start",
            "mActionStart.svg",
            tr("Start"),
            tr("Sends the set to the engine, which says what the training will take."),
        ),
        ("train", "mActionStart.svg", tr("Train"), tr("The training begins.")),
        (
            "resume",
            "mActionPlay.svg",
            tr("Resume"),
            tr("Goes on where the training stopped, to the same numbers."),
        ),
        (
            "stop_epoch",
            "mActionPlay.svg",
            tr("Stop after this epoch"),
            tr("Goes on to the end of this epoch, measures, and keeps the best model."),
        ),
        (
            "stop_now",
            "mActionStop.svg",
            tr("Stop now"),
            tr("Stops at once. The best model so far is kept, and you can resume."),
        ),
        ("cancel", "mActionStop.svg", tr("Cancel"), tr("Nothing is trained.")),
        (
            "anew",
            "mActionFileNew.svg",
            tr("New training"),
            tr("Back to the form. A model that was made stays; a stopped training is forgotten."),
        ),
    )
