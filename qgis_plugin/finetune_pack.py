# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set's folder as one zip, the same bytes for the same files, and its hash."""

import hashlib
import os
import zipfile
from dataclasses import dataclass

from .errors import LayerError, Stopped
from .training_folder import PREVIEW
from .words import tr

#: What is packed already; packing it again costs time and gains nothing.
PACKED = (".png", ".jpg", ".jpeg", ".webp", ".npz")
BLOCK = 1 << 20
#: A time that every zip may hold: the set is the same whenever it was copied.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A zip on disk, its size, and its SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str

    @property
    def description(self):
        """What the engine is told about it."""
        return {"bytes": self.bytes, "sha256": self.sha256, "file": "zip"}

    def part(self, number, part_bytes):
        """The bytes of part `number`. Raises LayerError."""
        try:
            with open(self.path, "rb") as file:
                file.seek(number * part_bytes)
                return file.read(part_bytes)
        except OSError as why:
            raise _trouble(self.path, why) from why


def pack(folder, path, feedback, told):
    """Write the zip of a set to `path`; `Packed`. Raises LayerError, and Stopped when cancelled.

    told(done, total): bytes so far. The page for people stays here: nobody learns from it.
    """
    try:
        files = sorted(_files(folder))
        total = sum(size for _, _, size in files)
        done = 0
        with zipfile.ZipFile(path, "w", allowZip64=True) as packed:
            for name, source, size in files:
                _add(packed, name, source, feedback)
                done += size
                told(done, total)
        return Packed(path, os.path.getsize(path), _hash(path, feedback))
    except OSError as why:
        raise _trouble(why.filename or path, why) from why


def _files(folder):
    """(name in the zip, path, size) of every file that belongs to the set."""
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            source = os.path.join(above, name)
            inside = os.path.relpath(source, folder).replace(os.sep, "/")
            if not name.startswith(".") and inside != PREVIEW:
                yield inside, source, os.path.getsize(source)


def _add(packed, name, source, feedback):
    about = zipfile.ZipInfo(name, LONG_AGO)
    stored = name.lower().endswith(PACKED)
    about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    about.external_attr = 0o644 << 16
    with open(source, "rb") as file, packed.open(about, "w", force_zip64=True) as inside:
        for block in _blocks(file, feedback):
            inside.write(block)


def _hash(path, feedback):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        for block in _blocks(file, feedback):
            found.update(block)
    return found.hexdigest()


def _blocks(file, feedback):
    while True:
        if feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        block = file.read(BLOCK)
        if not block:
            return
        yield block


def _trouble(path, why):
    return LayerError(
        tr("The training set cannot be packed: {path}: {why}").format(
            path=path, why=why.strerror or why
        )
    )
