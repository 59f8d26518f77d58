# SPDX-License-Identifier: GPL-3.0-or-later
"""What is trained: the set, the model to start from, the new one's name, and for how long."""

import os

from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from .. import training_folder
from ..errors import LayerError, PluginError
from ..finetune_request import LONGEST, MINUTES, FinetuneRequest, check_name, suggested_name
from ..training_request import ABOUT
from ..training_wire import SPLITS
from ..words import tr
from .finetune_more import FinetuneMore
from .model_field import ModelField
from .qt import form_layout, hint_label, short_path
from .training_chips import split_name


class FinetuneForm(QWidget):
    """changed(): another training. Reads the tables of a set, no picture of it."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.folder = QgsFileWidget(self)
        self.set_hint = hint_label(parent=self)
        self.set_hint.setObjectName("waterseg_finetune_set_hint")
        self.model = ModelField(self)
        self.name = QLineEdit(self)
        self.minutes = QSpinBox(self)
        self.more = FinetuneMore(self)
        self._trouble = ""  # with the set; looked at once for each folder, it may be long
        self._set_up_fields()
        self._lay_out()
        self.folder.fileChanged.connect(self._on_folder)
        self.model.changed.connect(self.changed)
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.minutes.valueChanged.connect(lambda _value: self.changed.emit())
        self._on_folder(self.folder.filePath())

    def _set_up_fields(self):
        self.folder.setObjectName("waterseg_finetune_set")
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(tr("The folder of a training set"))
        self.folder.setDefaultRoot(QgsProject.instance().absolutePath() or os.path.expanduser("~"))
        self.folder.setToolTip(tr("A folder that Build training set wrote, or waterseg dataset."))
        self.model.box.setObjectName("waterseg_finetune_model")
        self.name.setObjectName("waterseg_finetune_name")
        self.name.setMaxLength(LONGEST)
        self.name.setToolTip(tr("What the new model is called in lists: letters, digits, - _ ."))
        self.minutes.setObjectName("waterseg_finetune_minutes")
        self.minutes.setRange(0, 100_000)
        self.minutes.setSpecialValueText(tr("No limit"))
        self.minutes.setSuffix(" " + tr("min"))
        self.minutes.setValue(MINUTES)
        self.minutes.setToolTip(
            tr("The training is planned for so many minutes at most, and stops early by itself.")
        )

    def _lay_out(self):
        chosen = QWidget(self)
        column = QVBoxLayout(chosen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.folder)
        column.addWidget(self.set_hint)
        form = form_layout()
        for label, field in (
            (tr("Training set"), chosen),
            (tr("Start from"), self.model),
            (tr("New name"), self.name),
            (tr("Time limit"), self.minutes),
        ):
            form.addRow(label, field)
        form.labelForField(self.model).setToolTip(tr("The model to start from. It stays as it is."))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(10)
        whole.addLayout(form)
        whole.addWidget(self.more)
        whole.addStretch(1)

    def set_folder(self, folder):
        """Choose this set."""
        self.folder.setFilePath(folder)

    def set_folder_path(self):
        """The chosen folder, whole; empty while there is none."""
        return os.path.expanduser(self.folder.filePath().strip())

    def _on_folder(self, _path):
        folder = self.set_folder_path()
        about, self._trouble = _about(folder)
        self.set_hint.setText(about)
        if not self.name.isModified():
            self.name.setText(suggested_name(folder) if folder else "")
        self.changed.emit()

    def set_info(self, info, _model=""):
        """What the engine offers; at first its own choice, not the model that is used now."""
        self.model.set_info(info)
        self.more.set_info(info)

    def problem(self):
        """What is missing for a training, in a sentence; empty if nothing is."""
        if self._trouble:
            return self._trouble
        try:
            check_name(self.name.text().strip())
        except LayerError as why:
            return str(why)
        return ""

    def request(self):
        """The `FinetuneRequest` that the form describes."""
        options = {
            "model": self.model.name(),
            "minutes": float(self.minutes.value()) or None,
            **self.more.values(),
        }
        return FinetuneRequest(self.set_folder_path(), self.name.text().strip(), options)


def _about(folder):
    """(what is in a set, why it is none or empty)."""
    if not folder:
        return tr("Write one with Build training set."), tr("Choose a training set.")
    if not os.path.isfile(os.path.join(folder, ABOUT)):
        nothing = tr("There is no training set in {folder}.").format(folder=short_path(folder))
        return nothing, nothing
    try:
        written = training_folder.read(folder)
    except PluginError as why:
        return str(why), str(why)
    if not written.chips:
        return written.summary, tr("The training set has no chips yet.")
    parts = [f"{split_name(one)} {written.splits[one]}" for one in SPLITS if one in written.splits]
    lines = [written.summary, " · ".join(parts)]
    if written.prompt:
        lines.append(tr("Prompt: {prompt}").format(prompt=written.prompt))
    return "\n".join(lines), ""
