# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains a U-Net on the images and the split that the bundled model was trained with.

    pip install segmentation-models-pytorch
    python benchmarks/unet/train.py IMAGES -o unet.pt --minutes 45
    python benchmarks/unet/train.py IMAGES -o unet.pt --minutes 45 --weights imagenet
    python benchmarks/unet/train.py IMAGES -o fine.pt --minutes 45 --init unet.pt --size 320

The crops are those of `training/nano/data.py`: the same images are left out, the same black frames
filled and not counted, the same turns and colours. Loss: cross-entropy plus soft Dice where the
mask is known. AdamW, a short warm-up, then cosine over the minutes of processor time; what is
kept is a running average of the weights. IoU on every eighth validation image, squashed to the
crop's size, is printed now and then, for the curve only: nothing is chosen by it.
"""

from __future__ import annotations

import argparse
import copy
import functools
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parents[2] / "training" / "nano"))
sys.path.insert(0, str(Path(__file__).parent))

from data import CropSampler, Pair, batches, load_pairs, suspicious, validation_names
from precision import lowered
from unet import build, normalised

WARM_UP, AVERAGE = 100, 0.995


def loss_of(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice over the known pixels of each crop; all `(B, 1, S, S)`."""
    every = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    entropy = (every * known).sum((1, 2, 3)) / known.sum((1, 2, 3)).clamp(min=1)
    probability = logits.sigmoid() * known
    both = (probability * target).sum((1, 2, 3))
    sizes = probability.sum((1, 2, 3)) + (target * known).sum((1, 2, 3))
    return (entropy + 1 - (2 * both + 1) / (sizes + 1)).mean()


def rate_at(progress: float, step: int, peak: float) -> float:
    """Linear warm-up, then cosine to 1 % of the peak at progress 1."""
    cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return peak * min(1.0, (step + 1) / WARM_UP) * cosine


@torch.no_grad()
def follow(average: Any, net: Any, step: int) -> None:
    """Move the running average towards the weights; early steps count more."""
    keep = min(AVERAGE, (step + 1) / (step + 20))
    mine, theirs = average.state_dict(), net.state_dict()
    for name, value in mine.items():
        if value.is_floating_point():
            value.lerp_(theirs[name], 1 - keep)
        else:
            value.copy_(theirs[name])


def squashed(plane: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(Image.fromarray(plane).resize((size, size), Image.Resampling.BILINEAR))


@torch.inference_mode()
def quick_iou(net: Any, pairs: list[Pair], size: int) -> tuple[float, float]:
    """IoU per image and pooled of squashed images, at threshold 0.5."""
    both, either = [], []
    net.eval()
    for pair in pairs:
        pixels = torch.from_numpy(np.array(squashed(pair.rgb, size))).permute(2, 0, 1)[None]
        found = net(normalised(pixels.float()))[0, 0].numpy() > 0
        known, truth = squashed(pair.known, size) > 127, squashed(pair.mask, size) > 127
        both.append((found & truth & known).sum())
        either.append(((found | truth) & known).sum())
    each = [b / e if e else 1.0 for b, e in zip(both, either, strict=True)]
    return float(np.mean(each)), float(np.sum(both) / max(np.sum(either), 1))


def keep(path: Path, net: Any, told: dict[str, Any]) -> None:
    """Write weights and what is known of them, whole or not at all."""
    part = path.with_suffix(".part")
    torch.save({**told, "weights": net.state_dict()}, part)
    part.replace(path)


def train(args: argparse.Namespace) -> None:
    """Train for the minutes, and keep the average now and then."""
    torch.manual_seed(args.seed)
    held = validation_names()
    names = sorted(path.name for path in (args.images / "images").iterdir())
    pairs = load_pairs(args.images, [name for name in names if name not in held])
    pairs = [pair for pair in pairs if not suspicious(pair)]
    looked_at = load_pairs(args.images, sorted(held)[::8])
    print(f"{len(pairs)} images to learn from", flush=True)
    net = build(args.encoder, args.weights).to(memory_format=torch.channels_last)
    if args.init:
        net.load_state_dict(torch.load(args.init, weights_only=True)["weights"])
    average = copy.deepcopy(net)
    adam = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.01)
    crops = batches(CropSampler(pairs, args.size, args.seed), args.batch)
    looked = time.time()
    worked = functools.partial(minutes_worked, args.threads)
    step, shown = 0, 1.0
    told = {"encoder": args.encoder, "start": args.weights or "scratch", "images": len(pairs)}
    while (progress := worked() / args.minutes) < 1:
        for group in adam.param_groups:
            group["lr"] = rate_at(progress, step, args.rate)
        shown += 0.02 * (step_on(net, adam, next(crops)) - shown)
        follow(average, net, step)
        step += 1
        if time.time() - looked > 60 * args.look:
            told |= {"crops": step * args.batch, "minutes": worked()}
            report(args, average, told, looked_at, shown)
            looked = time.time()
    told |= {"crops": step * args.batch, "minutes": worked()}
    report(args, average, told, looked_at, shown)


def minutes_worked(threads: int) -> float:
    """Minutes that this process has had of its processors: others on the machine do not count."""
    return time.process_time() / 60 / threads


def step_on(net: Any, adam: torch.optim.Optimizer, crops: list[np.ndarray]) -> float:
    """One step on uint8 crops `(B, S, S, 3)`, masks and known `(B, S, S)`; the loss."""
    net.train()
    rgb, mask, known = (torch.from_numpy(plane).float() for plane in crops)
    pixels = normalised(rgb.permute(0, 3, 1, 2)).contiguous(memory_format=torch.channels_last)
    with lowered("cpu"):
        logits = net(pixels)
    loss = loss_of(logits.float(), mask[:, None] / 255, known[:, None] / 255)
    adam.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    adam.step()
    return float(loss.detach())


def report(
    args: argparse.Namespace, average: Any, told: dict[str, Any], pairs: list[Pair], loss: float
) -> None:
    """Keep the average, and print how good it looks."""
    keep(args.out, average, told)
    per_image, pooled = quick_iou(average, pairs, args.size)
    print(json.dumps({**told, "loss": loss, "per_image": per_image, "pooled": pooled}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, help="the folder with images/ and masks/")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--encoder", default="resnet18")
    parser.add_argument("--weights", choices=["imagenet"], help="else from scratch")
    parser.add_argument("--init", type=Path, help="begin with the weights of another run")
    parser.add_argument("--size", type=int, default=256, help="side of a crop for the net")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--look", type=float, default=5, help="minutes between looks")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    train(args)


if __name__ == "__main__":
    main()
