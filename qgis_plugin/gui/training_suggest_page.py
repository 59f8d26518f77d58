# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 3: the model suggests water; each suggestion is accepted, rejected or corrected."""

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..words import tr
from .model_field import ModelField
from .more_options import NumberField
from .qt import form_layout, hint_label, theme_icon, tool_button

ACCEPT, REJECT, ACCEPT_SURE, REJECT_ALL = "accept", "reject", "accept_sure", "reject_all"
PREVIOUS, NEXT = "previous", "next"
#: From this confidence on a suggestion is a sure one.
SURE = 0.7


class SuggestPage(QWidget):
    """run(), cancel(); decided(one of ACCEPT, REJECT, ...); moved(PREVIOUS or NEXT)."""

    run = pyqtSignal()
    cancel = pyqtSignal()
    decided = pyqtSignal(str)
    moved = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.model = ModelField(self)
        self.model.box.setObjectName("waterseg_training_model")
        self.smallest = NumberField("training_smallest", -1, 1e9, 500, 0, tr("1000 m²"), tr("m²"))
        self.smallest.set_default(None)
        self.smallest.setToolTip(tr("Smaller water bodies are not suggested."))
        self.run_button = QPushButton(
            theme_icon("mActionStart.svg"), tr("Suggest water in the labelled area"), self
        )
        self.run_button.setObjectName("waterseg_training_suggest")
        self.run_button.clicked.connect(lambda: self.run.emit())
        self.cancel_button = QPushButton(theme_icon("mActionStop.svg"), tr("Cancel"), self)
        self.cancel_button.setObjectName("waterseg_training_suggest_cancel")
        self.cancel_button.clicked.connect(lambda: self.cancel.emit())
        self.progress = QProgressBar(self)
        self.progress.setObjectName("waterseg_training_suggest_progress")
        self.said = hint_label(parent=self)
        self.said.setObjectName("waterseg_training_suggest_said")
        self._lay_out()
        self.show_running(False)
        self.show_suggestion(0, 0, None)

    def _lay_out(self):
        form = form_layout()
        form.addRow(tr("Model"), self.model)
        form.addRow(tr("Smallest water body"), self.smallest)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(10)
        whole.addWidget(
            hint_label(
                tr(
                    "The model looks for water that you have not drawn yet. Suggestions are "
                    "hatched on the map, and count only once you accept them. Correct one with "
                    "any tool of the step Draw: that accepts it."
                )
            )
        )
        whole.addLayout(form)
        whole.addWidget(self.run_button)
        whole.addWidget(self.cancel_button)
        whole.addWidget(self.progress)
        whole.addWidget(self.said)
        whole.addWidget(self._decisions())
        whole.addStretch(1)

    def _decisions(self):
        self.box = QGroupBox(tr("Suggestions"), self)
        self.title = QLabel(self.box)
        self.title.setObjectName("waterseg_training_suggestion")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setWordWrap(True)
        back = self._arrow(PREVIOUS, "mActionArrowLeft.svg", tr("The one before"))
        on = self._arrow(NEXT, "mActionArrowRight.svg", tr("The next one"))
        walk = QHBoxLayout()
        walk.addWidget(back)
        walk.addWidget(self.title, 1)
        walk.addWidget(on)
        column = QVBoxLayout(self.box)
        column.setSpacing(6)
        column.addLayout(walk)
        for names in ((ACCEPT, REJECT), (ACCEPT_SURE, REJECT_ALL)):
            row = QHBoxLayout()
            for name in names:
                row.addWidget(self._decision(name), 1)
            column.addLayout(row)
        column.addWidget(hint_label(tr("Or click a suggestion on the map to go to it.")))
        return self.box

    def _arrow(self, name, icon, tip):
        button = tool_button(theme_icon(icon), tip, "waterseg_training_" + name, self)
        button.clicked.connect(lambda: self.moved.emit(name))
        return button

    def _decision(self, name):
        title, icon, tip = _decisions()[name]
        button = QPushButton(theme_icon(icon), title, self.box)
        button.setObjectName("waterseg_training_" + name)
        button.setToolTip(tip)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.decided.emit(name))
        return button

    def options(self):
        """The options of a run that looks for water."""
        options = {"min_area": self.smallest.number()}
        if self.model.name():
            options["model"] = self.model.name()
        return options

    def show_running(self, running, said=""):
        """Whether the model looks now."""
        # The focus goes from button to button: a field that got it would open.
        shown, hidden = self.run_button, self.cancel_button
        if running:
            shown, hidden = hidden, shown
            self.progress.setRange(0, 0)
        shown.setVisible(True)
        if hidden.hasFocus():
            shown.setFocus()
        hidden.setVisible(False)
        self.progress.setVisible(running)
        self.tell(said)

    def show_progress(self, done, total):
        """How far the model is."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)

    def tell(self, text):
        """A line below the button."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def show_suggestion(self, place, count, confidence):
        """The suggestion that is looked at, the `place`-th of `count`."""
        self.box.setVisible(count > 0)
        text = tr("{place} of {count}").format(place=place, count=count)
        if confidence is not None:
            text += " · " + tr("{percent} % sure").format(percent=round(100 * confidence))
        self.title.setText(text)


def _decisions():
    return {
        ACCEPT: (tr("Accept"), "mIconSuccess.svg", tr("This is water as it is (A)")),
        REJECT: (tr("Reject"), "mActionCancelEdits.svg", tr("This is not water (R)")),
        ACCEPT_SURE: (
            tr("Accept sure ones"),
            "mActionSelectAll.svg",
            tr("All of which the model is at least 70 % sure"),
        ),
        REJECT_ALL: (tr("Reject all"), "mActionDeleteSelected.svg", tr("All that are left")),
    }
