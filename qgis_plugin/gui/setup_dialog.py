# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting up the engine on this computer: first what would happen, then its progress."""

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from ..engine.install import InstallTask, PlanTask
from ..words import tr
from .background import start
from .plan_text import plan_html


class SetupDialog(QDialog):
    """Not modal: QGIS goes on meanwhile. `ready` says that there is an engine now."""

    ready = pyqtSignal()

    def __init__(self, settings, parent=None):
        super().__init__(parent)
        self.setObjectName("waterseg_setup")
        self.setWindowTitle(tr("Set up waterseg on this computer"))
        self._plan = None
        self._task = None
        self._make_widgets()
        self.resize(580, 340)
        self._task = PlanTask(settings)
        self._task.planned.connect(self._on_plan)
        self._task.failedWith.connect(self._on_failure)
        start(self._task)

    def _make_widgets(self):
        self.text = QLabel(tr("Looking at what this computer has…"), self)
        self.text.setObjectName("waterseg_plan")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("waterseg_setup_progress")
        self.progress.setRange(0, 0)
        self.step = QLabel(self)
        self.step.setWordWrap(True)
        self.step.hide()
        self.details = QgsCollapsibleGroupBox(tr("Commands"), self)
        self.details.setSaveCollapsedState(False)
        self.details.setCollapsed(True)
        self.lines = QPlainTextEdit(self)
        self.lines.setReadOnly(True)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setMaximumBlockCount(5000)
        QVBoxLayout(self.details).addWidget(self.lines)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        self.start_button = QPushButton(tr("Download and install"), self)
        self.start_button.setObjectName("waterseg_install")
        self.start_button.setEnabled(False)
        self.stop_button = QPushButton(tr("Cancel"), self)
        self.stop_button.setObjectName("waterseg_install_cancel")
        for button in (self.start_button, self.stop_button):
            self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self.stop_button.hide()
        self.start_button.clicked.connect(lambda: self._install())
        self.stop_button.clicked.connect(lambda: self._task.cancel() if self._task else None)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self.text)
        column.addWidget(self.progress)
        column.addWidget(self.step)
        column.addWidget(self.details, 1)
        column.addStretch()
        column.addWidget(self.buttons)

    def _on_plan(self, plan):
        self._task = None
        self._plan = plan
        self.progress.hide()
        self.text.setText(plan_html(plan))
        self.lines.setPlainText("\n".join(plan.commands))
        self.start_button.setEnabled(not plan.problem)
        if plan.offline:
            self.start_button.setText(tr("Install"))
        self.start_button.setDefault(True)

    def _install(self):
        self.start_button.hide()
        self.stop_button.show()
        self.progress.setRange(0, 100)
        self.progress.show()
        self.step.show()
        self.details.setTitle(tr("Log"))
        self.lines.clear()
        self._task = InstallTask(self._plan)
        self._task.progressChanged.connect(self._on_progress)
        self._task.step.connect(self.step.setText)
        self._task.logged.connect(self.lines.appendPlainText)
        self._task.finishedWith.connect(self._on_installed)
        self._task.failedWith.connect(self._on_failure)
        start(self._task)

    def _on_progress(self, share):
        self.progress.setValue(int(share))

    def _on_installed(self, _python):
        self._end()
        self.progress.setValue(100)
        self.stop_button.hide()
        self.step.setText(tr("The engine is set up. You can close this window and press Run."))
        self.ready.emit()

    def _on_failure(self, sentence):
        self._end()
        self.progress.hide()
        self.stop_button.hide()
        self.step.show()
        self.step.setText(sentence)
        if self._plan is not None:
            self.start_button.setText(tr("Try again"))
            self.start_button.show()
            self.details.setCollapsed(False)
            self.resize(max(self.width(), 640), max(self.height(), 560))

    def reject(self):
        """Closing the window before the start drops the plan; an installation goes on."""
        if self._plan is None and self._task is not None:
            self._task.failedWith.disconnect(self._on_failure)
            self._task.cancel()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, self._plan is None or not self._task)
        super().reject()

    def _end(self):
        """Nothing is under way any more; whoever closed the window meanwhile sees how it ended."""
        self._task = None
        self.show()
