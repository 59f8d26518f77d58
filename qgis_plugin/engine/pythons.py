# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python runs the engine: the one that was chosen, the one we made, or those that are there.

Never `sys.executable`: on Windows and macOS that is QGIS itself, and asking it opens another.
"""

import glob
import json
import os
import shutil
import sys
from dataclasses import dataclass

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..words import tr
from .child import output_of

LEAST = (3, 11)
#: The newest Python that PyTorch has wheels for; a newer one is used only if nothing else is.
MOST = (3, 14)
PROBE = (
    "import importlib.util as u, json, struct, sys;"
    "print(json.dumps([list(sys.version_info[:2]), sys.executable, struct.calcsize('P') * 8,"
    " u.find_spec('waterseg_core') is not None, u.find_spec('ensurepip') is not None]))"
)


@dataclass(frozen=True)
class Python:
    """An interpreter. version: (major, minor). has_engine: waterseg_core is installed in it."""

    path: str
    version: tuple
    bits: int = 64
    has_engine: bool = False
    has_venv: bool = True

    @property
    def can_make_environments(self):
        """Whether an environment for the engine can be made with it."""
        return self.version >= LEAST and self.bits == 64 and self.has_venv

    @property
    def version_text(self):
        """For example 3.11."""
        return ".".join(map(str, self.version))


def interpreter(settings):
    """The path of the engine's interpreter, or None; quick, nothing is run.

    The environment variable WATERSEG_PYTHON stands in where nothing was chosen.
    """
    own = python_of(settings.own_folder)
    for path in (settings.python, os.environ.get("WATERSEG_PYTHON"), own):
        if path and os.path.isfile(path):
            return path
    return None


def python_of(folder):
    """The interpreter of a virtual environment in `folder`."""
    if os.name == "nt":
        return os.path.join(folder, "Scripts", "python.exe")
    return os.path.join(folder, "bin", "python")


def probe(path):
    """`Python`, or None if that is none. Runs it: some tenths of a second.

    Its path is the interpreter's own word: what was asked may be a launcher such as `py`.
    """
    code, lines = output_of(path, ["-I", "-c", PROBE])
    try:
        version, itself, bits, has_engine, has_venv = json.loads(lines[-1]) if code == 0 else None
    except (IndexError, TypeError, ValueError):
        return None
    path = itself if itself and os.path.isfile(itself) else path
    return Python(path, tuple(version), bits, has_engine, has_venv)


def candidates():
    """Paths where a Python may be, the most promising first; nothing is run."""
    names = [f"python3.{minor}" for minor in (12, 11, 13, 14)] + ["python3", "python"]
    found = [shutil.which(name) for name in names]
    home = os.path.expanduser("~")
    if os.name == "nt":
        found.insert(0, shutil.which("py"))
        for root in (os.environ.get("LOCALAPPDATA", ""), os.environ.get("PROGRAMFILES", "")):
            found += glob.glob(os.path.join(root, "Programs", "Python", "Python3*", "python.exe"))
            found += glob.glob(os.path.join(root, "Python3*", "python.exe"))
        # QGIS brings a real Python of its own beside its programs.
        found.append(os.path.join(sys.prefix, "python.exe"))
        found.append(os.path.join(sys.prefix, "python3.exe"))
    elif sys.platform == "darwin":
        found += glob.glob("/opt/homebrew/bin/python3.1*")
        found += glob.glob("/Library/Frameworks/Python.framework/Versions/3.*/bin/python3")
        found.append(os.path.join(sys.prefix, "bin", "python3"))
    else:
        found += glob.glob(os.path.join(home, ".pyenv", "versions", "*", "bin", "python3"))
        found.append("/usr/bin/python3")
    found += glob.glob(os.path.join(home, "*conda3", "envs", "*", "bin", "python"))
    return list(dict.fromkeys(path for path in found if path and os.path.isfile(path)))


def pythons():
    """Every usable `Python` of this computer, those with an engine first. Takes seconds."""
    probed = (probe(path) for path in candidates())
    each = {one.path: one for one in probed if one is not None}
    usable = [one for one in each.values() if one.version >= LEAST]
    return sorted(usable, key=lambda one: (not one.has_engine, one.version > MOST))


class PythonsTask(QgsTask):
    """Looks for interpreters in the background; tells a list of `Python`."""

    found = pyqtSignal(list)

    def __init__(self):
        super().__init__(tr("Looking for Python"), QgsTask.Flag.CanCancel)
        self._found = []

    def run(self):
        """In the background."""
        self._found = pythons()
        return True

    def finished(self, fine):
        """On the main thread."""
        self.found.emit(self._found)
