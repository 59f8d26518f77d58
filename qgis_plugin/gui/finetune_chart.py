# SPDX-License-Identifier: GPL-3.0-or-later
"""The chart of a training: loss on the left axis, validation IoU on the right one, over steps."""

from qgis.PyQt.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..words import tr
from .finetune_scale import ROWS, axis, thinned, ticks

#: Colours that differ for everybody, on light and on dark.
LIGHT = {"loss": QColor("#c2571a"), "iou": QColor("#1469b4")}
DARK = {"loss": QColor("#f0a35e"), "iou": QColor("#6fc3f7")}
#: More points than this are not told apart.
MOST = 600


class TrainingChart(QWidget):
    """Shows what `show_curve` was told last; drawn by hand, so it needs nothing beside Qt."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("waterseg_finetune_chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        self.setFont(font)
        self._points, self._looks, self._best = [], [], None
        self._steps = 0
        self._left = self._right = (0.0, 1.0)

    def sizeHint(self):
        """Wide enough for the legend."""
        return QSize(320, 16 * self.fontMetrics().height())

    def show_curve(self, points, looks, steps, best=None):
        """points: `Point`s, looks: `Look`s, both of one seed. steps: where the axis ends."""
        known = [(one.step, one.loss) for one in points if one.loss is not None]
        self._points = thinned(known, MOST)
        self._looks, self._best = list(looks), best
        last = max([steps, *(p[0] for p in self._points[-1:]), *(one.step for one in looks)])
        self._steps = max(last, 1)
        self._scale()
        self.setAccessibleDescription(self._in_words())
        self.update()

    def _scale(self):
        losses = [loss for _, loss in self._points] or [1.0]
        self._left = axis(0.0, max(losses) * 1.04, 1e-4)
        known = [one.iou for one in self._looks] or [0.0, 1.0]
        self._right = axis(min(known), max(known), 0.01, ceiling=1.0)

    def _in_words(self):
        if not self._looks:
            return tr("Nothing is measured yet.")
        return tr("Validation IoU {iou} after step {step}.").format(
            iou=_number(self._looks[-1].iou, 3), step=self._looks[-1].step
        )

    # Drawing -------------------------------------------------------------------------------

    def paintEvent(self, _event):
        """Frame, axes, curves, legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self.palette().color(QPalette.ColorRole.Base)
        colours = DARK if base.lightness() < 128 else LIGHT
        painter.setPen(QPen(self._faint(0.25), 1))
        painter.setBrush(base)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        plot = self._plot()
        self._draw_axes(painter, plot, colours)
        if self._points or self._looks:
            self._draw_loss(painter, plot, colours["loss"])
            self._draw_looks(painter, plot, colours["iou"], base)
        else:
            painter.setPen(self._faint(0.6))
            painter.drawText(
                plot, Qt.AlignmentFlag.AlignCenter, tr("The curves come with the first steps.")
            )
        self._draw_legend(painter, plot, colours)
        painter.end()

    def _plot(self):
        """Where the curves are."""
        high = self.fontMetrics().height()
        wide = self.fontMetrics().horizontalAdvance("0.000") + 14
        left = max(wide, self.fontMetrics().horizontalAdvance(tr("Step")) + 20)
        return QRectF(self.rect()).adjusted(left, 2 * high + 4, -wide, -2 * high)

    def _faint(self, share):
        colour = QColor(self.palette().color(QPalette.ColorRole.Text))
        colour.setAlphaF(share)
        return colour

    def _draw_axes(self, painter, plot, colours):
        high = self.fontMetrics().height()
        for row in range(ROWS + 1):
            y = round(plot.bottom() - plot.height() * row / ROWS) + 0.5
            painter.setPen(QPen(self._faint(0.35 if not row else 0.12), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            for (first, step), name, x, side in (
                (self._left, "loss", 4, Qt.AlignmentFlag.AlignRight),
                (self._right, "iou", plot.right() + 6, Qt.AlignmentFlag.AlignLeft),
            ):
                painter.setPen(colours[name])
                box = QRectF(x, y - high / 2, plot.left() - 10, high)
                text = _tick(first + row * step, step)
                painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        marks = ticks(self._steps, 5) if self._points or self._looks else []
        for mark in marks:
            x = self._x(plot, mark)
            painter.setPen(QPen(self._faint(0.35), 1))
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 3))
            painter.setPen(self._faint(0.75))
            box = QRectF(x - 40, plot.bottom() + 4, 80, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, QLocale().toString(mark))
        if marks:
            painter.setPen(self._faint(0.75))
            box = QRectF(0, plot.bottom() + 4, plot.left() - 10, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, tr("Step"))

    def _draw_loss(self, painter, plot, colour):
        painter.setPen(QPen(colour, 1.8))
        line = [
            QPointF(self._x(plot, step), self._y(plot, loss, self._left))
            for step, loss in self._points
        ]
        painter.drawPolyline(QPolygonF(line))

    def _draw_looks(self, painter, plot, colour, base):
        places = [
            QPointF(self._x(plot, one.step), self._y(plot, one.iou, self._right))
            for one in self._looks
        ]
        if self._looks and self._looks[0].step == 0:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
            painter.drawLine(places[0], QPointF(plot.right(), places[0].y()))
            above = QRectF(plot.left(), places[0].y() - 40, plot.width() - 3, 38)
            right_low = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(above, right_low, tr("before"))
        painter.setPen(QPen(colour, 1.8))
        painter.drawPolyline(QPolygonF(places))
        for look, place in zip(self._looks, places):
            is_best = self._best is not None and look.step == self._best.step > 0
            painter.setPen(QPen(colour, 1.8))
            painter.setBrush(base if is_best else colour)
            painter.drawEllipse(place, *((4.5, 4.5) if is_best else (2.6, 2.6)))

    def _draw_legend(self, painter, plot, colours):
        metrics = self.fontMetrics()
        y = metrics.height() * 0.5 + metrics.height() * 0.5 + 1
        loss, iou = tr("Loss"), tr("IoU on validation chips")
        painter.setPen(QPen(colours["loss"], 1.8))
        painter.drawLine(QPointF(10, y), QPointF(26, y))
        right = self.width() - 10 - metrics.horizontalAdvance(iou)
        painter.setPen(QPen(colours["iou"], 1.8))
        painter.setBrush(colours["iou"])
        painter.drawLine(QPointF(right - 22, y), QPointF(right - 6, y))
        painter.drawEllipse(QPointF(right - 14, y), 2.6, 2.6)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        base = y + metrics.ascent() / 2 - 1
        painter.drawText(QPointF(31, base), loss)
        painter.drawText(QPointF(right, base), iou)

    def _x(self, plot, step):
        return plot.left() + plot.width() * step / max(self._steps, 1)

    @staticmethod
    def _y(plot, value, scale):
        first, step = scale
        return plot.bottom() - plot.height() * (value - first) / (ROWS * step)

    # Pointing ------------------------------------------------------------------------------

    def mouseMoveEvent(self, event):
        """What is known at the step under the mouse."""
        plot, place = self._plot(), event.pos()
        text = ""
        if plot.contains(QPointF(place)):
            text = self.words_at((place.x() - plot.left()) / plot.width() * self._steps)
        QToolTip.showText(self.mapToGlobal(place), text, self)
        super().mouseMoveEvent(event)

    def words_at(self, step):
        """Loss and IoU at the measurements nearest to a step; empty where there are none."""
        lines = []
        if self._points:
            near, loss = min(self._points, key=lambda one: abs(one[0] - step))
            said = tr("Step {step}: loss {loss}")
            lines.append(said.format(step=near, loss=_number(loss, 3)))
        if self._looks:
            look = min(self._looks, key=lambda one: abs(one.step - step))
            if look.step:
                said = tr("After step {step}: IoU {iou}, pooled {pooled}")
            else:
                said = tr("Before: IoU {iou}, pooled {pooled}")
            lines.append(
                said.format(
                    step=look.step, iou=_number(look.iou, 3), pooled=_number(look.pooled, 3)
                )
            )
        return "\n".join(lines)


def _number(value, digits):
    return QLocale().toString(float(value), "f", digits)


def _tick(value, step):
    """A number with as many digits as its neighbours need."""
    digits = 0
    while digits < 4 and abs(step * 10**digits - round(step * 10**digits)) > 1e-6:
        digits += 1
    return _number(value, digits)
