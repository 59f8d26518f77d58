# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a training that are right as they are for nearly everybody, folded away."""

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QComboBox, QVBoxLayout

from ..words import tr
from .more_options import NumberField
from .qt import form_layout

ANSWERS = ("auto", "dense", "grid", "objects")


class FinetuneMore(QgsCollapsibleGroupBox):
    """Epochs, answer, seeds, learning rate; limits and defaults are what the engine declares."""

    def __init__(self, parent=None):
        super().__init__(tr("More options"), parent)
        self.setObjectName("waterseg_finetune_more")
        self.setSaveCollapsedState(False)
        self.setCollapsed(True)
        automatic = tr("By the recipe")
        self.epochs = NumberField("finetune_epochs", 0, 100_000, 1, 1, automatic)
        self.answer = QComboBox(self)
        self.answer.setObjectName("waterseg_finetune_answer")
        self.answer.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.answer.setMinimumContentsLength(10)
        self._offer(ANSWERS)
        self.seeds = NumberField("finetune_seeds", 1, 100, 1, 0)
        self.seeds.set_default(1)
        self.rate = NumberField("finetune_rate", 0, 1, 0.0001, 6, automatic)
        for field in (self.epochs, self.rate):
            field.set_default(None)
        self._lay_out()

    def _lay_out(self):
        form = form_layout()
        for label, field, tip in self._rows():
            field.setToolTip(tip)
            form.addRow(label, field)
            form.labelForField(field).setToolTip(tip)
        column = QVBoxLayout(self)
        column.addLayout(form)

    def _rows(self):
        return (
            (tr("Epochs"), self.epochs, tr("How often every chip is seen, if the time allows.")),
            (
                tr("Answer"),
                self.answer,
                tr(
                    "How the new model answers: with a mask head, which draws the best masks, or "
                    "in tokens, as PaliGemma's own tools do."
                ),
            ),
            (
                tr("Seeds"),
                self.seeds,
                tr(
                    "Train so many times from different seeds, within the same time, and keep the "
                    "best on the validation chips."
                ),
            ),
            (
                tr("Learning rate"),
                self.rate,
                tr("The highest rate. Too high a one forgets, too low a one learns nothing."),
            ),
        )

    def _offer(self, answers):
        titles = {
            "auto": tr("Same as the model"),
            "dense": tr("Mask head"),
            "grid": tr("Tokens in a grid"),
            "objects": tr("Boxes and tokens"),
        }
        chosen = self.answer.currentData()
        self.answer.clear()
        for answer in answers:
            self.answer.addItem(titles.get(answer, answer), answer)
        self.answer.setCurrentIndex(max(self.answer.findData(chosen), 0))

    def set_info(self, info):
        """Take over what the engine declares: choices and limits."""
        declared = {one.name: one for one in info.finetune_options}
        if "answer" in declared and declared["answer"].choices:
            self._offer(declared["answer"].choices)
        for name in ("epochs", "seeds", "rate"):
            about = declared.get(name)
            if about is not None and about.high is not None:
                getattr(self, name).setMaximum(about.high)

    def values(self):
        """The options by name; None where the recipe decides."""
        return {
            "epochs": self.epochs.number(),
            "answer": self.answer.currentData(),
            "seeds": int(self.seeds.number()),
            "rate": self.rate.number(),
        }
