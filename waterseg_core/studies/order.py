# SPDX-License-Identifier: GPL-3.0-or-later
"""Order: what somebody wants to have trained or evaluated, said in JSON and checked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.jobs_description import options_for_jobs, options_of
from waterseg_core.optionfield import Spec, option
from waterseg_core.options_evaluate import TRUTH, EvaluateOptions
from waterseg_core.options_finetune import FinetuneOptions

__all__ = ["EVALUATE", "FINETUNE", "KINDS", "OPTIONS", "EvaluateWishes", "Order", "check_name"]

KINDS = FINETUNE, EVALUATE = ("finetune", "evaluate")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
#: The zip of a set is sent in parts of so many bytes.
PART_BYTES = 8 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")
#: Options that belong to the server.
_SERVERS = {"device", "devices", "dtype", "revision", "keep_state"}
#: Options of an evaluation that name files, or that make no sense for a set.
_FILES = {
    *("images", "masks", "names", "truth", "window", "bands", "adapter", "codec", "report"),
    *("overwrite", "resume", "device", "dtype"),
}


@dataclass(frozen=True, kw_only=True)
class EvaluateWishes(EvaluateOptions):
    """What an evaluation of a set that was sent can be asked for."""

    split: str = option(
        "auto",
        help="Which part of the set is judged: auto is test, else val.",
        group=TRUTH,
        choices=("auto", "train", "val", "test"),
    )

    def __post_init__(self) -> None:
        """Check every value. Raises OptionError."""
        super().__post_init__()
        if self.truth_codec not in ("google", "nano"):
            raise OptionError(f"--truth-codec {self.truth_codec}: must be google or nano.")


#: The options that an order of each kind may have.
OPTIONS: dict[str, tuple[Spec, ...]] = {
    FINETUNE: options_for_jobs(FinetuneOptions, _SERVERS),
    EVALUATE: options_for_jobs(EvaluateWishes, _FILES),
}
_VERBS: dict[str, type] = {FINETUNE: FinetuneOptions, EVALUATE: EvaluateWishes}


@dataclass(frozen=True)
class Order:
    """What is wanted.

    name: of the new model, or of the evaluation. bytes, sha256: of the set's zip. options: a
    `FinetuneOptions` or `EvaluateWishes`. given: the options that were named. ask: wait for a
    yes to the estimate. part_bytes: of the parts that the zip is sent in.
    """

    kind: str
    name: str
    bytes: int
    sha256: str
    options: Any
    given: Mapping[str, Any]
    ask: bool
    part_bytes: int

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Order:
        """Read what JSON says (docs/PROTOCOL.md). Raises OptionError."""
        kind, name, sent = words["kind"], str(words["name"]), words["set"]
        check_name(name)
        if not SHA256.fullmatch(str(sent["sha256"])):
            raise OptionError("set.sha256: must be 64 hexadecimal digits in lower case.")
        if int(sent["bytes"]) < 1:
            raise OptionError("set.bytes: an empty file is no set.")
        given = dict(words.get("options") or {})
        options: Any = options_of(_VERBS[kind], OPTIONS[kind], given)
        ask = bool(words.get("ask")) and kind == FINETUNE
        part = int(words.get("part_bytes", PART_BYTES))
        size, sha256 = int(sent["bytes"]), str(sent["sha256"])
        return cls(kind, name, size, sha256, options, given, ask, part)

    def words(self) -> dict[str, Any]:
        """The same as JSON says it."""
        sent = {"bytes": self.bytes, "sha256": self.sha256, "file": "zip"}
        return {
            "kind": self.kind,
            "name": self.name,
            "set": sent,
            "options": dict(self.given),
            "ask": self.ask,
            "part_bytes": self.part_bytes,
        }

    def named(self, name: str) -> Order:
        """The same under another name."""
        return dataclasses.replace(self, name=name)

    @property
    def models(self) -> list[str]:
        """The models that it needs, as the server calls them."""
        names = [self.options.model]
        if self.kind == EVALUATE and self.options.baseline is not None:
            names.append(self.options.baseline)
        return names

    @property
    def seeds(self) -> int:
        """How many trainings it is."""
        return self.options.seeds if self.kind == FINETUNE else 1


def check_name(name: str) -> None:
    """Raise OptionError for what cannot be the name of a model."""
    if not NAME.fullmatch(name) or name.endswith("."):
        raise OptionError(
            f"name {name[:80]!r}: take letters from a to z, digits, '-', '_' and '.', 60 at most, "
            "a letter or a digit first and no '.' at the end."
        )
