# SPDX-License-Identifier: GPL-3.0-or-later
"""Shelf: records of work that may be cut off, one small JSON file each in the user's profile."""

import json
import os

from qgis.core import QgsApplication


class Shelf:
    """The records of one kind. name: of their folder; key: of a record, its file's name.

    What goes on in this QGIS right now is not unfinished, whatever its record says.
    """

    def __init__(self, name):
        self._name = name
        self._going_on = set()

    def write(self, key, said):
        """Write a record, a dict: whole or not at all. A full disk does not stop a run."""
        path = self._path(key)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(f"{path}.part", "w", encoding="utf-8") as file:
                json.dump(said, file, indent=1)
            os.replace(f"{path}.part", path)
        except OSError:
            return

    def discard(self, key):
        """Forget a record here; the engine's job is another matter."""
        self.end(key)
        if os.path.exists(self._path(key)):
            os.remove(self._path(key))

    def begin(self, key):
        """Say that it goes on in this QGIS."""
        self._going_on.add(key)

    def end(self, key):
        """Say that it does not any more."""
        self._going_on.discard(key)

    def unfinished(self, made):
        """Every record that does not go on, newest first; quick.

        made: from key and dict to a record, with `created` and `job`. What raises ValueError,
        TypeError, KeyError or AttributeError is none, and is passed over like one without a job.
        """
        folder = os.path.dirname(self._path(""))
        names = os.listdir(folder) if os.path.isdir(folder) else []
        keys = {name[:-5] for name in names if name.endswith(".json")} - self._going_on
        found = [self._read(key, made) for key in keys]
        kept = [record for record in found if record is not None and record.job]
        return sorted(kept, key=lambda record: record.created, reverse=True)

    def _read(self, key, made):
        try:
            with open(self._path(key), encoding="utf-8") as file:
                return made(key, json.load(file))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _path(self, key):
        profile = QgsApplication.qgisSettingsDirPath()
        return os.path.join(profile, "waterseg", self._name, f"{key}.json")
