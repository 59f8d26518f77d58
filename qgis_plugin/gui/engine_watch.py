# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the dock's first line and its models true to the engine, and wakes it in the background."""

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine import the_engine
from ..engine.engine import BROKEN, READY, STARTING
from ..engine.install import uses_outdated
from ..settings import SERVER, Settings
from ..tasks import InfoTask
from ..words import tr
from .background import start
from .options_test import device_text


class EngineWatch(QObject):
    """Chooses between welcome and form; `changed` says that models or state are other ones."""

    changed = pyqtSignal()

    def __init__(self, dock, parent=None):
        super().__init__(parent)
        self._dock = dock
        self._task = None
        self._failure = ""
        self.info = None
        the_engine().stateChanged.connect(self._on_state)
        dock.form.model.refreshed.connect(self._on_newer)
        self._show()

    def wake(self):
        """Ask the engine who it is, which starts it; while the user fills in the form."""
        if self._task is not None or not the_engine().is_set_up():
            self._show()
            return
        self._failure = ""
        self._task = InfoTask()
        self._task.answered.connect(self._on_info)
        self._task.failedWith.connect(self._on_failure)
        start(self._task)
        self._show()

    def refresh(self):
        """The settings may be others: forget what was known, and ask anew."""
        self.info = None
        self._dock.form.model.set_info(None)
        self.wake()
        self.changed.emit()

    def _on_info(self, info):
        self._task = None
        self.info = info
        self._dock.form.set_info(info, Settings.load().model)
        self._show()
        self.changed.emit()

    def _on_newer(self, info):
        """The box of models asked by itself."""
        self.info = info
        self._failure = ""
        self._show()
        self.changed.emit()

    def _on_failure(self, sentence):
        self._task = None
        self._failure = sentence
        self._show()
        self.changed.emit()

    def _on_state(self, state):
        if state == READY and self.info is None and self._task is None:
            self.wake()
        self._show()

    def _show(self):
        engine = the_engine()
        set_up = engine.is_set_up()
        self._dock.show_welcome(not set_up)
        if set_up:
            self._dock.show_engine(*self._line(engine.state))

    def _line(self, state):
        """The first line of the dock, and its tooltip."""
        settings = Settings.load()
        where = tr("This computer")
        if settings.mode == SERVER:
            where = settings.server_url.split("://")[-1]
        if self._task is not None or state == STARTING:
            return where + " · " + tr("starting the engine…"), ""
        if self._failure or state == BROKEN:
            words = "\n".join(the_engine().last_words[-5:])
            return where + " · " + tr("not ready"), self._failure or words
        if self.info is None:
            return where, ""
        if uses_outdated(settings):
            return where + " · " + tr("of another version"), tr(
                "The engine was set up by another version of the plugin. Open the options of "
                "waterseg and repair it, so that both are the same again."
            )
        tip = tr("waterseg {version} on {device}").format(
            version=self.info.version, device=device_text(self.info)
        )
        return f"{where} · waterseg {self.info.version} · {self.info.device.upper()}", tip

    @property
    def failure(self):
        """Why the engine does not answer; empty while it does or was not asked."""
        return self._failure

    def take_down(self):
        """Stop listening."""
        the_engine().stateChanged.disconnect(self._on_state)
        if self._task is not None:
            self._task.answered.disconnect(self._on_info)
            self._task.failedWith.disconnect(self._on_failure)
            self._task.cancel()
            self._task = None
