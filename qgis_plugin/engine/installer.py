# SPDX-License-Identifier: GPL-3.0-or-later
"""Installer: makes the engine's environment, whole or not at all, one at a time per folder."""

import json
import os
import shutil
from dataclasses import replace

from qgis.PyQt.QtCore import QLockFile

from ..errors import InstallError, Stopped
from ..settings import Settings
from ..words import tr
from .child import Child
from .complaints import sentence_for
from .network import without_secrets
from .worker import PROGRAM

#: Written first, so that nothing but our own folders is ever removed.
OURS = ".waterseg-engine"
#: Written last: what has it is whole.
WHOLE = "waterseg-engine.json"
#: Share of the work that is done when each step begins, and the last check.
SHARES = (0.0, 0.05, 0.6, 0.95)
KEPT_LINES = 400


class Installer:
    """Does a `Plan`. cancelled: a function; listener: has begun(title, share), heard(line)."""

    def __init__(self, plan, variables, cancelled, listener):
        self._plan, self._variables = plan, variables
        self._cancelled, self._listener = cancelled, listener
        self._lines = []

    def go(self):
        """The path of the new interpreter. Raises InstallError, Stopped."""
        plan = self._plan
        if plan.problem:
            raise InstallError(plan.problem)
        os.makedirs(os.path.dirname(os.path.abspath(plan.folder)), exist_ok=True)
        lock = QLockFile(os.path.abspath(plan.folder) + ".lock")
        lock.setStaleLockTime(0)  # only a process that is gone loses it
        if not lock.tryLock(0):
            raise InstallError(
                tr("Another QGIS is just setting up {folder}. Wait until it is done.").format(
                    folder=plan.folder
                )
            )
        try:
            self._prepare()
            return self._install_or_undo()
        finally:
            lock.unlock()

    def _install_or_undo(self):
        try:
            return self._install()
        except BaseException:
            remove(self._plan.folder)
            raise

    def _prepare(self):
        folder = self._plan.folder
        if os.path.isdir(folder) and os.listdir(folder):
            remove(folder)
        os.makedirs(folder, exist_ok=True)
        _write(os.path.join(folder, OURS), "")

    def _install(self):
        plan = self._plan
        for number, (title, arguments) in enumerate(plan.steps):
            self._listener.begun(title, SHARES[number])
            program = plan.python if number == 0 else plan.own_python
            self._do(program, arguments)
        self._listener.begun(tr("Trying it"), SHARES[-1])
        self._do(plan.own_python, ("-I", "-c", PROGRAM, "info"))
        about = {"wheel": os.path.basename(plan.wheel), "torch": plan.torch}
        _write(os.path.join(plan.folder, WHOLE), json.dumps(about))
        return plan.own_python

    def _do(self, program, arguments):
        self._heard(" ".join(("$", program, *arguments)))
        try:
            child = Child(program, arguments, self._heard, self._heard, self._variables)
        except OSError as why:
            raise InstallError(sentence_for([str(why)], program)) from why
        if not child.follow(self._cancelled):
            raise Stopped(tr("Cancelled."))
        if child.exit_code != 0:
            raise InstallError(sentence_for(self._lines, program))

    def _heard(self, line):
        line = without_secrets(line, self._variables)
        self._lines = [*self._lines[-KEPT_LINES:], line]
        self._listener.heard(line)


def is_ours(folder, whole=False):
    """Whether waterseg made that folder, and if asked, whether it is whole."""
    return os.path.isfile(os.path.join(folder, WHOLE if whole else OURS))


def wheel_of(folder):
    """The file name of the engine's wheel that an environment was made with; empty if unknown."""
    try:
        with open(os.path.join(folder, WHOLE), encoding="utf-8") as file:
            return str(json.load(file).get("wheel", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def remove(folder):
    """Remove an environment of ours. Raises InstallError if it is not ours, or in use."""
    if not os.path.isdir(folder):
        return
    # The mark is what keeps a user's own folder from ever being emptied.
    if not is_ours(folder):
        raise InstallError(
            tr(
                "{folder} was not made by waterseg, so it is left alone. Choose another folder for "
                "the engine."
            ).format(folder=folder)
        )
    _remove_tree(folder)
    if os.path.isdir(folder):
        raise InstallError(
            tr("{folder} is in use and cannot be removed. Close other QGIS windows first.").format(
                folder=folder
            )
        )


def keep_choice(python):
    """From now on the engine runs with this interpreter."""
    replace(Settings.load(), python=python).save()


def forget_choice(folder):
    """The interpreter in a removed folder is not chosen any more."""
    settings = Settings.load()
    if settings.python.startswith(os.path.normpath(folder) + os.sep):
        replace(settings, python="").save()


def _remove_tree(folder):
    """Remove a folder, the mark last: what is left after a failure is still known as ours."""
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name == OURS:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.remove(path)
    if os.listdir(folder) in ([], [OURS]):
        shutil.rmtree(folder, ignore_errors=True)


def _write(path, text):
    with open(f"{path}.part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{path}.part", path)
