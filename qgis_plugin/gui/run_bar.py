# SPDX-License-Identifier: GPL-3.0-or-later
"""The lower part of the dock: what a run would take, Run, Cancel, Resume, and how far it is."""

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..words import tr, tr_n
from .durations import in_words
from .qt import hint_label, theme_icon, tool_button

IDLE, RUNNING, STOPPING, RESUMABLE = "idle", "running", "stopping", "resumable"


class RunBar(QWidget):
    """Emits what the person asks for; shows what it is told. Knows nothing about jobs."""

    run = pyqtSignal()
    cancel = pyqtSignal()
    resume = pyqtSignal()
    forget = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.hint = hint_label(parent=self)
        self.hint.setObjectName("waterseg_said")
        self.estimate = hint_label(parent=self)
        self.estimate.setObjectName("waterseg_estimate")
        self.progress = QProgressBar(self)
        self.progress.setObjectName("waterseg_progress")
        self.run_button = self._button("mActionStart.svg", tr("Run"), "waterseg_run", self.run)
        self.cancel_button = self._button(
            "mActionStop.svg", tr("Cancel"), "waterseg_cancel", self.cancel
        )
        self.resume_button = self._button(
            "mActionPlay.svg", tr("Resume"), "waterseg_resume", self.resume
        )
        self.cancel_button.setToolTip(tr("Stop now. What is finished is kept, and you can resume."))
        self.resume_button.setToolTip(tr("Go on where the run stopped, with its own options."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.resume_button, 1)
        buttons.addWidget(self.run_button, 1)
        buttons.addWidget(self.cancel_button, 1)
        self.forget_button = tool_button(
            theme_icon("mActionDeleteSelected.svg"),
            tr("Forget the unfinished run"),
            "waterseg_forget",
            self,
        )
        self.forget_button.clicked.connect(lambda: self.forget.emit())
        buttons.addWidget(self.forget_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.hint)
        column.addWidget(self.progress)
        column.addWidget(self.estimate)
        column.addLayout(buttons)
        self.set_state(IDLE)

    def _button(self, icon, text, name, signal):
        button = QPushButton(theme_icon(icon), text, self)
        button.setObjectName(name)
        button.clicked.connect(lambda: signal.emit())
        return button

    def set_state(self, state):
        """One of IDLE, RUNNING, STOPPING, RESUMABLE."""
        self.state = state
        busy = state in (RUNNING, STOPPING)
        self.progress.setVisible(busy or state == RESUMABLE)
        self.hint.setVisible(busy or state == RESUMABLE)
        self.estimate.setVisible(not busy)
        self.run_button.setVisible(not busy)
        self.cancel_button.setVisible(busy)
        self.cancel_button.setEnabled(state == RUNNING)
        self.cancel_button.setText(tr("Cancelling…") if state == STOPPING else tr("Cancel"))
        self.resume_button.setVisible(state == RESUMABLE)
        self.forget_button.setVisible(state == RESUMABLE)
        self.run_button.setText(tr("Run anew") if state == RESUMABLE else tr("Run"))
        self.resume_button.setDefault(state == RESUMABLE)
        self.run_button.setDefault(state != RESUMABLE)

    def set_ready(self, ready, text):
        """Whether a run could start, and the estimate, or what is missing."""
        self.run_button.setEnabled(ready)
        if ready and self.state == RESUMABLE:
            text = tr("A new run: {estimate}").format(estimate=text)
        self.estimate.setText(text)
        self.estimate.setVisible(self.state in (IDLE, RESUMABLE))

    def tell(self, text):
        """Why the last run failed: the message bar shows only its beginning."""
        self.hint.setText(text)
        self.hint.setVisible(True)

    def set_text(self, text):
        """The line above the progress bar."""
        self.hint.setText(text)

    def show_preparing(self, text):
        """The engine starts or the layer is looked at: nobody knows how long."""
        self.set_state(RUNNING)
        self.progress.setRange(0, 0)
        self.set_text(text)

    def show_progress(self, done, total, seconds_left, water):
        """`done` of `total` tiles, `water` bodies so far; `seconds_left` is None if unknown."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        parts = [tr("{done} of {total} tiles").format(done=done, total=total)]
        if done >= total:
            parts = [tr("Joining the polygons…")]
        elif seconds_left is not None:
            parts.append(tr("{time} left").format(time=in_words(seconds_left)))
        if water:
            parts.append(tr_n("%n pieces of water", water))
        self.set_text(" · ".join(parts))

    def show_unfinished(self, record):
        """A run that was cut off, and how far it came."""
        self.progress.setRange(0, max(record.total, 1))
        self.progress.setValue(record.done)
        text = tr("Not finished: {title}.").format(title=record.title)
        self.set_text(f"{text} {record.message}".strip())


def estimate_text(tiles, seconds):
    """What a run would take, for example "81 tiles, about 5 s"."""
    text = tr_n("%n tiles", tiles)
    if seconds is not None:
        text += ", " + tr("about {time}").format(time=in_words(seconds))
    return text
