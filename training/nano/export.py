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
from train import fresh_model

THRESHOLDS = {"dense": 0.55}
TILES = {"dense": 448, "grid": 256, "objects": 128}
"""Side of a tile by answer, in the raster's pixels: one box says more about a smaller tile."""


def load(path: Path, tokenizer: Path) -> Nano:
    """The running average of a stage, in evaluation mode."""
    model = fresh_model(tokenizer)
    model.load_state_dict(torch.load(path, weights_only=True, map_location="cpu")["average"])
    return model.eval()


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
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for file in args.tokenizer.iterdir():
        shutil.copy(file, args.out / file.name)
    save(load(args.stage, args.tokenizer), args.out)
    (args.out / "waterseg.json").write_text(json.dumps(settings(), indent=2) + "\n")
    size = sum(f.stat().st_size for f in args.out.iterdir())
    print(f"{args.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
