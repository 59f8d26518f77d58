# SPDX-License-Identifier: GPL-3.0-or-later
"""The set that was written: counts, the map of its chips, and ways to look at it."""

import os

from qgis.PyQt.QtCore import QLocale, QSize, Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QPixmap
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ..training_folder import PREVIEW
from ..training_wire import SPLITS, plain
from ..words import tr
from .qt import finetune_icon, hint_label, short_path, theme_icon
from .training_chips import split_name

MAP = QSize(340, 190)
#: What was left out and why, in so many sentences at most; the log has all.
NOTES = 4


class WrittenBox(QFrame):
    """Hidden until there is a set. fineTune(folder): a model shall be trained with it.

    problem(sentence): something of the set could not be opened.
    """

    fineTune = pyqtSignal(str)
    problem = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("waterseg_training_result")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._written = None
        self.title = QLabel(self)
        self.title.setObjectName("waterseg_training_summary")
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.text = hint_label(parent=self)
        self.map = QLabel(self)
        self.map.setObjectName("waterseg_training_map")
        self.map.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.folder_button = self._button(
            "open_folder", "mActionFileOpen.svg", tr("Open folder"), lambda: self._written.folder
        )
        self.preview_button = self._button(
            "open_preview",
            "mActionShowAllLayers.svg",
            tr("Open preview"),
            lambda: os.path.join(self._written.folder, PREVIEW),
        )
        self.finetune_button = QPushButton(finetune_icon(), tr("Fine-tune on it"), self)
        self.finetune_button.setObjectName("waterseg_training_finetune")
        self.finetune_button.setToolTip(tr("Opens the panel Fine-tune with this set."))
        self.finetune_button.clicked.connect(lambda: self.fineTune.emit(self._written.folder))
        buttons = QHBoxLayout()
        buttons.addWidget(self.folder_button, 1)
        buttons.addWidget(self.preview_button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(buttons)
        column.addWidget(self.finetune_button)
        column.addWidget(self.map)
        self.hide()

    def _button(self, name, icon, text, path):
        button = QPushButton(theme_icon(icon), text, self)
        button.setObjectName("waterseg_training_" + name)
        button.clicked.connect(lambda: self._open(path()))
        return button

    def _open(self, path):
        """Show a file or a folder with what this computer shows such with."""
        if not os.path.exists(path):  # sets are moved and deleted while the panel is open
            said = tr("{path} is not there any more. Was the training set moved or deleted?")
            self.problem.emit(said.format(path=short_path(path)))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            said = tr("No program on this computer opens {path}.")
            self.problem.emit(said.format(path=short_path(path)))

    def show_written(self, written):
        """What stands in the folder: a `training_folder.Written`."""
        self._written = written
        self.title.setText(written.summary)
        parts = [f"{split_name(one)} {written.splits.get(one, 0)}" for one in SPLITS]
        if written.iou is not None:
            iou = QLocale().toString(written.iou, "f", 3)
            parts.append(tr("the tokens carry IoU {iou}").format(iou=iou))
        lines = [" · ".join(parts), short_path(written.folder)]
        lines += [plain(note) for note in written.notes[-NOTES:]]
        self.text.setText("\n".join(lines))
        picture = QPixmap(written.map) if written.map else QPixmap()
        if not picture.isNull():
            self.map.setPixmap(
                picture.scaled(
                    MAP,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
        self.map.setVisible(not picture.isNull())
        self.preview_button.setVisible(bool(written.preview))
        self.show()
