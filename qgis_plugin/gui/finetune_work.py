# SPDX-License-Identifier: GPL-3.0-or-later
"""A training as it goes: what it will take, the chart, the samples, and how it ended."""

from qgis.PyQt.QtCore import QLocale
from qgis.PyQt.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from ..training_wire import plain
from ..wire_studies import EPOCH, FINISHING, NOW, PREPARING, READY, RUNNING, WAITING
from ..words import tr
from .durations import in_words
from .finetune_chart import TrainingChart
from .finetune_picture import PictureBox
from .finetune_verdict import VerdictBox
from .qt import hint_label


class FinetuneWork(QWidget):
    """Shows what it is told about one training; knows nothing about engines."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setObjectName("waterseg_finetune_name_of_run")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.about = hint_label(parent=self)
        self.said = QLabel(self)
        self.said.setObjectName("waterseg_finetune_said")
        self.said.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("waterseg_finetune_progress")
        self.estimate = QLabel(self)
        self.estimate.setObjectName("waterseg_finetune_estimate")
        self.estimate.setWordWrap(True)
        self.chart = TrainingChart(self)
        self.best = QLabel(self)
        self.best.setObjectName("waterseg_finetune_best")
        self.best.setWordWrap(True)
        self.samples_hint = hint_label(
            tr("Validation chips: the image, what is drawn, what the model says"), self
        )
        self.samples = PictureBox(self)
        self.samples.setObjectName("waterseg_finetune_samples")
        self.verdict = VerdictBox(self)
        self._lay_out()
        self._points, self._looks, self._training = [], [], None
        self.clear("", "")

    def _lay_out(self):
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for part in (
            self.title,
            self.about,
            self.said,
            self.progress,
            self.estimate,
            self.verdict,
            self.chart,
            self.best,
            self.samples_hint,
            self.samples,
        ):
            column.addWidget(part)
        column.addStretch(1)

    def clear(self, name, about):
        """Begin with another training."""
        self._points, self._looks, self._training = [], [], None
        self.title.setText(name)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.chart.show_curve([], [], 0)
        for part in (self.estimate, self.chart, self.best, self.verdict, self.samples_hint):
            part.hide()
        self.samples.set_image(None)
        self.tell("")
        self.progress.setRange(0, 0)
        self.progress.show()

    def tell(self, text):
        """What goes on, in a sentence."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def show_sent(self, done, total):
        """So many bytes of the set are there."""
        self.progress.setRange(0, 1000)
        self.progress.setValue(int(1000 * done / total) if total else 0)

    def add_curve(self, curve):
        """Points that are new, and all looks."""
        self._points.extend(curve.points)
        self._looks = list(curve.looks)

    def curve(self):
        """Every point so far, as a tuple."""
        return tuple(self._points)

    def show_samples(self, image):
        """The validation chips after the last look."""
        self.samples.set_image(image)
        self.samples_hint.setVisible(image is not None)

    def show_training(self, training):
        """How far it is."""
        self._training = training
        early = training.state in (WAITING, PREPARING)
        self.estimate.setText("\n".join(plain(one) for one in training.estimate))
        self.estimate.setVisible(training.state == READY)
        self.chart.setVisible(not early and (training.state != READY))
        self._show_chart(training)
        self.tell(_said(training))
        self._show_progress(training)
        text = _best(training)
        self.best.setText(text)
        self.best.setVisible(bool(text) and not training.is_over)

    def show_stopping(self, when):
        """It was asked to stop, NOW or after this EPOCH; nothing if it was not."""
        if when == NOW:
            self.tell(tr("Stopping…"))
        elif when == EPOCH:
            stops = tr("stops after this epoch")
            self.tell(f"{_said(self._training)} · {stops}")

    def show_end(self, training, can_compare):
        """How it ended."""
        self.show_training(training)
        self.tell("")
        self.progress.hide()
        self.chart.setVisible(bool(self._points or self._looks))
        self.verdict.show_training(training, can_compare)

    def show_problem(self, sentence):
        """Why nothing goes on."""
        self.progress.hide()
        self.tell(sentence)

    def _show_chart(self, training):
        seed = training.best.seed if training.is_over and training.best else training.seed
        points = [one for one in self._points if one.seed == seed]
        looks = [one for one in self._looks if one.seed == seed and one.step]
        looks = [training.before, *looks] if training.before else looks
        best = training.best if training.best and training.best.seed == seed else None
        self.chart.show_curve(points, looks, training.steps, best)

    def _show_progress(self, training):
        self.progress.setVisible(training.state != READY)
        known = training.state == RUNNING and training.steps and training.step
        if not known:
            self.progress.setRange(0, 0)
            return
        every = training.steps * max(training.seeds, 1)
        nth = max(training.seed - training.options.get("seed", 0), 0)
        self.progress.setRange(0, every)
        self.progress.setValue(min(nth * training.steps + training.step, every))


def _said(training):
    """The line above the progress bar."""
    if training.state == RUNNING:
        return training.message if not training.step else _step(training)
    return {
        WAITING: tr("The engine waits for the training set…"),
        PREPARING: tr("Looking at the set, and trying what a step takes…"),
        READY: tr("This is what it will take:"),
        FINISHING: tr("Writing the new model…"),
    }.get(training.state, training.message)


def _step(training):
    parts = [tr("Step {step} of {steps}").format(step=training.step, steps=training.steps)]
    if training.seeds > 1:
        parts.append(tr("seed {seed}").format(seed=training.seed))
    if training.epoch is not None:
        parts.append(tr("epoch {epoch}").format(epoch=_number(training.epoch, 1)))
    if training.seconds_left is not None:
        parts.append(tr("{time} left").format(time=in_words(training.seconds_left)))
    return " · ".join(parts)


def _best(training):
    """Where the IoU stands, before and best."""
    if training.best is None or not training.best.step:
        if training.before is None:
            return ""
        return tr("Before: IoU {iou}").format(iou=_number(training.before.iou, 3))
    said = tr("Best so far: IoU {iou}, after step {step}").format(
        iou=_number(training.best.iou, 3), step=training.best.step
    )
    if training.before is None:
        return said
    return tr("{best}; before {iou}").format(best=said, iou=_number(training.before.iou, 3))


def _number(value, digits):
    return QLocale().toString(float(value), "f", digits)
