# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the bundled model: mask head and tower first, tokens on top of what they learned.

    python training/nano/train.py IMAGES --stage dense128 --minutes 30 -o runs/nano
    python training/nano/train.py IMAGES --stage dense256 --minutes 60 --init runs/nano/dense128.pt

IMAGES is a folder with `images/` and `masks/`. Each stage leaves `STAGE.pt` in the output
folder: the weights, their running average and the step.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from codes import Suffixes, Words, alike_codes, disturb, make_suffixes
from data import CropSampler, batches, load_pairs, suspicious, validation_names
from losses import mask_losses, trusted
from model import PATCH_PX, Nano, nano_config
from precision import lowered
from quick_eval import quick_iou
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoTokenizer, PaliGemmaForConditionalGeneration

from waterseg_core.maskcodec_net import MaskVQVAE


@dataclass(frozen=True)
class Stage:
    """One stage: crop size, batch, peak learning rate, weight decay.

    `left_out` crops of a batch, the ones it agrees least with, are taken for mislabelled.
    """

    size: int
    batch: int
    rate: float
    decay: float = 0.05
    left_out: int = 1


STAGES = {
    "dense128": Stage(size=128, batch=32, rate=1.5e-3, left_out=2),
    "dense256": Stage(size=256, batch=16, rate=5e-4),
    "all256": Stage(size=256, batch=16, rate=6e-4),
}


def rate_at(progress: float, steps: int, peak: float, warmup: int = 200) -> float:
    """Linear warm-up over `warmup` steps, then cosine to 2 % of the peak at progress 1."""
    cosine = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return peak * min(1.0, (steps + 1) / warmup) * cosine


def optimiser(model: Nano, stage: Stage) -> torch.optim.AdamW:
    """AdamW; norms, biases and embeddings are not decayed."""
    decay, plain = [], []
    for name, weight in model.named_parameters():
        (plain if weight.ndim < 2 or "embed" in name else decay).append(weight)
    groups = [
        {"params": decay, "weight_decay": stage.decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=stage.rate, betas=(0.9, 0.99))


class Average:
    """An exponential running average of a model's weights and statistics."""

    def __init__(self, model: Nano, decay: float = 0.998) -> None:
        self.model, self.decay = copy.deepcopy(model), decay

    @torch.no_grad()
    def feed(self, model: Nano, step: int) -> None:
        """Take in the weights after `step`; early steps count more, so that it can catch up."""
        keep = min(self.decay, (step + 1) / (step + 20))
        for mine, theirs in zip(
            self.model.state_dict().values(), model.state_dict().values(), strict=True
        ):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - keep)
            else:
                mine.copy_(theirs)


def to_tensors(
    rgb: object, mask: object, known: object, device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """Batches as float: pixels `(B, 3, S, S)` in -1..1, masks and known `(B, 1, S, S)` in 0..1."""
    rgb, mask, known = (torch.as_tensor(plane).to(device) for plane in (rgb, mask, known))
    pixels = rgb.permute(0, 3, 1, 2).float() / 127.5 - 1
    target, counts = (plane[:, None].float() / 255 for plane in (mask, known))
    return pixels.contiguous(memory_format=torch.channels_last), target, counts


class Teacher:
    """Codec, words and chance behind the token losses of one run."""

    def __init__(self, codec: Path, tokenizer: Path, seed: int, device: torch.device) -> None:
        tokens = AutoTokenizer.from_pretrained(tokenizer)
        ids = tokens.convert_tokens_to_ids(
            ["<loc0000>", "<seg000>", "\u2581water", tokens.eos_token]
        )
        self.words = Words(*ids)
        self.codec = MaskVQVAE()
        self.codec.load_state_dict({k: v.float() for k, v in load_file(codec).items()})
        self.codec.requires_grad_(False).eval()
        self.alike = alike_codes(self.codec).to(device)
        self.codec.to(device)
        self.rng = np.random.default_rng(seed)

    def suffixes(self, target: Tensor, cells: int) -> tuple[Suffixes, Tensor]:
        """What to predict, and the disturbed ids to predict it from."""
        found = make_suffixes(target, self.codec, self.words, cells, self.rng)
        return found, disturb(found.ids, self.words, 0.3, self.alike)


def dense_losses(
    model: Nano, states: Tensor, pixels: Tensor, target: Tensor, known: Tensor, left_out: int
) -> dict[str, Tensor]:
    """Losses of the mask head, and of what the states say by themselves."""
    side = pixels.shape[-1] // PATCH_PX
    with lowered(pixels.device.type):
        logits = model.head(states, pixels)
        coarse = model.head.coarse_logits(states, side, side)
    small, counts = (
        torch.nn.functional.interpolate(plane, size=coarse.shape[-2:], mode="area")
        for plane in (target, known)
    )
    return {
        "dense": trusted(mask_losses(logits, target, known), left_out),
        "coarse": 0.4 * trusted(mask_losses(coarse, small, counts), left_out),
    }


def fresh_model(tokenizer: Path) -> Nano:
    """A randomly initialised model for the vocabulary in the folder `tokenizer`."""
    tokens = AutoTokenizer.from_pretrained(tokenizer)
    prefix = [tokens.bos_token_id, *tokens.encode("segment water\n", add_special_tokens=False)]
    image = tokens.convert_tokens_to_ids("<image>")
    return Nano(nano_config(len(tokens), image), prefix)


def begin_with(model: Nano, path: Path) -> None:
    """Take the weights of a stage's average, or those of a checkpoint's folder."""
    if path.is_dir():
        model.paligemma.load_state_dict(
            PaliGemmaForConditionalGeneration.from_pretrained(
                path, dtype=torch.float32
            ).state_dict()
        )
        model.head.load_state_dict(load_file(path / "mask_head.safetensors"))
    else:
        stage = torch.load(path, weights_only=True, map_location="cpu")
        model.load_state_dict(stage["average"])


def train(args: argparse.Namespace) -> None:
    """Run one stage within its minutes."""
    torch.manual_seed(args.seed)
    stage = STAGES[args.stage]
    names = sorted(p.name for p in (args.images / "images").iterdir())
    held = validation_names()
    pairs = [
        p for p in load_pairs(args.images, [n for n in names if n not in held]) if not suspicious(p)
    ]
    print(f"{len(pairs)} images to learn from", flush=True)
    val = load_pairs(args.images, sorted(held.intersection(names))[:: args.val_every])
    device = torch.device(args.device)
    model = fresh_model(args.tokenizer)
    if args.init:
        begin_with(model, args.init)
    model.to(device)
    average, adam = Average(model), optimiser(model, stage)
    began, step = time.time(), 0
    shown: dict[str, float] = {}
    stream = batches(CropSampler(pairs, stage.size, args.seed), stage.batch, args.workers)
    looked = time.time()
    log = (args.out / f"{args.stage}.log").open("a")
    while (progress := (time.time() - began) / (60 * args.minutes)) < 1:
        pixels, target, known = to_tensors(*next(stream), device)
        for group in adam.param_groups:
            group["lr"] = rate_at(progress, step, stage.rate)
        with lowered(device.type):
            states, _ = model.run(pixels)
        parts = dense_losses(model, states, pixels, target, known, stage.left_out)
        loss = torch.stack(list(parts.values())).sum()
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        average.feed(model, step)
        step += 1
        for name, part in parts.items():
            shown[name] = 0.98 * shown.get(name, part.item()) + 0.02 * part.item()
        if step % 50 == 0:
            rate = step * stage.batch / (time.time() - began)
            told = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
            print(f"{step} {progress:.3f} {told} {rate:.1f}/s", file=log, flush=True)
        if time.time() - looked > 60 * args.look or progress > 0.9999:
            keep(args.out / f"{args.stage}.pt", model, average, step)
            print(step, json.dumps(quick_iou(average.model, val, stage.size)), file=log, flush=True)
            looked = time.time()
    keep(args.out / f"{args.stage}.pt", model, average, step)
    print(step, json.dumps(quick_iou(average.model, val, stage.size)), file=log, flush=True)


def keep(path: Path, model: Nano, average: Average, step: int) -> None:
    """Write weights and average atomically."""
    part = path.with_suffix(".part")
    torch.save(
        {"model": model.state_dict(), "average": average.model.state_dict(), "step": step}, part
    )
    part.replace(path)


def add_machine(parser: argparse.ArgumentParser) -> None:
    """The options that say where and with what a stage is trained."""
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare crops")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/nano"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--look", type=float, default=8, help="minutes between looks")
    parser.add_argument("--val-every", type=int, default=4, help="look at every n-th image")
    add_machine(parser)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    train(args)


if __name__ == "__main__":
    main()
