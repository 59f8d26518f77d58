# SPDX-License-Identifier: GPL-3.0-or-later
"""Which model looks, with what is known about it."""

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ..tasks import InfoTask
from ..words import tr
from .background import start
from .model_delegate import HEADING, NUMBERS, ModelDelegate
from .model_words import FAMILIES, describe, family_title, short, tooltip
from .qt import hint_label

__all__ = ["ModelField", "describe"]

TIP = Qt.ItemDataRole.ToolTipRole
#: Room beside the longest line of the list, for its frame and a bar to scroll.
FRAME = 28


class ModelField(QWidget):
    """The models that the engine offers; before it was asked, only the one that comes along.

    `refreshed(Info)`: the engine was asked anew because of `choose`.
    """

    changed = pyqtSignal()
    refreshed = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.box = QComboBox(self)
        self.box.setObjectName("waterseg_model")
        self.box.setItemDelegate(ModelDelegate(self.box))
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(12)
        self.hint = hint_label(parent=self)
        self.hint.setObjectName("waterseg_model_hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.box)
        column.addWidget(self.hint)
        self.box.currentIndexChanged.connect(self._on_choice)
        self.box.activated.connect(self._on_picked)
        self._models = {}
        self._wanted = ""  # asked for by `choose`; perhaps the engine was not asked since
        self._task = None
        self.set_info(None)

    def set_info(self, info, chosen=""):
        """Offer the models of the engine's `Info`, or nothing but the default one."""
        wanted = self.name() or chosen
        self._models = {model.name: model for model in (info.models if info else ())}
        self.box.blockSignals(True)
        self.box.clear()
        self._fill()
        default = info.default_model if info else None
        for name in (self._wanted, wanted, default.name if default else ""):
            if name in self._models:
                self.box.setCurrentIndex(self.box.findData(name))
                break
        self.box.blockSignals(False)
        self._on_choice()

    def name(self):
        """The name of the model for a job; empty for the engine's own choice."""
        return self.box.currentData() or ""

    def choose(self, name):
        """Choose this model, which the engine may have had for a moment only: it is asked anew.

        In the background. The model is also chosen if it appears later, unless somebody picks
        another one meanwhile.
        """
        self._wanted = name
        if name in self._models:
            self.box.setCurrentIndex(self.box.findData(name))
        if self._task is None:
            self._task = InfoTask()
            self._task.answered.connect(self._on_info)
            self._task.failedWith.connect(self._on_failure)
            start(self._task)

    def _on_info(self, info):
        self._task = None
        try:
            self.set_info(info)
        except RuntimeError:  # the panel was closed for good meanwhile
            return
        self.refreshed.emit(info)

    def _on_failure(self, _sentence):
        self._task = None  # whoever asks next is told why

    def _fill(self):
        if not self._models:
            self.box.addItem(tr("The model that comes with waterseg"), "")
            return
        families = {}
        for model in self._models.values():
            families.setdefault(model.family, []).append(model)
        known = [family for family in FAMILIES if family in families]
        for family in known + [family for family in families if family not in FAMILIES]:
            if len(families) > 1:
                self._add_heading(family_title(family))
            for model in families[family]:
                self._add(model)
        view = self.box.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + FRAME)

    def _add_heading(self, text):
        self.box.addItem(text)
        row = self.box.count() - 1
        self.box.setItemData(row, True, HEADING)
        self.box.model().item(row).setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, model):
        self.box.addItem(model.shown, model.name)
        row = self.box.count() - 1
        self.box.setItemData(row, short(model), NUMBERS)
        self.box.setItemData(row, tooltip(model), TIP)

    def _on_picked(self, _row):
        self._wanted = ""

    def _on_choice(self):
        model = self._models.get(self.name())
        self.hint.setText(describe(model) if model else "")
        self.hint.setVisible(bool(self.hint.text()))
        about = tooltip(model) if model else ""
        self.box.setToolTip(
            about or tr("The model that looks for water. Larger ones see more and need a GPU.")
        )
        self.changed.emit()
