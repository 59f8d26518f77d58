# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set on the user's disk: unpacked beside, renamed when it is whole, and read again."""

import csv
import json
import os
import shutil
import uuid
import zipfile
from dataclasses import dataclass, field

from .errors import LayerError
from .training_request import ABOUT
from .words import tr, tr_n

MANIFEST, MAP, PREVIEW = "manifest.csv", "map.png", "preview.html"


@dataclass(frozen=True)
class Written:
    """What stands in a set. splits: chips by split; wet: chips with water; iou: mean or None.

    prompt: what a model is asked. keys: of its chips, as `PlannedChip.key`.
    """

    folder: str
    chips: int = 0
    wet: int = 0
    splits: dict = field(default_factory=dict)
    iou: float = None
    notes: tuple = ()
    prompt: str = ""
    keys: frozenset = frozenset()

    @property
    def map(self):
        """The picture of where the chips lie, or empty."""
        return self._there(MAP)

    @property
    def preview(self):
        """The page that shows every chip, or empty."""
        return self._there(PREVIEW)

    @property
    def summary(self):
        """One line, for example "36 chips, 30 with water"."""
        if not self.wet:
            return tr_n("%n chips, none with water", self.chips)
        return tr("{chips}, {wet} with water").format(
            chips=tr_n("%n chips", self.chips), wet=self.wet
        )

    def _there(self, name):
        path = os.path.join(self.folder, name)
        return path if os.path.isfile(path) else ""


def unpack(archive, folder):
    """Make `folder` from the zip of a set: whole or not at all. Raises LayerError."""
    above = os.path.dirname(os.path.abspath(folder))
    hidden = os.path.join(above, f".{os.path.basename(folder)}.{uuid.uuid4().hex[:8]}")
    try:
        with zipfile.ZipFile(archive) as packed:
            _refuse_strange(packed)
            packed.extractall(hidden)
        if os.path.isdir(folder):
            os.rmdir(folder)  # an empty one, or it is an error
        os.rename(_root(hidden), folder)
    except (OSError, zipfile.BadZipFile) as why:
        said = getattr(why, "strerror", None) or str(why)
        raise LayerError(
            tr("{path} cannot be written: {why}").format(path=folder, why=said)
        ) from why
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _refuse_strange(packed):
    """Names that would land elsewhere are refused, and so is what is no training set."""
    for name in packed.namelist():
        parts = name.replace("\\", "/").split("/")
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise zipfile.BadZipFile(name)
    if not any(os.path.basename(name) == ABOUT for name in packed.namelist()):
        raise zipfile.BadZipFile(tr("there is no {name} in it").format(name=ABOUT))


def _root(hidden):
    """Where the set begins: at the top, or in the one folder that is there."""
    if os.path.isfile(os.path.join(hidden, ABOUT)):
        return hidden
    return os.path.join(hidden, os.listdir(hidden)[0])


def read(folder):
    """`Written` of a set on disk. Raises LayerError."""
    try:
        with open(os.path.join(folder, ABOUT), encoding="utf-8") as file:
            about = json.load(file)
        with open(os.path.join(folder, MANIFEST), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError) as why:
        raise LayerError(tr("{folder} is not a whole training set.").format(folder=folder)) from why
    splits = {}
    for row in rows:
        splits[row["split"]] = splits.get(row["split"], 0) + 1
    known = [float(row["round_trip_iou"]) for row in rows if row.get("round_trip_iou")]
    return Written(
        folder=folder,
        chips=len(rows),
        wet=sum(bool(row["suffix"]) for row in rows),
        splits=splits,
        iou=sum(known) / len(known) if known else None,
        notes=tuple(about.get("notes") or ()),
        prompt=str(about.get("prefix") or ""),
        keys=frozenset(f"{row.get('row')}_{row.get('col')}" for row in rows),
    )
