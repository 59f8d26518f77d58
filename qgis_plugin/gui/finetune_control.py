# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel "Fine-tune" does: wakes the engine, finds trainings again, starts new ones."""

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..finetune_memory import Memory, pick
from ..training_asker import Asker
from ..words import tr
from .engine_watch import EngineWatch
from .finetune_dock import FinetuneDock
from .finetune_training import DROP, OneTraining
from .messages import Messages, log
from .qt import add_dock

LIST = "trainings"


class FinetuneControl(QObject):
    """One per QGIS. The panel is made when it is shown first.

    useWanted(model): it shall be chosen for segmenting. compareWanted(old, new): both shall look
    at what the map shows.
    """

    dock_shown = pyqtSignal(bool)
    openOptions = pyqtSignal()
    useWanted = pyqtSignal(str)
    compareWanted = pyqtSignal(str, str)

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.messages = Messages(iface)
        self.dock = None
        self.engine = None
        self.training = None
        self._asker = None
        self._was_asked = False
        self._can_compare = False

    def allow_compare(self):
        """Somebody listens to compareWanted: the button may be there."""
        self._can_compare = True
        if self.training is not None:
            self.training.can_compare = True

    def show_dock(self, shown):
        """Show or hide the panel; the first time, make it."""
        if self.dock is None:
            if not shown:
                return
            self._make_dock()
        self.dock.setUserVisible(shown)
        if shown:
            self.engine.wake()

    def open_with(self, folder):
        """Show the panel with this training set chosen."""
        self.show_dock(True)
        self.dock_shown.emit(True)
        self.dock.form.set_folder(folder)

    def _make_dock(self):
        self.dock = dock = FinetuneDock()
        self._asker = Asker(self)
        self.engine = EngineWatch(dock, self)
        self.training = OneTraining(dock, self.messages, self._asker, self._base_of)
        self.training.can_compare = self._can_compare
        self._asker.answered.connect(self._on_answer)
        self._asker.failed.connect(self._on_no_answer)
        self.engine.changed.connect(self._on_engine)
        self.training.idle.connect(self.show_ready)
        self.training.ended.connect(self.engine.wake)
        dock.form.changed.connect(self.show_ready)
        dock.bar.pressed.connect(self._on_pressed)
        dock.work.verdict.use.connect(lambda: self.useWanted.emit(self.training.training.model))
        dock.work.verdict.compare.connect(self._on_compare)
        dock.options.connect(self.openOptions)
        dock.visibilityChanged.connect(self._on_visibility)
        add_dock(self.iface, dock, ["waterseg_dock", "waterseg_training_dock"])
        self.show_ready()

    def _on_visibility(self, _visible):
        self.dock_shown.emit(self.dock.isUserVisible())

    def _on_pressed(self, name):
        if name == "start":
            self.start()
        else:
            self.training.press(name)

    def start(self):
        """Send what the form says."""
        self.training.send(self.dock.form.request())

    def show_ready(self):
        """Whether a training can be started, or what is missing."""
        missing = self._missing()
        self.dock.bar.set_ready(not missing, missing)

    def _missing(self):
        if self.engine.failure:
            return self.engine.failure
        info = self.engine.info
        if info is not None and not info.can_train:
            return tr("This engine does not train models: it is not allowed there, or too old.")
        return self.dock.form.problem()

    def _on_engine(self):
        self.show_ready()
        info = self.engine.info
        if info is not None and info.can_train and not self._was_asked:
            self._was_asked = True
            self._asker.ask(LIST, None, lambda client, feedback: client.trainings(feedback))

    def _on_answer(self, kind, _key, answer):
        if self.dock is None or kind != LIST or self.training.is_busy:
            return
        found = pick(answer, Memory.load())
        if found is not None:
            self.training.follow(found)

    def _on_no_answer(self, kind, _key, sentence):
        if kind in (LIST, DROP):
            log(sentence, warning=True)

    def _base_of(self, training):
        """The model that a new one was made of, as the engine tells it."""
        info = self.engine.info
        if info is None:
            return ""
        made = next((one for one in info.models if one.name == training.model), None)
        return (made.base if made else "") or (info.default_model.name if info.models else "")

    def _on_compare(self):
        self.compareWanted.emit(self.training.base, self.training.training.model)

    def on_options(self):
        """The options were kept, or an engine came or went."""
        if self.engine is not None:
            self._was_asked = False
            self.engine.refresh()

    def take_down(self):
        """Leave nothing behind; what goes on on a server goes on."""
        if self.dock is not None:
            self.training.take_down()
            self._asker.close()
            self.engine.take_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        self.messages.clear()
        self.deleteLater()
