# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnostics: a text for a report about a problem, without secrets."""

import os
import platform
from urllib.parse import urlsplit

from qgis.core import Qgis
from qgis.PyQt.QtCore import QT_VERSION_STR

from ..settings import Settings
from .engine import the_engine
from .installer import is_ours, wheel_of
from .plan import bundled_wheel
from .pythons import interpreter

PLUGIN = os.path.dirname(os.path.dirname(__file__))


def report():
    """Markdown; quick, nothing is started or asked."""
    settings, engine = Settings.load(), the_engine()
    info = engine.known_info
    facts = [
        ("plugin", version()),
        ("QGIS", f"{Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, Python {platform.python_version()}"),
        ("system", platform.platform()),
        ("mode", settings.mode),
        ("server", urlsplit(settings.server_url).hostname or "none"),
        ("authentication", "chosen" if settings.auth_id else "none"),
        ("engine's Python", interpreter(settings) or "none"),
        ("own environment", _environment(settings)),
        ("bundled engine", os.path.basename(bundled_wheel()) or "none"),
        ("engine", engine.state),
    ]
    if info is not None:
        facts.append(("answers", f"waterseg {info.version}, {info.device} {info.device_name}"))
        facts.append(("models", ", ".join(model.name for model in info.models)))
    lines = [f"- {name}: {value}" for name, value in facts]
    words = [f"    {line}" for line in engine.last_words]
    return without_home("\n".join(["## waterseg", "", *lines, "", "Last words:", "", *words, ""]))


def version():
    """The plugin's version, from metadata.txt."""
    for folder in (PLUGIN, os.path.dirname(PLUGIN)):
        path = os.path.join(folder, "metadata.txt")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if line.startswith("version="):
                        return line.split("=", 1)[1].strip()
    return "unknown"


def without_home(text):
    """The text with the user's home folder, which holds a name, as ~."""
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(home) > 1 else text


def _environment(settings):
    folder = settings.own_folder
    if not is_ours(folder):
        return f"none ({folder})"
    return f"{folder}, {wheel_of(folder) or 'not whole'}"
