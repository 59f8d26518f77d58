# SPDX-License-Identifier: GPL-3.0-or-later
"""Test and Copy diagnostics, at the foot of the options page."""

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ..engine import diagnostics
from ..tasks import InfoTask
from ..words import tr
from .background import start
from .qt import theme_icon


class TestRow(QWidget):
    """Asks who answers with the settings that the page shows, before they are kept."""

    def __init__(self, gathered, parent=None):
        super().__init__(parent)
        self._gathered = gathered
        self._task = None
        self.test_button = QPushButton(theme_icon("mActionRefresh.svg"), tr("Test"), self)
        self.test_button.setObjectName("waterseg_test")
        self.test_button.setToolTip(tr("Asks the engine for its model, device and version."))
        self.copy_button = QPushButton(
            theme_icon("mActionEditCopy.svg"), tr("Copy diagnostics"), self
        )
        self.copy_button.setObjectName("waterseg_diagnostics")
        self.copy_button.setToolTip(
            tr("Copies a report for a bug report to the clipboard. It holds no secrets.")
        )
        self.answer = QLabel(self)
        self.answer.setObjectName("waterseg_answer")
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.test_button.clicked.connect(lambda: self._ask())
        self.copy_button.clicked.connect(lambda: self._copy())
        row = QHBoxLayout()
        row.addWidget(self.test_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addLayout(row)
        column.addWidget(self.answer)

    def _ask(self):
        self.test_button.setEnabled(False)
        self.answer.setText(tr("Asking…"))
        self._task = InfoTask(self._gathered())
        self._task.answered.connect(self._on_answer)
        self._task.failedWith.connect(self._on_failure)
        start(self._task)

    def _on_answer(self, info):
        self._task = None
        self.test_button.setEnabled(True)
        models = ", ".join(model.title or model.name for model in info.models)
        self.answer.setText(
            "✔ "
            + tr("waterseg {version} answers. Device: {device}. Models: {models}.").format(
                version=info.version,
                device=device_text(info),
                models=models or tr("none"),
            )
        )

    def _on_failure(self, sentence):
        self._task = None
        self.test_button.setEnabled(True)
        self.answer.setText("✘ " + sentence)

    def _copy(self):
        QApplication.clipboard().setText(diagnostics.report())
        self.answer.setText(tr("The report is on the clipboard."))


def device_text(info):
    """What the engine computes on, for example "CPU (AMD EPYC)"."""
    name = info.device.upper()
    return f"{name} ({info.device_name})" if info.device_name else name
