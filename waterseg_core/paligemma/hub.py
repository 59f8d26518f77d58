# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a model is: bundled, in a folder, or on the Hugging Face hub (and then, which revision).

Revisions of known models are pinned. Where none is pinned, the revision that the hub names at
the first download is written down in the cache folder and used from then on, so that the same
name gives the same model next year.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelAccessError, ModelError
from ..places import cache_folder
from .fingerprint import fingerprint

BUNDLED = Path(__file__).parents[1] / "checkpoints"
NANO = "nano"

#: Known checkpoints and the revision to use; None: the one that the first download finds.
KNOWN: dict[str, str | None] = {
    "google/paligemma-3b-mix-224": "d1d8734c9c3ad0ccfeea4afc270faa356c2ba515",
    "google/paligemma-3b-mix-448": "ead2d9a35598cb89119af004f5d023b311d1c4a1",
    "google/paligemma-3b-pt-224": "35e4f46485b4d07967e7e9935bc3786aad50687c",
    "google/paligemma-3b-pt-448": None,
    "google/paligemma-3b-pt-896": None,
    "google/paligemma2-3b-mix-224": "8e40ab4cc5df93dfb7fd2fff754bcdff8b62ee78",
    "google/paligemma2-3b-mix-448": "1406c92ec87d32cc6b983239278901b904ba7a51",
    "google/paligemma2-3b-pt-224": "96eeb174da13ca1a2b247e4d0867436296c36420",
    "google/paligemma2-3b-pt-448": None,
    "google/paligemma2-3b-pt-896": None,
    "google/paligemma2-10b-mix-224": None,
    "google/paligemma2-10b-mix-448": "b26d16fb4251090ba4a4aa5af9fca1f8248ed5b6",
    "google/paligemma2-10b-pt-224": None,
    "google/paligemma2-10b-pt-448": None,
    "google/paligemma2-10b-pt-896": None,
    "google/paligemma2-28b-mix-224": None,
    "google/paligemma2-28b-mix-448": None,
    "google/paligemma2-28b-pt-224": None,
    "google/paligemma2-28b-pt-448": None,
    "google/paligemma2-28b-pt-896": None,
}

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_FILES = ["*.json", "*.safetensors", "*.model"]
_PATIENCE_S = 20
_OFFLINE = "The bundled model works without any of this: --model nano."


@dataclass(frozen=True)
class Place:
    """A model's files: its name as results carry it, its revision, its folder."""

    name: str
    revision: str
    folder: Path


def find(name: str, revision: str | None = None, needs: str = "config.json") -> Place:
    """The files that a name means, downloaded if they are not on this computer.

    Parameters
    ----------
    name
        `nano`, a folder, or a name on the hub (`google/` may be left out of a known one).
    revision
        On the hub; None takes the known one.
    needs
        The file without which a folder is no model, or no adapter.

    Raises
    ------
    ModelError
        If there is nothing of that name, or the folder is something else.
    ModelAccessError
        If the hub does not give it.
    """
    folder = BUNDLED / NANO if name == NANO else Path(name).expanduser()
    if folder.is_dir():
        if not (folder / needs).is_file():
            raise ModelError(
                f"The folder {folder} holds no model that fits: it has no {needs}. Give the folder "
                "of a PaliGemma, or a model that `waterseg models` lists."
                if needs == "config.json"
                else f"The folder {folder} holds no adapter: it has no {needs}. Give the folder of "
                "a PEFT adapter."
            )
        return Place(NANO if name == NANO else folder.name, fingerprint(folder), folder)
    if folder.is_file():
        raise ModelError(f"The model {name} is a file. Give the folder that it is in.")
    if f"google/{name}" in KNOWN:
        name = f"google/{name}"
    if name == NANO or not _HUB_NAME.fullmatch(name) or name.startswith("."):
        raise ModelError(
            f"There is no model {name!r}: it is neither a folder nor a name on the Hugging Face"
            " hub such as google/paligemma2-3b-mix-448. `waterseg info` lists the models."
        )
    return _from_hub(name, revision, needs)


def models_at_hand() -> dict[str, str]:
    """The bundled and the known models: name to where each is."""
    found = {}
    if (BUNDLED / NANO / "config.json").is_file():
        found[NANO] = f"comes with waterseg ({fingerprint(BUNDLED / NANO)})"
    for name, pinned in KNOWN.items():
        revision = pinned or _recorded().get(name)
        local = _local(name, revision, "config.json")
        found[name] = f"on this computer ({local.name[:12]})" if local else "to be downloaded"
    return found


def find_local(name: str) -> Path | None:
    """The folder that a name means, if it is on this computer; nothing is downloaded."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    full = f"google/{name}" if f"google/{name}" in KNOWN else name
    if not _HUB_NAME.fullmatch(full) or full.startswith("."):
        return None
    return _local(full, KNOWN.get(full) or _recorded().get(full), "config.json")


def _from_hub(name: str, revision: str | None, needs: str) -> Place:
    wanted = revision or KNOWN.get(name) or _recorded().get(name)
    folder = _local(name, wanted, needs) or _download(name, wanted)
    if not (folder / needs).is_file():
        raise ModelError(f"{name} on the hub holds no model that fits: it has no {needs}.")
    commit = folder.name
    if wanted is None:
        _record(name, commit)
    return Place(name, commit, folder)


def _local(name: str, revision: str | None, needs: str) -> Path | None:
    """The folder of a snapshot that is wholly on this computer."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(
            snapshot_download(name, revision=revision, local_files_only=True, allow_patterns=_FILES)
        )
    except (OSError, ValueError):
        return None
    return folder if (folder / needs).is_file() and _has_weights(folder) else None


def _has_weights(folder: Path) -> bool:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return any(folder.glob("*.safetensors"))
    shards = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    return all((folder / shard).is_file() for shard in shards)


def _download(name: str, revision: str | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download

    try:
        # Asked first, because it fails at once where the download would try again and again.
        commit = HfApi().model_info(name, revision=revision, timeout=_PATIENCE_S).sha
        return Path(snapshot_download(name, revision=commit, allow_patterns=_FILES))
    except Exception as error:  # the hub's library and the network below it raise many kinds
        raise ModelAccessError(_why_not(name, revision, error)) from error


def _why_not(name: str, revision: str | None, error: Exception) -> str:
    from huggingface_hub import errors

    page = f"https://huggingface.co/{name}"
    if isinstance(error, errors.GatedRepoError) or "401" in str(error) or "403" in str(error):
        return (
            f"The model {name} is given only to those who accepted its licence: log in at {page},"
            " accept it there, then run `hf auth login` or set HF_TOKEN, and try again."
            f" {_OFFLINE}"
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return f"The model {name} has no revision {revision}: see {page}/commits/main. {_OFFLINE}"
    if isinstance(error, errors.RepositoryNotFoundError):
        return (
            f"The hub knows no model {name}, or not for you: check the name, and if it is private"
            f" run `hf auth login` or set HF_TOKEN. {_OFFLINE}"
        )
    first = first_line(error)
    return (
        f"The model {name} is not on this computer and could not be fetched ({first}). Check the"
        f" network; a gated model also needs its licence accepted at {page} and"
        f" `hf auth login` or HF_TOKEN. {_OFFLINE}"
    )


def first_line(error: Exception) -> str:
    """What another library's error says first, fit for the middle of a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(". ")


def _recorded() -> dict[str, str]:
    """The revisions that first downloads found."""
    try:
        found = json.loads((cache_folder() / "revisions.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _record(name: str, commit: str) -> None:
    path = cache_folder() / "revisions.json"
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(_recorded() | {name: commit}, indent=2), "utf-8")
        part.replace(path)
    except OSError:
        return  # a cache that cannot be written is no reason not to segment
