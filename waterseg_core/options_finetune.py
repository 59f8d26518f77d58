# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg finetune`, declared as those of `segment` are."""

from __future__ import annotations

from dataclasses import dataclass

from waterseg_core.optionfield import check_all, option
from waterseg_core.options import DEVICES, MODEL

METHODS = ("auto", "full", "lora", "qlora", "frozen-tower")
ANSWERS = ("auto", "dense", "grid", "objects")
PRECISIONS = ("auto", "bf16", "fp32")
TRAINING, LIMITS, VARIETY = "Training", "Limits", "Variety"


@dataclass(frozen=True, kw_only=True)
class FinetuneOptions:
    """What is trained, how, and for how long. Raises OptionError when a value makes no sense.

    Where the default is None, the recipe for the model and the size of the set decides
    (`finetuning.recipes`).
    """

    model: str = option(
        "nano",
        help="The model to start from: nano, one that you made, a folder, or a name on the Hugging "
        "Face hub such as google/paligemma2-3b-pt-224.",
        group=MODEL,
        metavar="NAME",
    )
    revision: str | None = option(
        None,
        help="The revision of a model from the hub.",
        group=MODEL,
        metavar="HASH",
        default_text="the one that waterseg knows, else the newest",
    )
    method: str = option(
        "auto",
        help="What learns: full (everything), frozen-tower (everything but the vision tower), lora "
        "(small matrices beside the language model's), qlora (the same on 4-bit weights, CUDA "
        "only), or auto (full for models below a billion parameters, else lora).",
        group=MODEL,
        choices=METHODS,
    )
    answer: str = option(
        "auto",
        help="Which way of answering is trained: dense (a mask head), grid (16 codes in each cell "
        "of a grid), objects (boxes and codes, as PaliGemma's own tools), or auto (the model's "
        "own; dense if it has none).",
        group=MODEL,
        choices=ANSWERS,
    )
    device: str = option("auto", help="Where it trains.", group=MODEL, choices=DEVICES)
    devices: int = option(
        1,
        help="Train on so many devices side by side: NVIDIA GPUs, or processes on the CPU. A "
        "step's chips are dealt out among them, so the result is that of one device.",
        group=MODEL,
        unit="devices",
        low=1,
        high=64,
    )
    dtype: str = option(
        "auto",
        help="The precision of the arithmetic; weights that learn are kept in fp32.",
        group=MODEL,
        choices=PRECISIONS,
    )
    epochs: float | None = option(
        None,
        help="How often every chip is seen.",
        group=TRAINING,
        unit="times",
        low=0,
        high=100_000,
        open_ends=True,
        default_text="by the size of the set",
    )
    rate: float | None = option(
        None,
        help="The highest learning rate.",
        group=TRAINING,
        metavar="RATE",
        low=0,
        high=1,
        open_ends=True,
        default_text="by model and method",
    )
    batch: int | None = option(
        None,
        help="Chips per step; the memory may take them in parts.",
        group=TRAINING,
        unit="chips",
        low=1,
        high=4096,
        default_text="by the size of the set",
    )
    blend: float | None = option(
        None,
        help="The share of what was learned in the new model; the rest stays the model that it "
        "started from. Few chips teach the middle of both best. Not for adapters and models above "
        "300 million weights, which keep all.",
        group=TRAINING,
        metavar="SHARE",
        low=0.05,
        high=1,
        default_text="0.5 below 1,000 chips where a mask head learns on, else 1",
    )
    rank: int = option(
        16,
        help="The rank of the matrices of lora and qlora.",
        group=TRAINING,
        metavar="NUMBER",
        low=1,
        high=1024,
    )
    smoothing: float | None = option(
        None,
        help="Label smoothing of the tokens: the share of probability that goes to others.",
        group=TRAINING,
        metavar="SHARE",
        low=0,
        high=0.9,
        default_text="by the size of the set",
    )
    looks: int = option(
        12,
        help="How often the model is measured on the validation chips on the way.",
        group=TRAINING,
        unit="times",
        low=1,
        high=1000,
    )
    patience: int | None = option(
        None,
        help="Stop after so many looks without a better one.",
        group=TRAINING,
        unit="looks",
        low=1,
        high=1000,
        default_text="never where the bundled model learns on, else 5",
    )
    val_chips: int = option(
        64,
        help="Look at so many validation chips at most, evenly chosen.",
        group=TRAINING,
        unit="chips",
        low=1,
    )
    augment: bool = option(
        True,
        help="Turn, crop and recolour the chips.",
        group=VARIETY,
    )
    seed: int = option(
        0,
        help="The first seed of everything random.",
        group=VARIETY,
        metavar="NUMBER",
        low=0,
        high=4_000_000_000,
    )
    seeds: int = option(
        1,
        help="Train so many times from different seeds, and keep the best on validation.",
        group=VARIETY,
        metavar="NUMBER",
        low=1,
        high=100,
    )
    minutes: float | None = option(
        None,
        help="Plan for so many minutes at most, seeds together.",
        group=LIMITS,
        unit="minutes",
        low=0,
        open_ends=True,
        default_text="no limit",
    )
    keep_state: bool = option(
        False,
        help="Keep the state of the optimizer when it is finished.",
        group=LIMITS,
    )

    def __post_init__(self) -> None:
        """Check every value."""
        check_all(self)
