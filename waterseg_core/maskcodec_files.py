# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a mask codec's weights come from: Google's file, fetched and verified, or ours.

Google's `vae-oid.npz` is plain float32 arrays; it is accepted only with its known size and
SHA-256, whether it was given, cached or just fetched. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from .errors import CodecError, ModelAccessError
from .places import cache_folder

GOOGLE = "google"  # says "Google's codec" where a path may stand
BUNDLED = Path(__file__).parent / "checkpoints" / "nano" / "codec.safetensors"
_CHUNK = 1 << 20
_TIMEOUT_S = 60
_GIVE = "give a whole copy of the file with --codec PATH"


@dataclass(frozen=True)
class KnownFile:
    """A published file: its name, address, size in bytes and SHA-256."""

    name: str
    url: str
    size: int
    sha256: str


GOOGLE_FILE = KnownFile(
    name="vae-oid.npz",
    url="https://storage.googleapis.com/big_vision/paligemma/vae-oid.npz",
    size=8_479_556,
    sha256="5586010257b8536dddefab65e7755077f21d5672d5674dacf911f73ae95a4447",
)


def cached_codec(cache: Path | None = None) -> Path:
    """Where Google's file is kept once fetched, whether or not it is there."""
    return (cache or cache_folder()) / GOOGLE_FILE.name


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def find_codec(choice: str | Path | None, cache: Path | None = None) -> Path:
    """The file meant by a choice: None is the bundled codec, "google" Google's, else a path.

    Google's file is fetched into the cache if it is not there. Raises CodecError if the file
    does not exist and ModelAccessError if it cannot be fetched.
    """
    if choice is not None and str(choice) == GOOGLE:
        path = cached_codec(cache)
        return path if path.is_file() else fetch(GOOGLE_FILE, path)
    path = BUNDLED if choice is None else Path(choice)
    if not path.is_file():
        raise CodecError(
            f"There is no mask codec at {path}. Give the path of a vae-oid.npz or"
            f" codec.safetensors file, or {GOOGLE!r} for Google's."
        )
    return path


def fetch(known: KnownFile, path: Path) -> Path:
    """Download a known file to a path, verified before it appears there.

    Raises ModelAccessError if it cannot be fetched or stored, CodecError if what came is not
    the known file.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        _download(known.url, handle)
        verify(temporary, known, called=known.url)
        temporary.replace(path)
    except (OSError, http.client.HTTPException) as error:
        raise ModelAccessError(
            f"The mask codec {known.name} could not be fetched from {known.url}: {error}."
            f" Check the network, or fetch it elsewhere and {_GIVE}; the bundled model needs"
            " neither."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return path


def _download(url: str, handle: int) -> None:
    with (
        os.fdopen(handle, "wb") as file,
        urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer,
    ):
        while chunk := answer.read(_CHUNK):
            file.write(chunk)


def verify(path: Path, known: KnownFile, called: str | None = None) -> None:
    """Raise CodecError unless the file has the known size and SHA-256."""
    called = called or str(path)
    size = path.stat().st_size
    if size != known.size:
        raise CodecError(
            f"{called} has {size:,} bytes, but {known.name} has {known.size:,}: it is cut off"
            f" or another file. Delete it and {_GIVE}, or let it be fetched again."
        )
    found = sha256_of(path)
    if found != known.sha256:
        raise CodecError(
            f"{called} is not the published {known.name}: its SHA-256 is {found}, expected is"
            f" {known.sha256}. Delete it and {_GIVE}, or let it be fetched again."
        )


def read_arrays(path: Path, known: KnownFile | None = GOOGLE_FILE) -> dict[str, np.ndarray]:
    """Every array of a codec file as float32: .npz (verified as `known`) or .safetensors.

    Raises CodecError if the file is not what it should be. `known=None` takes any .npz.
    """
    try:
        if path.suffix == ".safetensors":
            arrays: Mapping[str, np.ndarray] = safetensors.numpy.load_file(path)
        else:
            if known is not None:
                verify(path, known)
            arrays = _read_npz(path)
    except (OSError, ValueError, zipfile.BadZipFile, safetensors.SafetensorError) as error:
        raise CodecError(
            f"{path} cannot be read as a mask codec ({error}). Give a whole vae-oid.npz or"
            " codec.safetensors file."
        ) from error
    return {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    # opened here, because numpy leaves a file open that turns out not to be an archive
    with path.open("rb") as handle:
        file = np.load(handle, allow_pickle=False)
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("it holds one array, not an archive of arrays")
        with file:
            return {name: file[name] for name in file.files}


def check_layout(
    path: Path, arrays: Mapping[str, np.ndarray], layout: Mapping[str, tuple[int, ...]]
) -> None:
    """Raise CodecError, naming the first difference, unless names and shapes are the layout's."""
    for name, shape in layout.items():
        if name not in arrays:
            raise CodecError(f"{path} is not a mask codec: the array {name} is missing.")
        if arrays[name].shape != shape:
            raise CodecError(
                f"{path} is not a mask codec: {name} has the shape {arrays[name].shape}"
                f" where {shape} belongs."
            )
        if not np.isfinite(arrays[name]).all():
            raise CodecError(f"{path} is damaged: {name} holds values that are not numbers.")
    if extra := sorted(set(arrays) - set(layout)):
        raise CodecError(f"{path} is not a mask codec: it also holds {extra[0]}.")
