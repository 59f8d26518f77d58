# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 4: what sixteen tokens can say of a chip, beside what was drawn; and what is wrong."""

from qgis.PyQt.QtCore import QLocale, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFontDatabase, QPainter
from qgis.PyQt.QtWidgets import (
    QApplication,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..words import tr, tr_n
from .qt import hint_label, theme_icon
from .training_chips import split_name, state_name

KEY = Qt.ItemDataRole.UserRole


class Thumbnail(QWidget):
    """An image with something laid over it, as large as there is room, square."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._image = self._over = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self):
        """Three of them are side by side in the panel."""
        return QSize(118, 118)

    def hasHeightForWidth(self):
        """They stay square."""
        return True

    def heightForWidth(self, width):
        """They stay square."""
        return width

    def show_images(self, image, over=None):
        """QImages or None."""
        self._image, self._over = image, over
        self.update()

    def paintEvent(self, event):
        """Draw both, keeping the shape of a pixel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(128, 128, 128, 40))
        for image in (self._image, self._over):
            if image is not None and not image.isNull():
                size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
                left = (self.width() - size.width()) / 2
                painter.drawImage(QRectF(left, 0, size.width(), size.height()), image)
        painter.end()


class ShortList(QListWidget):
    """Takes what room there is, but asks for little of it."""

    def sizeHint(self):
        """Four lines."""
        return QSize(200, 100)


class CheckPage(QWidget):
    """checkAll(), cancel(); zoomTo(key of a chip)."""

    checkAll = pyqtSignal()
    cancel = pyqtSignal()
    zoomTo = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setObjectName("waterseg_training_chip")
        self.title.setWordWrap(True)
        self.pictures = [Thumbnail(self) for _ in range(3)]
        self.result = QLabel(self)
        self.result.setObjectName("waterseg_training_iou")
        self.result.setWordWrap(True)
        self.warning = hint_label(parent=self)
        self.suffix = QPlainTextEdit(self)
        self.copy = QPushButton(theme_icon("mActionEditCopy.svg"), tr("Copy"), self)
        self.list = ShortList(self)
        self.progress = QProgressBar(self)
        self.all_button = QPushButton(theme_icon("mActionStart.svg"), tr("Check all chips"), self)
        self.stop_button = QPushButton(theme_icon("mActionStop.svg"), tr("Cancel"), self)
        self._set_up()
        self._lay_out()
        self.show_chip(None)
        self.show_warnings([])
        self.show_running(None)

    def _set_up(self):
        self.suffix.setObjectName("waterseg_training_suffix")
        self.suffix.setReadOnly(True)
        self.suffix.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.suffix.setFixedHeight(74)
        self.suffix.setToolTip(tr("The text that a model learns to answer for this chip."))
        self.copy.setObjectName("waterseg_training_copy")
        self.copy.clicked.connect(
            lambda: QApplication.clipboard().setText(self.suffix.toPlainText())
        )
        self.list.setObjectName("waterseg_training_warnings")
        self.list.setWordWrap(True)
        self.list.itemClicked.connect(lambda item: self.zoomTo.emit(item.data(KEY)))
        self.progress.setObjectName("waterseg_training_check_progress")
        self.all_button.setObjectName("waterseg_training_check_all")
        self.all_button.clicked.connect(lambda: self.checkAll.emit())
        self.stop_button.setObjectName("waterseg_training_check_cancel")
        self.stop_button.clicked.connect(lambda: self.cancel.emit())

    def _lay_out(self):
        grid = QGridLayout()
        grid.setSpacing(4)
        names = (tr("Image"), tr("Drawn"), tr("What the tokens say"))
        for column, (picture, name) in enumerate(zip(self.pictures, names)):
            caption = hint_label(name, self)
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(picture, 0, column)
            grid.addWidget(caption, 1, column)
            grid.setColumnStretch(column, 1)
        line = QHBoxLayout()
        line.addWidget(self.result, 1)
        line.addWidget(self.copy)
        box = QGroupBox(tr("Warnings"), self)
        inside = QVBoxLayout(box)
        inside.addWidget(self.list)
        inside.addWidget(self.progress)
        inside.addWidget(self.all_button)
        inside.addWidget(self.stop_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(8)
        whole.addWidget(self.title)
        whole.addLayout(grid)
        whole.addLayout(line)
        whole.addWidget(self.suffix)
        whole.addWidget(self.warning)
        whole.addWidget(box, 1)

    def show_chip(self, chip):
        """The chip that is looked at; None: none yet."""
        if chip is None:
            self.title.setText(tr("Point at a chip on the map; a click holds it."))
        else:
            parts = [
                tr("Chip at row {row}, column {col}").format(row=chip.row, col=chip.col),
                state_name(chip.state),
                split_name(chip.split),
            ]
            self.title.setText(" · ".join(part for part in parts if part))
        self.show_check(None, None, None, None)

    def show_check(self, check, image, drawn, said):
        """A `Check` and its three pictures; all None while they are not there."""
        for picture, over in zip(self.pictures, (None, drawn, said)):
            picture.show_images(image, over)
        self.suffix.setPlainText(check.suffix if check else "")
        self.copy.setEnabled(bool(check and check.suffix))
        self.result.setText(_result(check) if check else "")
        self.warn(" ".join(check.warnings) if check else "")

    def warn(self, text):
        """A sentence about this chip."""
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def show_warnings(self, warnings, is_all=False):
        """(key of a chip, sentence) each; a click goes there. is_all: no chip is left to check."""
        self.list.clear()
        for key, sentence in warnings:
            item = QListWidgetItem(theme_icon("mIconWarning.svg"), sentence)
            item.setData(KEY, key)
            item.setToolTip(tr("Click to go to this chip."))
            self.list.addItem(item)
        if not warnings:
            said = tr("All chips with water were checked: nothing to warn of.")
            item = QListWidgetItem(said if is_all else tr("Nothing to warn of so far."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)

    def show_running(self, share):
        """(done, total) while all chips are checked; None else."""
        self.progress.setVisible(share is not None)
        self.stop_button.setVisible(share is not None)
        self.all_button.setVisible(share is None)
        if share is not None:
            self.progress.setRange(0, max(share[1], 1))
            self.progress.setValue(share[0])


def _result(check):
    if not check.suffix:
        return tr("Dry: the answer is empty.")
    parts = [tr_n("%n objects", check.instances)]
    if check.iou is not None:
        parts.insert(0, f"IoU {QLocale().toString(float(check.iou), 'f', 3)}")
    return " · ".join(parts)
