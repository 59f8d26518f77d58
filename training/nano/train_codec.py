# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the bundled mask codec on water masks; one command, minutes on two CPU cores.

    python training/nano/train_codec.py MASKS --out codec.safetensors --minutes 15

A plain autoencoder warms up first; k-means over its features then makes the codebook, and
from there on codes follow running averages (EMA), dead ones are revived, and gradients pass
straight through. `--decoder-only FILE` polishes the decoder of a finished codec.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from codec_crops import training_crops
from precision import lowered
from safetensors.torch import load_file, save_file
from split import validation_names
from torch import Tensor
from torch.nn import functional

from waterseg_core.maskcodec_net import CODES, MaskVQVAE

BATCH = 64
WARM_UP = 0.1  # share of the time for the plain autoencoder
EMA_DECAY = 0.99
COMMITMENT = 0.25
DEAD = 0.02  # a code used less than this share of the mean is revived


def augment(masks: Tensor, generator: torch.Generator) -> Tensor:
    """One of the eight symmetries of the square per quarter of the batch; (n, 64, 64)."""
    parts = []
    for part in masks.chunk(8):
        turns, flip = torch.randint(0, 8, (1,), generator=generator).item() % 4, None
        flip = bool(torch.randint(0, 2, (1,), generator=generator))
        turned = torch.rot90(part, int(turns), (1, 2))
        parts.append(turned.flip(2) if flip else turned)
    return torch.cat(parts)


def reconstruction_loss(raw: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy of sigmoid(2 raw) plus half of 1 - soft IoU; the IoU is per mask."""
    prob = torch.sigmoid(2 * raw)
    entropy = functional.binary_cross_entropy_with_logits(2 * raw, masks)
    shared = (prob * masks).sum((1, 2))
    union = (prob + masks - prob * masks).sum((1, 2))
    return entropy + 0.5 * (1 - (shared + 4) / (union + 4)).mean()


@torch.no_grad()
def k_means(points: Tensor, count: int, rounds: int, generator: torch.Generator) -> Tensor:
    """Centres (count, d) of points (n, d); an empty cluster restarts at a random point."""
    centres = points[torch.randperm(len(points), generator=generator)[:count]].clone()
    for _ in range(rounds):
        owner = (centres.square().sum(1) - 2 * points @ centres.T).argmin(1)
        size = torch.bincount(owner, minlength=count)
        total = torch.zeros_like(centres).index_add_(0, owner, points)
        centres = total / size.clamp(min=1)[:, None]
        empty = (size == 0).nonzero()[:, 0]
        centres[empty] = points[torch.randint(0, len(points), (len(empty),), generator=generator)]
    return centres


@torch.no_grad()
def set_codebook(net: MaskVQVAE, centres: Tensor, size: float) -> None:
    """Start the running averages at the given centres, each with `size` members."""
    book = net._vq_vae
    book._embedding.copy_(centres)
    book._ema_cluster_size.fill_(size)
    book._ema_w.copy_(centres * size)


@torch.no_grad()
def update_codebook(net: MaskVQVAE, flat: Tensor, owner: Tensor) -> int:
    """Move each code towards the mean of its features; returns how many were revived."""
    book = net._vq_vae
    size = torch.bincount(owner, minlength=CODES).float()
    total = torch.zeros_like(book._ema_w).index_add_(0, owner, flat)
    book._ema_cluster_size.lerp_(size, 1 - EMA_DECAY)
    book._ema_w.lerp_(total, 1 - EMA_DECAY)
    mean = float(book._ema_cluster_size.mean())
    dead = (book._ema_cluster_size < DEAD * mean).nonzero()[:, 0]
    if len(dead):
        book._ema_cluster_size[dead] = mean
        book._ema_w[dead] = flat[torch.randint(0, len(flat), (len(dead),))] * mean
    book._embedding.copy_(book._ema_w / book._ema_cluster_size.clamp(min=1e-5)[:, None])
    return len(dead)


def save(net: MaskVQVAE, path: Path) -> None:
    """Write the state as fp16, whole or not at all."""
    state = {name: value.half().contiguous() for name, value in net.state_dict().items()}
    temporary = path.with_suffix(".part")
    save_file(state, temporary, metadata={"format": "waterseg mask codec, names of vae-oid.npz"})
    temporary.replace(path)


class Trainer:
    """Steps, schedule and running average of the weights."""

    def __init__(self, net: MaskVQVAE, args: argparse.Namespace) -> None:
        self.net, self.args = net, args
        self.quantise = bool(args.decoder_only or args.start)
        self.generator = torch.Generator().manual_seed(args.seed)
        parts = [net.decoder] if args.decoder_only else [net.encoder, net.decoder]
        self.weights = [p for part in parts for p in part.parameters()]
        self.optimizer = torch.optim.AdamW(self.weights, lr=args.rate, weight_decay=1e-4)
        self.revived = 0

    def rate(self, progress: float) -> None:
        """A short ramp, then a cosine to zero over the time given."""
        ramp = min(1.0, progress / 0.01)
        for group in self.optimizer.param_groups:
            group["lr"] = self.args.rate * ramp * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))

    def begin_codes(self, bank: Tensor) -> None:
        """Make the codebook from what the warmed-up encoder says of 4,000 masks."""
        chosen = torch.randint(0, len(bank), (4000,), generator=self.generator)
        with torch.no_grad(), lowered("cpu"):
            features = self.net.features(bank[chosen].float() / 255).float().flatten(0, 2)
        centres = k_means(features, CODES, 12, self.generator)
        set_codebook(self.net, centres, BATCH * 16 / CODES)
        self.quantise = True

    def loss(self, masks: Tensor, progress: float) -> Tensor:
        """Forward of one batch; moves the codebook on the way."""
        frozen = self.args.decoder_only is not None
        with lowered("cpu"), torch.set_grad_enabled(not frozen):
            features = self.net.features(masks).float()
        if not self.quantise:
            with lowered("cpu"):
                raw = self.net.decode_features(features)
            return reconstruction_loss(raw.float(), masks)
        owner = self.net.nearest(features.detach())
        chosen = self.net.codebook[owner]
        if not frozen and progress < 0.9:
            self.revived += update_codebook(
                self.net, features.detach().flatten(0, 2), owner.flatten()
            )
        passed = features + (chosen - features).detach()
        with lowered("cpu"):
            raw = self.net.decode_features(passed)
        loss = reconstruction_loss(raw.float(), masks)
        return loss if frozen else loss + COMMITMENT * functional.mse_loss(features, chosen)

    def step(self, bank: Tensor, progress: float) -> float:
        """One step of the optimizer on a random batch."""
        self.rate(progress)
        index = torch.randint(0, len(bank), (BATCH,), generator=self.generator)
        masks = augment(bank[index].float() / 255, self.generator)
        loss = self.loss(masks, progress)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        return float(loss.detach())


@torch.no_grad()
def round_trip(net: MaskVQVAE, held: Tensor) -> float:
    """Mean IoU per crop of uint8 (n, 64, 64) through the codes."""
    masks = held.float() / 255
    with lowered("cpu"):
        raw = net.decode(net.encode(masks)).float()
    found, truth = raw > 0, masks > 0.5
    union = (found | truth).sum((1, 2)).clamp(min=1)
    return float(((found & truth).sum((1, 2)) / union).mean())


def train(net: MaskVQVAE, bank: Tensor, held: Tensor, args: argparse.Namespace) -> None:
    """Train for the minutes given, saving as it goes."""
    trainer = Trainer(net, args)
    began = reported = time.monotonic()
    total, steps, losses = args.minutes * 60, 0, 0.0
    while (progress := (time.monotonic() - began) / total) < 1:
        if not trainer.quantise and progress > WARM_UP:
            trainer.begin_codes(bank)
        losses += trainer.step(bank, progress)
        steps += 1
        if time.monotonic() - reported > args.report:
            reported = time.monotonic()
            used = len(net.encode(held.float() / 255).unique())
            print(
                f"{(reported - began) / 60:5.1f} min  step {steps}  "
                f"loss {losses / steps:.4f}  IoU {round_trip(net, held):.4f}  codes used {used}"
                f"  revived {trainer.revived}",
                flush=True,
            )
            losses, trainer.revived = 0.0, 0
            steps = 0
            save(net, args.out)
    save(net, args.out)
    print(f"done: IoU {round_trip(net, held):.4f}")


def main() -> None:
    """Train the codec."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--windows", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report", type=float, default=45, help="seconds between reports")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bank", type=Path, help="keep the crops in this .npy file")
    parser.add_argument("--decoder-only", type=Path, help="a codec whose codes stay as they are")
    parser.add_argument("--start", type=Path, help="a codec to go on from")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    if args.bank and args.bank.exists():
        crops = np.load(args.bank)
    else:
        crops = training_crops(args.masks, validation_names(), args.windows, args.seed)
        if args.bank:
            np.save(args.bank, crops)
    order = np.random.default_rng(args.seed).permutation(len(crops))
    held, bank = torch.from_numpy(crops[order[:512]]), torch.from_numpy(crops[order[512:]])
    print(
        f"{len(bank)} crops, mean water {float(bank[:2000].float().mean()) / 255:.2f}", flush=True
    )
    net = MaskVQVAE()
    if start := args.decoder_only or args.start:
        net.load_state_dict({name: value.float() for name, value in load_file(start).items()})
    train(net.to(memory_format=torch.channels_last), bank, held, args)


if __name__ == "__main__":
    main()
