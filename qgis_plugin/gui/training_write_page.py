# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 5: what the set teaches, how it is split, where it goes; and writing it."""

import os

from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..words import tr
from .qt import form_layout, hint_label, short_path, theme_icon
from .training_result import WrittenBox

SHARES = (80, 10, 10)
#: Licences that people give images and labels most often; any other text is taken too.
LICENCES = ("", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODbL-1.0")


class WritePage(QWidget):
    """changed(): another set. write(), resume(), cancel()."""

    changed = pyqtSignal()
    labelsChanged = pyqtSignal()
    write = pyqtSignal()
    resume = pyqtSignal()
    cancel = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.label = QLineEdit("water", self)
        self.prompt = QLineEdit(self)
        self.target = QComboBox(self)
        self.shares = [QSpinBox(self) for _ in SHARES]
        self.negatives = QDoubleSpinBox(self)
        self.licence = QComboBox(self)
        self.folder = QgsFileWidget(self)
        self.name = QLineEdit(self)
        self.estimate = hint_label(parent=self)
        self.estimate.setObjectName("waterseg_training_estimate")
        self.said = hint_label(parent=self)
        self.said.setObjectName("waterseg_training_said")
        self.progress = QProgressBar(self)
        self.progress.setObjectName("waterseg_training_progress")
        self.write_button = self._button("write", "mActionFileSave.svg", tr("Write"), self.write)
        self.resume_button = self._button("resume", "mActionPlay.svg", tr("Resume"), self.resume)
        self.cancel_button = self._button("cancel", "mActionStop.svg", tr("Cancel"), self.cancel)
        self.result = WrittenBox(self)
        self._set_up_fields()
        self._lay_out()
        self._connect()
        self._missing = ""
        self.show_running(False)

    def _button(self, name, icon, text, signal):
        button = QPushButton(theme_icon(icon), text, self)
        button.setObjectName("waterseg_training_" + name)
        button.clicked.connect(lambda: signal.emit())
        return button

    def _set_up_fields(self):
        self.label.setObjectName("waterseg_training_label")
        self.label.setToolTip(tr("What drawn water is called; several kinds as in 'lake ; river'."))
        self.prompt.setObjectName("waterseg_training_prompt")
        self.prompt.setToolTip(tr("What the model will be asked, in English."))
        self.target.setObjectName("waterseg_training_target")
        self.target.addItem(tr("Best for the tokens"), "auto")
        self.target.addItem(tr("One for all the water"), "union")
        self.target.addItem(tr("One per water body"), "components")
        self.target.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.target.setMinimumContentsLength(10)
        self.target.setToolTip(tr("How many objects the answer for a chip names."))
        for box, share, name in zip(self.shares, SHARES, ("train", "val", "test")):
            box.setObjectName("waterseg_training_" + name)
            box.setRange(0 if name != "train" else 1, 100)
            box.setValue(share)
        self.negatives.setObjectName("waterseg_training_negatives")
        self.negatives.setRange(0, 100)
        self.negatives.setSingleStep(0.25)
        self.negatives.setValue(0.25)
        self.negatives.setToolTip(tr("So many chips of dry land for each chip with water."))
        self.licence.setObjectName("waterseg_training_licence")
        self.licence.setEditable(True)
        self.licence.addItems(LICENCES)
        self.licence.lineEdit().setPlaceholderText(tr("Not stated"))
        self.licence.setToolTip(tr("Under which licence the image and your drawing may be used."))
        self.name.setObjectName("waterseg_training_name")
        self.name.setText("ponds")
        self.folder.setObjectName("waterseg_training_folder")
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(tr("The folder in which the folder of the set is made"))
        folder = QgsProject.instance().absolutePath() or os.path.expanduser("~")
        self.folder.setDefaultRoot(folder)
        self.folder.setFilePath(short_path(folder))

    def _lay_out(self):
        shares = QWidget(self)
        row = QHBoxLayout(shares)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for box, tip in zip(self.shares, (tr("Training"), tr("Validation"), tr("Test"))):
            box.setToolTip(tip)
            row.addWidget(box, 1)
        form = form_layout()
        for label, field in (
            (tr("Label"), self.label),
            (tr("Prompt"), self.prompt),
            (tr("Objects"), self.target),
            (tr("Split"), shares),
            (tr("Dry per wet"), self.negatives),
            (tr("Licence"), self.licence),
            (tr("In folder"), self.folder),
            (tr("Name"), self.name),
        ):
            form.addRow(label, field)
        form.labelForField(shares).setToolTip(
            tr("Shares of training, validation and test, each made of whole blocks of land")
        )
        buttons = QHBoxLayout()
        for button in (self.resume_button, self.write_button, self.cancel_button):
            buttons.addWidget(button, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(8)
        whole.addLayout(form)
        whole.addWidget(self.said)
        whole.addWidget(self.progress)
        whole.addWidget(self.estimate)
        whole.addLayout(buttons)
        whole.addWidget(self.result)
        whole.addStretch(1)

    def _connect(self):
        self.label.textChanged.connect(self._on_label)
        self.prompt.textChanged.connect(lambda _text: self.changed.emit())
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.folder.fileChanged.connect(lambda _path: self.changed.emit())
        for box in (*self.shares, self.negatives):
            box.valueChanged.connect(lambda _value: self.changed.emit())
        self.target.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._on_label(self.label.text())

    def _on_label(self, _text):
        self.prompt.setPlaceholderText("segment " + " ; ".join(self.labels()))
        self.labelsChanged.emit()
        self.changed.emit()

    def labels(self):
        """What drawn water is called: one or several labels."""
        found = [part.strip() for part in self.label.text().split(";") if part.strip()]
        return found or ["water"]

    def output(self):
        """The folder of the set."""
        name = self.name.text().strip().strip("/\\")
        above = os.path.expanduser(self.folder.filePath().strip())
        return os.path.join(above, name) if name and above else ""

    def options(self):
        """The options of a set."""
        return {
            "label": " ; ".join(self.labels()),
            "prefix": self.prompt.text().strip() or None,
            "target": self.target.currentData(),
            "split": [box.value() for box in self.shares],
            "negatives": self.negatives.value(),
        }

    def suggest_name(self, layer):
        """Name the set after the image, as long as nobody typed another name."""
        if not self.name.isModified() and layer is not None:
            clean = "".join(sign if sign.isalnum() else "_" for sign in layer.name()).strip("_")
            self.name.setText(f"{clean or 'image'}_set")

    def show_ready(self, ready, text):
        """Whether a set can be written, and what is missing."""
        self.write_button.setEnabled(ready)
        # What it would be stands at the bottom of the panel.
        self._missing = "" if ready else text
        self.estimate.setText(self._missing)
        self.estimate.setVisible(bool(self._missing))

    def show_running(self, running, resumable=False, said=""):
        """Whether a set is being written."""
        self.progress.setVisible(running)
        self.progress.setRange(0, 0)
        # The focus goes from button to button, and not into a field above.
        shown, hidden = self.write_button, self.cancel_button
        if running:
            shown, hidden = hidden, shown
        shown.setVisible(True)
        if hidden.hasFocus() or self.resume_button.hasFocus():
            shown.setFocus()
        hidden.setVisible(False)
        self.cancel_button.setEnabled(True)
        self.resume_button.setVisible(resumable and not running)
        self.write_button.setText(tr("Write anew") if resumable else tr("Write"))
        self.estimate.setVisible(bool(self._missing) and not running)
        self.tell(said)
        if running:
            self.result.hide()

    def show_progress(self, done, total):
        """`done` of `total` chips."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.tell(tr("{done} of {total} chips").format(done=done, total=total))

    def tell(self, text):
        """The line above the progress bar."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
