# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a trained stage into the checkpoint folder that the core loads.

    python training/nano/export.py runs/nano/all256.pt --tokenizer runs/nano/tokenizer \\
        -o waterseg_core/checkpoints/nano

The folder gets PaliGemma's files as `PaliGemmaForConditionalGeneration` and
`PaliGemmaProcessor` read them, the mask head and `waterseg.json`. The codec is already there.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from model import HEAD, Nano, save
from train import begin_with, fresh_model

THRESHOLDS = {"dense": 0.58}
TILES = {"dense": 688, "grid": 128, "objects": 128}
"""Side of a tile by answer, in the raster's pixels: one box says more about a smaller tile."""


def load(path: Path, tokenizer: Path) -> Nano:
    """The running average of a stage, in evaluation mode."""
    model = fresh_model(tokenizer)
    model.load_state_dict(torch.load(path, weights_only=True, map_location="cpu")["average"])
    return model.eval()


def blended(model: Nano, before: Path, shares: tuple[float, float], tokenizer: Path) -> Nano:
    """A share of the model's weights and the rest of those that it was trained on from.

    shares: of the PaliGemma's, and of the mask head's.

    The mean of two ends of a training is as good on water and much better on dry land than either
    (Wortsman et al. 2022, arXiv:2203.05482, call it a soup).
    """
    other = fresh_model(tokenizer)
    begin_with(other, before)
    mine, theirs = model.state_dict(), other.state_dict()
    mixed = {
        name: value.lerp(theirs[name], 1 - shares[name.startswith("head.")])
        if value.is_floating_point()
        else value
        for name, value in mine.items()
    }  # not in place: words that are read and words that are said are one tensor
    model.load_state_dict(mixed)
    return model


def settings() -> dict[str, object]:
    """What the checkpoint says about itself (`waterseg.json`)."""
    return {
        "answer": "dense",
        "answers": ["dense", "grid", "objects"],
        "grid": 4,
        "threshold": THRESHOLDS,
        "tile": TILES,
        "looks": 2,
        "codec": "codec.safetensors",
        "head": HEAD,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--blend", type=Path, help="a checkpoint's folder, or a stage, to mix in")
    parser.add_argument(
        "--shares",
        type=float,
        nargs=2,
        default=(0.8, 0.65),
        help="how much of STAGE there is then in the PaliGemma and in the mask head",
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for file in args.tokenizer.iterdir():
        shutil.copy(file, args.out / file.name)
    model = load(args.stage, args.tokenizer)
    if args.blend is not None:
        model = blended(model, args.blend, args.shares, args.tokenizer)
    save(model, args.out)
    (args.out / "waterseg.json").write_text(json.dumps(settings(), indent=2) + "\n")
    size = sum(f.stat().st_size for f in args.out.iterdir())
    print(f"{args.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
