# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting up, repairing and removing the engine's own environment, as background tasks."""

import os

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..errors import PluginError, Stopped
from ..settings import SERVER, Settings
from ..words import tr
from .installer import Installer, forget_choice, is_ours, keep_choice, remove, wheel_of
from .network import forget, network_variables
from .plan import Plan, bundled_wheel, make_plan
from .pythons import interpreter, python_of

__all__ = [
    "InstallTask",
    "Plan",
    "PlanTask",
    "RemoveTask",
    "is_installed",
    "is_outdated",
    "uses_outdated",
]


def is_installed(settings=None):
    """Whether a whole environment of our own is there; quick."""
    return is_ours((settings or Settings.load()).own_folder, whole=True)


def is_outdated(settings=None):
    """Whether our environment is of another version of the plugin; quick. Repair renews it."""
    folder = (settings or Settings.load()).own_folder
    made_with, bundled = wheel_of(folder), os.path.basename(bundled_wheel())
    return bool(made_with and bundled and made_with != bundled)


def uses_outdated(settings):
    """Whether what runs is our environment, and of another version; quick."""
    if settings.mode == SERVER or not is_outdated(settings):
        return False
    python = interpreter(settings)
    return bool(python) and os.path.normpath(python) == os.path.normpath(
        python_of(settings.own_folder)
    )


class PlanTask(QgsTask):
    """Makes a `Plan`: planned(Plan) or failedWith(sentence)."""

    planned = pyqtSignal(object)
    failedWith = pyqtSignal(str)

    def __init__(self, settings=None):
        super().__init__(tr("Looking at what this computer has"), QgsTask.Flag.CanCancel)
        self._settings = settings or Settings.load()
        self._plan = None
        self._failure = ""

    def run(self):
        """In the background."""
        try:
            self._plan = make_plan(self._settings)
        except Exception as why:
            self._failure = tr("What this computer has cannot be found out: {why}").format(why=why)
        return self._plan is not None

    def finished(self, fine):
        """On the main thread."""
        if self._plan is not None:
            self.planned.emit(self._plan)
        else:
            self.failedWith.emit(self._failure or tr("Cancelled."))


class InstallTask(QgsTask):
    """Does what a `Plan` says, from an empty folder on. Cancelled or failed, nothing is left.

    step(title), logged(line) while it goes on; finishedWith(python) or failedWith(sentence).
    """

    step = pyqtSignal(str)
    logged = pyqtSignal(str)
    finishedWith = pyqtSignal(str)
    failedWith = pyqtSignal(str)

    def __init__(self, plan):
        super().__init__(tr("Setting up waterseg"), QgsTask.Flag.CanCancel)
        self._plan = plan
        self._variables = network_variables()
        self._python = ""
        self._failure = ""

    def run(self):
        """In the background."""
        installer = Installer(self._plan, self._variables, self.isCanceled, self)
        try:
            self._python = installer.go()
        except Stopped:
            self._failure = tr("Cancelled. Nothing was left behind.")
        except PluginError as why:
            self._failure = str(why)
        except Exception as why:
            self._failure = tr("The engine could not be set up: {why}").format(why=why)
        forget(self._variables)
        return bool(self._python)

    def finished(self, fine):
        """On the main thread."""
        if self._python:
            keep_choice(self._python)
            self.finishedWith.emit(self._python)
        else:
            self.failedWith.emit(self._failure or tr("Cancelled."))

    def begun(self, title, share):
        """From the installer: a step begins; `share` of the work (0 to 1) is done."""
        self.step.emit(title)
        self.setProgress(100.0 * share)

    def heard(self, line):
        """From the installer: a line of a command."""
        self.logged.emit(line)


class RemoveTask(QgsTask):
    """Removes an environment that waterseg made: finishedWith(sentence) or failedWith(sentence)."""

    finishedWith = pyqtSignal(str)
    failedWith = pyqtSignal(str)

    def __init__(self, folder):
        super().__init__(tr("Removing waterseg's engine"), QgsTask.Flag())
        self._folder = folder
        self._failure = ""

    def run(self):
        """In the background."""
        try:
            remove(self._folder)
        except (PluginError, OSError) as why:
            self._failure = str(why)
        return not self._failure

    def finished(self, fine):
        """On the main thread."""
        if self._failure:
            self.failedWith.emit(self._failure)
            return
        forget_choice(self._folder)
        self.finishedWith.emit(
            tr("{folder} is removed.").format(folder=os.path.normpath(self._folder))
        )
