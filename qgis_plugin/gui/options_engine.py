# SPDX-License-Identifier: GPL-3.0-or-later
"""The buttons that set up, repair and remove the engine on this computer."""

import os

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QMessageBox

from ..engine import the_engine
from ..engine.install import RemoveTask, is_installed, is_outdated
from ..engine.pythons import interpreter, python_of
from ..words import tr
from .background import start
from .qt import short_path
from .setup_dialog import SetupDialog


class EngineCare(QObject):
    """`gathered()` gives the page's settings; `changed()` is told when an engine came or went."""

    def __init__(self, local, gathered, changed, page):
        super().__init__(page)
        self._local = local
        self._gathered = gathered
        self._changed = changed
        self._page = page
        self._task = None
        local.create.connect(self._set_up)
        local.repair.connect(self._set_up)
        local.remove.connect(self._remove)

    def refresh(self):
        """Say what there is."""
        settings = self._gathered()
        made = is_installed(settings)
        python = interpreter(settings)
        if python is None:
            text = tr("Not set up yet.")
        elif os.path.normpath(python) == os.path.normpath(python_of(settings.own_folder)):
            text = tr("Set up in {folder}").format(folder=short_path(settings.own_folder))
            if is_outdated(settings):
                text = tr("Set up by another version of the plugin: repair it.")
        else:
            text = tr("Runs with {path}").format(path=short_path(python))
        self._local.show_status(text, made)

    def _set_up(self):
        dialog = SetupDialog(self._gathered(), self._page)
        dialog.ready.connect(self._on_change)
        dialog.show()

    def _remove(self):
        folder = self._gathered().own_folder
        answer = QMessageBox.question(
            self._page,
            tr("Remove the engine"),
            tr("Remove the environment in {folder}? Your layers and results stay.").format(
                folder=folder
            ),
        )
        if answer != QMessageBox.StandardButton.Yes:
            return
        the_engine().stop()
        self._local.show_status(tr("Removing…"), False)
        self._task = RemoveTask(folder)
        self._task.finishedWith.connect(self._on_change)
        self._task.failedWith.connect(self._on_failure)
        start(self._task)

    def _on_change(self, _text=""):
        self._changed()
        self.refresh()

    def _on_failure(self, sentence):
        self.refresh()
        self._local.show_status(sentence, True)
