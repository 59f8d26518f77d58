# SPDX-License-Identifier: GPL-3.0-or-later
"""How a training ended: whether the new model is better, and what to do with it."""

from qgis.PyQt.QtCore import QLocale, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from ..training_wire import plain
from ..wire_studies import CANCELLED, DONE, FAILED
from ..words import tr
from .qt import hint_label, plugin_icon, theme_icon

#: Notes of the engine that are shown; the log has all.
NOTES = 2


class VerdictBox(QFrame):
    """use(name): the new model shall be used. compare(): it shall be seen beside the old one."""

    use = pyqtSignal()
    compare = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("waterseg_finetune_verdict_box")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = QLabel(self)
        self.title.setObjectName("waterseg_finetune_title")
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.verdict = QLabel(self)
        self.verdict.setObjectName("waterseg_finetune_verdict")
        self.verdict.setWordWrap(True)
        self.notes = hint_label(parent=self)
        self.use_button = QPushButton(plugin_icon(), tr("Use this model"), self)
        self.use_button.setObjectName("waterseg_finetune_use")
        self.use_button.setToolTip(tr("Chooses it in the panel Segment water."))
        self.use_button.clicked.connect(lambda: self.use.emit())
        self.compare_button = QPushButton(
            theme_icon("mActionShowAllLayers.svg"),
            tr("Compare with the old one\non this view"),
            self,
        )
        self.compare_button.setObjectName("waterseg_finetune_compare")
        self.compare_button.setToolTip(
            tr("Both models look for water in what the map shows; two layers lie side by side.")
        )
        self.compare_button.clicked.connect(lambda: self.compare.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        for part in (
            self.title,
            self.verdict,
            self.notes,
            self.use_button,
            self.compare_button,
        ):
            column.addWidget(part)
        self.hide()

    def show_training(self, training, can_compare):
        """What came of a `Training` that is over."""
        self.title.setText(_title(training))
        said = training.verdict or training.message
        self.verdict.setText(plain(said))
        self.verdict.setVisible(bool(said))
        self._offer(training.gained is not False)
        self.notes.setText("\n".join(plain(note) for note in training.notes[-NOTES:]))
        self.notes.setVisible(bool(training.notes))
        self.use_button.setVisible(bool(training.model))
        self.compare_button.setVisible(bool(training.model) and can_compare)
        self.show()

    def _offer(self, advised):
        """What to do with the new model; looking comes first where it is not the better one."""
        self.use_button.setText(tr("Use this model") if advised else tr("Use it all the same"))
        first, second = self.use_button, self.compare_button
        if not advised:
            first, second = second, first
        for part in (first, second):
            self.layout().removeWidget(part)
            self.layout().addWidget(part)
        self.setTabOrder(first, second)


def in_a_line(training):
    """What came of a training that is done, for QGIS's message bar, which shows little more.

    By how much the new model is better, and whether that can be told apart from chance, says the
    verdict in the panel: half of that would say something else.
    """
    name = training.model or training.name
    if training.gained is False:
        return tr("{name} is trained, but not better: see the panel.").format(name=name)
    return tr("{name} is trained: see the panel.").format(name=name)


def _title(training):
    """One line: from where to where the IoU went, or why there is none."""
    if training.state == FAILED:
        return tr("The training failed")
    if not training.model:
        return tr("Stopped before there was a model") if training.state == CANCELLED else tr("Done")
    if training.before is None or training.best is None:
        title = tr("{model} is ready").format(model=training.model)
    else:
        title = tr("{model}: IoU {before} → {after}").format(
            model=training.model,
            before=QLocale().toString(training.before.iou, "f", 3),
            after=QLocale().toString(training.best.iou, "f", 3),
        )
    if training.state != DONE:
        title = tr("Stopped. {title}").format(title=title)
    return title
