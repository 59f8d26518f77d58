# SPDX-License-Identifier: GPL-3.0-or-later
"""The models that a person may choose: bundled, own, and on the hub; and what own names mean.

Own models are folders that `waterseg finetune` made. Their paths are written down in the cache
folder, so that their names can be used anywhere; a folder that is gone is passed over.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import filelock

from .errors import ModelError
from .paligemma.card import card
from .paligemma.hub import BUNDLED, KNOWN, NANO, find_local
from .places import cache_folder

__all__ = [
    "Listed",
    "about",
    "base_of",
    "changing",
    "folder_of",
    "forget",
    "listed",
    "own",
    "remember",
    "resolved",
    "stamp",
]

ADAPTER, CHECKPOINT, SETTINGS = "adapter_config.json", "config.json", "waterseg.json"
_REGISTRY = "models.json"
#: Parameters of Google's checkpoints, by the size in their name (their model cards).
_SIZES = {
    "paligemma-3b": 2.92e9,
    "paligemma2-3b": 3.03e9,
    "paligemma2-10b": 9.66e9,
    "paligemma2-28b": 27.7e9,
}
_GOOGLE_DATA = "WebLI and others (Google); the mix checkpoints a mixture of tasks"
_GOOGLE_LICENCE = "Gemma terms of use"


@dataclass(frozen=True)
class Listed:
    """A model on the list; None where it is not known.

    kind: `bundled`, `own` or `hub`. here: whether it needs no download. where: its folder.
    base: what an adapter belongs to. needs: which device, in words. The IoUs were measured by
    whoever trained it, on data of the same kind as it learned from. gained: False where the model
    that it was made of was as good there, or better. problem: why it cannot be used, in a sentence.
    """

    name: str
    kind: str
    here: bool
    where: str | None
    base: str | None
    parameters: int | None
    bytes: int | None
    needs: str
    answers: tuple[str, ...]
    data: str | None
    licence: str | None
    iou_per_image: float | None = None
    iou_pooled: float | None = None
    gained: bool | None = None
    problem: str | None = None

    def words(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def remember(folder: Path) -> str:
    """Write down where an own model is; the name that it goes by.

    A cache that cannot be written is no reason to fail: the folder's path works as well.
    """
    place = folder.resolve()
    try:
        with changing():
            _write(_remembered() | {place.name: str(place)})
    except OSError:
        return str(place)
    return place.name


def forget(name: str) -> None:
    """Strike an own model off the list; its folder stays. Raises OSError."""
    with changing():
        _write({known: path for known, path in _remembered().items() if known != name})


@contextlib.contextmanager
def changing() -> Iterator[None]:
    """Nobody else changes the list meanwhile, in no process. Raises OSError."""
    path = cache_folder() / f"{_REGISTRY}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(path, is_singleton=True):  # whoever has it may ask for it again
        yield


def own() -> dict[str, Path]:
    """Own models by name, those whose folder is still there. None of them is called `nano`."""
    found = {name: Path(path) for name, path in _remembered().items() if name != NANO}
    return {name: path for name, path in found.items() if _is_model(path)}


def resolved(name: str, adapter: str | None = None) -> tuple[str, str | None]:
    """What a name and an adapter mean to the loader: (checkpoint, adapter).

    An own model's name becomes its folder; a folder that holds an adapter becomes its base and
    itself. Raises ModelError if an adapter does not say what it belongs to, or if that is gone.
    """
    name = folder_of(name)
    if adapter is not None:
        return name, folder_of(adapter)
    path = Path(name).expanduser()
    if (path / ADAPTER).is_file() and not (path / CHECKPOINT).is_file():
        base = folder_of(base_of(path))
        if Path(base).is_absolute() and not Path(base).is_dir():
            raise ModelError(
                f"The adapter {name} belongs to the model in {base}, which is not there. Put it "
                "back, or name a copy of it with --model and the adapter with --adapter."
            )
        return base, name
    return name, None


def folder_of(name: str) -> str:
    """The folder of an own model, if it is the name of one; else the name as it is.

    A model's folder in reach goes before a name. Another folder does not: the training set
    `ponds/` may well lie where somebody asks for the model `ponds` that learned from it.
    """
    if name == NANO or _is_model(Path(name).expanduser()):
        return name
    path = own().get(name)
    return str(path) if path else name


def base_of(folder: Path) -> str:
    """The name of the model that the adapter in a folder belongs to. Raises ModelError."""
    base = _json(folder / ADAPTER).get("base_model_name_or_path")
    if not isinstance(base, str) or not base:
        raise ModelError(
            f"The adapter {folder} does not say which model it belongs to: name that with --model "
            "and the adapter with --adapter."
        )
    return base


def listed() -> list[Listed]:
    """The bundled model, the person's own, then those known on the hub."""
    models = [_local(NANO, "bundled", None)]
    models += [_own(name, path) for name, path in sorted(own().items())]
    return models + [_hub(name) for name in KNOWN]


def about(name: str) -> Listed:
    """What can be said of one model, named as `load_segmenter` takes it.

    A folder goes by its last name. Raises ModelError for one that is broken.
    """
    if name == NANO:
        return _local(NANO, "bundled", None)
    folder = Path(folder_of(name)).expanduser()
    return _local(folder.resolve().name, "own", folder) if folder.is_dir() else _hub(name)


def stamp(name: str) -> tuple[tuple[str, int, int], ...]:
    """What changes when the files of a model in a folder do, or those of its base.

    Names, times and sizes: cheap, and another one for a training that was repeated under the same
    name. Empty for the bundled model and for the hub's, whose files stay as they are. Raises
    ModelError for an adapter that does not say what it belongs to.
    """
    found = []
    for part in resolved(name):
        folder = Path(part).expanduser() if part and part != NANO else None
        if folder is not None and folder.is_dir():
            with contextlib.suppress(OSError):  # it is being replaced, or removed
                states = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
                found += [(file, state.st_mtime_ns, state.st_size) for file, state in states]
    return tuple(found)


def _own(name: str, folder: Path) -> Listed:
    """An own model; one that is damaged must not hide the others."""
    try:
        return _local(name, "own", folder)
    except ModelError as error:
        return Listed(
            name, "own", True, str(folder), None, None, None, "", (), None, None, problem=str(error)
        )


def _local(name: str, kind: str, folder: Path | None) -> Listed:
    place = folder or BUNDLED / NANO
    facts, says = card(str(place)), _json(place / SETTINGS)
    adapter = (place / ADAPTER).is_file()
    base = base_of(place) if adapter else None
    size = _parameters(base) if base else facts["parameters"]
    return Listed(
        name,
        kind,
        True,
        str(place),
        base,
        facts["parameters"],
        sum(path.stat().st_size for path in place.iterdir() if path.is_file()),
        _needs(size or facts["parameters"]),
        tuple(says.get("answers", ("objects", "grid"))),
        _learned_from(says.get("data"))
        if folder
        else "Satellite Images of Water Bodies (Kaggle), 1,781 images",
        facts["licence"] or ("GPL-3.0-or-later" if folder is None else None),
        facts["iou_per_image"],
        facts["iou_pooled"],
        facts["gained"],
    )


def _learned_from(said: object) -> str | None:
    """A set in words, from what a model's settings say of it, if that is what they should."""
    if isinstance(said, dict):
        said = f"{said.get('name', '?')}, {said.get('chips', '?')} chips"
    return said if isinstance(said, str) else None


def _hub(name: str) -> Listed:
    folder = find_local(name)
    size = _parameters(name)
    known = name in KNOWN or f"google/{name}" in KNOWN
    return Listed(
        name,
        "hub",
        folder is not None,
        str(folder) if folder else None,
        None,
        size,
        sum(path.stat().st_size for path in folder.iterdir()) if folder else None,
        _needs(size),
        ("objects", "grid"),
        _GOOGLE_DATA if known else None,
        _GOOGLE_LICENCE if known else None,
    )


def _parameters(name: str) -> int | None:
    for key, size in _SIZES.items():
        if key in name:
            return int(size)
    folder = BUNDLED / NANO if name == NANO else find_local(name)
    count: int | None = card(str(folder))["parameters"] if folder else None
    return count


def _needs(parameters: int | None) -> str:
    """Which device a model wants: 16-bit weights, and some room to work."""
    if parameters is None:
        return ""
    if parameters < 2e8:
        return "any computer"
    return f"a GPU with {max(2, round(parameters * 2.6 / 1e9))} GB"


def _is_model(path: Path) -> bool:
    return (path / CHECKPOINT).is_file() or (path / ADAPTER).is_file()


def _remembered() -> dict[str, str]:
    found = _json(cache_folder() / _REGISTRY)
    return {name: path for name, path in found.items() if isinstance(path, str)}


def _write(known: dict[str, str]) -> None:
    path = cache_folder() / _REGISTRY
    part = path.with_suffix(".part")
    part.write_text(json.dumps(known, indent=2), "utf-8")
    part.replace(path)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
