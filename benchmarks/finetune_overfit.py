# SPDX-License-Identifier: GPL-3.0-or-later
"""Can a model learn eight chips by heart? What it then says, beside what codes can say at all.

    python benchmarks/finetune_overfit.py IMAGES MASKS --answer grid
    python benchmarks/finetune_overfit.py IMAGES MASKS --answer objects --epochs 400

A pipeline from mask to tokens to loss to decoding with a mistake anywhere in it does not reach
this: eight chips, learned without augmentation and measured on themselves through the real
segmenter. The ceiling is what their true codes decode to, on the same pixels.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from waterseg_core.dataset.answer import answer_of, iou_of, say_again
from waterseg_core.dataset.folder import About, Chip, write_index, write_picture
from waterseg_core.finetuning import Progress, finetune
from waterseg_core.maskcodec import MaskCodec, crop_to_box, paste
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.paligemma.grid import grid_boxes
from waterseg_core.tokens import bins_to_box

SIDE, CHIPS, CELLS = 256, 8, 4


def pairs(images: Path, masks: Path, seed: int) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Middles of images with some water and no black frame."""
    found: list[tuple[str, np.ndarray, np.ndarray]] = []
    names = sorted(path.name for path in images.iterdir())
    for name in np.random.default_rng(seed).permutation(names):
        rgb = np.asarray(Image.open(images / name).convert("RGB"))
        grey = np.asarray(Image.open(masks / name).convert("L"))
        top, left = (grey.shape[0] - SIDE) // 2, (grey.shape[1] - SIDE) // 2
        if min(top, left) < 0:
            continue
        part = np.s_[top : top + SIDE, left : left + SIDE]
        wet = (grey[part] > 127).astype(np.uint8)
        if 0.1 < wet.mean() < 0.7 and (rgb[part].max(-1) <= 16).mean() < 0.01:
            found.append((Path(name).stem, rgb[part], wet))
        if len(found) == CHIPS:
            break
    return found


def ceiling(wet: np.ndarray, codec: MaskCodec, answer: str) -> float:
    """IoU of a mask with what its true codes decode to."""
    if answer == "objects":
        said = say_again(answer_of(wet, ("water",), codec).instances, ("water",), codec, SIDE, SIDE)
        return iou_of(wet, said)
    boxes = [bins_to_box(box) for box in grid_boxes(CELLS)]
    raws = codec.decode(codec.encode(np.stack([crop_to_box(wet > 0, box) for box in boxes])))
    soft = np.max([paste(raw, box, SIDE, SIDE) for raw, box in zip(raws, boxes, strict=True)], 0)
    return iou_of(wet, (soft > 0.5).astype(np.uint8))


def write_set(folder: Path, some: list[tuple[str, np.ndarray, np.ndarray]]) -> Path:
    """The chips as a set whose validation chips are those that it learns from."""
    codec, chips = MaskCodec.load(), []
    for split in ("train", "val"):
        (folder / split).mkdir(parents=True)
        (folder / "masks").mkdir(exist_ok=True)
        for name, rgb, wet in some:
            chip = f"{split}-{name}"
            write_picture(folder / split / f"{chip}.png", rgb)
            write_picture(folder / "masks" / f"{chip}.png", wet)
            suffix = answer_of(wet, ("water",), codec).suffix
            chips.append(Chip(chip, split, suffix, group=name))
    about = About("segment water", ("water",), "waterseg nano", codec.sha256, {})
    write_index(folder, about, chips)
    return folder


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--answer", choices=("grid", "objects", "dense"), default="grid")
    parser.add_argument("--epochs", type=float, default=150)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--model", default="nano")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("-o", "--out", type=Path, help="keep set and model here")
    args = parser.parse_args()
    place = args.out or Path(tempfile.mkdtemp(prefix="overfit-"))
    some = pairs(args.images, args.masks, args.seed)
    options = FinetuneOptions(
        model=args.model,
        answer=args.answer,
        epochs=args.epochs,
        rate=args.rate,
        smoothing=0.0,
        augment=False,
        batch=CHIPS,
        patience=1000,
        looks=max(1, round(args.epochs / 50)),
    )

    def show(done: Progress) -> None:
        if done.look:
            loss = "" if done.loss is None else f"loss {done.loss:.3f}, "
            print(f"step {done.step}: {loss}IoU {done.look.iou:.3f}", flush=True)

    outcome = finetune(options, write_set(place / "set", some), place / "model", progress=show)
    codec = MaskCodec.load()
    best = (
        1.0
        if args.answer == "dense"
        else float(np.mean([ceiling(wet, codec, args.answer) for _, _, wet in some]))
    )
    assert outcome.best is not None
    reached = outcome.best.iou
    print(
        json.dumps(
            {
                "answer": args.answer,
                "ceiling": round(best, 4),
                "iou": round(reached, 4),
                "share": round(reached / best, 4),
                "minutes": round(outcome.seconds / 60, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
