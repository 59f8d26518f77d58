# SPDX-License-Identifier: GPL-3.0-or-later
"""Options for an engine on this computer: which Python, made or chosen, and on which device."""

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..engine.pythons import PythonsTask
from ..words import tr
from .background import start
from .qt import form_layout, hint_label, theme_icon


class LocalOptions(QWidget):
    """Shows and gathers the settings of the engine on this computer."""

    create = pyqtSignal()
    repair = pyqtSignal()
    remove = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._search = None
        self._make_widgets()
        self._make_choices()
        form = form_layout()
        form.addRow(tr("Engine"), self._engine_rows())
        form.addRow(tr("Python"), self._python_rows())
        form.addRow(tr("Device"), self.device)
        form.addRow(tr("More models"), self.models)
        form.addRow(tr("Wheel folder"), self.wheels)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _make_widgets(self):
        self.status = QLabel(self)
        self.status.setObjectName("waterseg_local_status")
        self.status.setWordWrap(True)
        self.python = QComboBox(self)
        self.python.setObjectName("waterseg_python")
        self.python.setEditable(True)
        self.python.lineEdit().setPlaceholderText(tr("The environment that waterseg made"))
        self.python.setToolTip(
            tr(
                "The Python that runs the engine. Left empty, it is the environment that waterseg "
                "made. Another one must have the package waterseg-core."
            )
        )

    def _make_choices(self):
        self.device = QComboBox(self)
        self.device.setObjectName("waterseg_device")
        for name, value in (
            (tr("Automatic"), "auto"),
            (tr("Processor (CPU)"), "cpu"),
            (tr("NVIDIA graphics card (CUDA)"), "cuda"),
            (tr("Apple graphics (MPS)"), "mps"),
        ):
            self.device.addItem(name, value)
        self.device.setToolTip(
            tr("Where the model computes. Automatic takes the fastest there is.")
        )
        self.models = QLineEdit(self)
        self.models.setObjectName("waterseg_models")
        self.models.setPlaceholderText(tr("None but the one that comes with waterseg"))
        self.models.setToolTip(
            tr(
                "Folders of models, or names on the Hugging Face hub, with commas between them, "
                "for example google/paligemma2-3b-mix-448. They are then on offer under Model; "
                "large ones need a graphics card."
            )
        )
        self.wheels = QgsFileWidget(self)
        self.wheels.setObjectName("waterseg_wheels")
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.lineEdit().setPlaceholderText(tr("Not needed with a network"))
        self.wheels.setToolTip(
            tr(
                "A folder of Python wheels, for a computer without a network: set up and repair "
                "take every package from there."
            )
        )

    def _engine_rows(self):
        rows = QWidget(self)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 3, 0, 0)
        buttons = QHBoxLayout()
        self.create_button = self._button(tr("Set up…"), "waterseg_create", self.create)
        self.repair_button = self._button(tr("Repair…"), "waterseg_repair", self.repair)
        self.remove_button = self._button(tr("Remove…"), "waterseg_remove", self.remove)
        self.create_button.setToolTip(
            tr("Shows what is downloaded, how much and where to, before anything happens.")
        )
        self.repair_button.setToolTip(tr("Installs the engine anew in its own environment."))
        self.remove_button.setToolTip(tr("Removes the environment that waterseg made."))
        for button in (self.create_button, self.repair_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addWidget(self.status)
        column.addLayout(buttons)
        return rows

    def _python_rows(self):
        rows = QWidget(self)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        line = QHBoxLayout()
        self.search_button = self._button(tr("Search"), "waterseg_search")
        self.search_button.setToolTip(tr("Looks for Pythons that have the engine."))
        self.search_button.clicked.connect(self._on_search)
        self.browse = QgsFileWidget(self)
        self.browse.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.browse.lineEdit().hide()
        self.browse.fileChanged.connect(self.python.setEditText)
        line.addWidget(self.python, 1)
        line.addWidget(self.browse)
        line.addWidget(self.search_button)
        self.python_hint = hint_label(parent=self)
        self.python_hint.hide()
        column.addLayout(line)
        column.addWidget(self.python_hint)
        return rows

    def _button(self, text, name, signal=None):
        button = QPushButton(text, self)
        button.setObjectName(name)
        if signal is not None:
            button.clicked.connect(lambda: signal.emit())
        return button

    def show_settings(self, settings):
        """Fill the fields."""
        self.python.setEditText(settings.python)
        self.device.setCurrentIndex(max(self.device.findData(settings.device), 0))
        self.models.setText(settings.models)
        self.wheels.setFilePath(settings.wheel_folder)

    def values(self):
        """The fields of `Settings` that are set here."""
        return {
            "python": self.python.currentText().strip(),
            "device": self.device.currentData(),
            "models": self.models.text().strip(),
            "wheel_folder": self.wheels.filePath().strip(),
        }

    def show_status(self, text, made):
        """What there is; `made` says that there is an environment of our own."""
        self.status.setText(text)
        self.create_button.setVisible(not made)
        self.repair_button.setVisible(made)
        self.remove_button.setVisible(made)

    def _on_search(self):
        self.search_button.setEnabled(False)
        self.python_hint.setText(tr("Looking…"))
        self.python_hint.show()
        self._search = PythonsTask()
        self._search.found.connect(self._on_found)
        start(self._search)

    def _on_found(self, pythons):
        self.search_button.setEnabled(True)
        ready = [one for one in pythons if one.has_engine]
        before = self.python.currentText()
        self.python.clear()
        for one in ready:
            self.python.addItem(theme_icon("mIconSuccess.svg"), one.path)
        self.python.setEditText(before)
        if ready:
            self.python_hint.setText(tr("Found: choose one from the list."))
        else:
            self.python_hint.setText(tr("No Python here has the engine. Set it up, above."))
