# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model that somebody sent may consist of, checked before any library reads it.

Files that hold numbers, words or pictures and cannot run code: no pickle, nothing that names code
to be loaded, no size that would fill the memory before a weight is read.
"""

from __future__ import annotations

import json
import os
import threading
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from waterseg_core.errors import DatasetError, ModelError, OutputError, TooLargeError
from waterseg_core.model_list import ADAPTER, CHECKPOINT, base_of
from waterseg_core.studies.unpack import unpack

__all__ = ["point_to_base", "unpack_model"]

#: The endings of a model's files.
ENDINGS = (".safetensors", ".json", ".txt", ".model", ".md", ".png")
MOST_FILES = 1000
#: The largest file that is no weights; Google's tokenizer.json has 33 MB.
MOST_WORDS = 256 << 20
#: The highest rank of an adapter; peft makes its matrices before it reads any.
MOST_RANK = 1024
#: What a configuration may not say: the first names code, the others libraries or layers to make.
_CODE = ("auto_map", "custom_pipelines", "trust_remote_code")
_ADAPTER_CODE = ("megatron_config", "layer_replication")
_RESEND = "Send the files that waterseg finetune wrote."


def unpack_model(source: IO[bytes], folder: Path, most: int, stop: threading.Event) -> None:
    """Unpack a zip into a new folder that holds a model or an adapter, on the disk for good.

    most: bytes, unpacked. Raises ModelError for what is none or may not be in one, TooLargeError,
    OutputError, and Cancelled once `stop` is set.
    """
    try:
        with zipfile.ZipFile(source) as packed:
            _check_names(packed.infolist(), most)
        unpack(source, folder, most, stop)
    except OutputError as error:
        raise OutputError(
            "The server's disk is full, or cannot be written: the model was not unpacked "
            f"({error.__cause__ or error}). What was sent is kept; free some space, and ask again."
        ) from error
    except (zipfile.BadZipFile, DatasetError, NotImplementedError, ValueError) as error:
        if isinstance(error, DatasetError):
            raise ModelError(str(error)) from error
        raise ModelError(
            f"What was sent is no zip that can be read ({error}). Send it again."
        ) from error
    _lift(folder)
    _check_words(folder)
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _check_names(entries: Iterable[zipfile.ZipInfo], most: int) -> None:
    files = [entry for entry in entries if not entry.is_dir()]
    if len(files) > MOST_FILES:
        raise ModelError(f"The zip has {len(files)} files; a model has fewer. {_RESEND}")
    total = sum(entry.file_size for entry in files)
    if total > most:
        raise TooLargeError(
            f"Unpacked the model has {total / 1e9:.1f} GB, more than the {most / 1e9:.1f} GB that "
            "this server takes."
        )
    for entry in files:
        name = PurePosixPath(entry.filename)
        if name.suffix not in ENDINGS or name.name.startswith("."):
            raise ModelError(
                f"{entry.filename} in the zip is nothing that a model may have here: only "
                f"{', '.join(ENDINGS)} are taken, since other files can hold code. Leave it out."
            )
        if name.suffix != ".safetensors" and entry.file_size > MOST_WORDS:
            raise TooLargeError(f"{entry.filename} in the zip is larger than such a file can be.")


def _lift(folder: Path) -> None:
    """Take the files out of the one folder that they may lie in; there is no other folder."""
    within = [path for path in folder.iterdir() if path.is_dir()]
    if len(within) == 1 and len(list(folder.iterdir())) == 1:
        inner = within[0].rename(folder.with_name(f"{folder.name}.inner"))
        folder.rmdir()
        inner.rename(folder)
        within = [path for path in folder.iterdir() if path.is_dir()]
    if within:
        raise ModelError(
            f"The zip has a folder {within[0].name} beside files: a model is one folder. {_RESEND}"
        )
    if not ((folder / CHECKPOINT).is_file() or (folder / ADAPTER).is_file()):
        raise ModelError(f"The zip holds no model: it has no {CHECKPOINT} or {ADAPTER}. {_RESEND}")


def _check_words(folder: Path) -> None:
    for path in sorted(folder.glob("*.json")):
        said = _json(path)
        found = [name for name in _CODE if isinstance(said, dict) and said.get(name) is not None]
        if found:
            raise ModelError(
                f"{path.name} names code to be loaded ({found[0]}); waterseg runs none that comes "
                "with a model. Send a plain PaliGemma."
            )
    for path in folder.glob("*.safetensors.index.json"):
        shards = _json(path).get("weight_map")
        names = shards.values() if isinstance(shards, dict) else [None]
        if not all(isinstance(name, str) and _is_beside(path, name) for name in names):
            raise ModelError(f"{path.name} names weights that are not in the zip. {_RESEND}")
    if (folder / ADAPTER).is_file():
        _check_adapter(_json(folder / ADAPTER))


def _is_beside(path: Path, name: str) -> bool:
    return Path(name).name == name and (path.parent / name).is_file()


def _check_adapter(said: Mapping[str, Any]) -> None:
    if said.get("peft_type") != "LORA":
        raise ModelError(
            f"The adapter is of the type {said.get('peft_type')!r}; this server takes LORA."
        )
    for name in _ADAPTER_CODE:
        if said.get(name):
            raise ModelError(f"{ADAPTER} says {name}, which this server does not take.")
    pattern = said.get("rank_pattern") or {}
    ranks = [said.get("r"), *(pattern.values() if isinstance(pattern, dict) else [None])]
    if not all(isinstance(rank, int) and 1 <= rank <= MOST_RANK for rank in ranks):
        raise ModelError(f"{ADAPTER}: a rank is a whole number from 1 to {MOST_RANK}.")


def point_to_base(folder: Path, sources: Mapping[str, str], own: Iterable[str]) -> str | None:
    """Let an adapter find its base on this computer: what `load_segmenter` takes for that.

    An adapter may name its base by a path of the computer where it was trained; what counts here
    is the name. sources: what is on offer, by name. own: which of these are own models, that go
    by their names. None for a whole checkpoint. Raises ModelError for a base that is not on offer.
    """
    if (folder / CHECKPOINT).is_file() or not (folder / ADAPTER).is_file():
        return None
    said = base_of(folder)
    last = said.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = next((one for one in (said, f"google/{said}", last) if one in sources), None)
    if name is None:
        base = last if said.startswith("/") or "\\" in said else said
        raise ModelError(
            f"The adapter belongs to {base}, which is not on offer here: this server has "
            f"{', '.join(sources)}. Send that model first, or have the server started with it "
            "(--model)."
        )
    known = name if name in own else sources[name]
    if known != said:
        path = folder / ADAPTER
        words = _json(path) | {"base_model_name_or_path": known}
        path.write_text(json.dumps(words, indent=2), "utf-8")
    return sources[name]


def _json(path: Path) -> Any:
    try:
        said = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{path.name} in the zip is no JSON that can be read. {_RESEND}"
        ) from error
    if path.name in (ADAPTER, CHECKPOINT, "waterseg.json") and not isinstance(said, dict):
        raise ModelError(f"{path.name} in the zip does not say what it should. {_RESEND}")
    return said
