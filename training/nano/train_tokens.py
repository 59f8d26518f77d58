# SPDX-License-Identifier: GPL-3.0-or-later
"""Teaches a model that knows water with its mask head to say it in tokens as well.

    python training/nano/train_tokens.py IMAGES --init runs/nano/dense256.pt --minutes 60
    python training/nano/train_tokens.py IMAGES --init runs/nano/tokens256.pt --minutes 40 --joint

At first only the decoder learns: the vision tower and the head stay as they are, and the
decoder's states at the image positions are held to what they were (`anchor`), so that the mask
head goes on as before while the decoder learns to answer. It has to look first at the
right place: for this, two layers are asked to tell the place of every position (`place`), of
image tokens where they are and of code positions where their sixteenth of the box is, in the
same linear code, and one head in each is shown where to look (`guide`). And the last state of a
code position is asked for the water in its sixteenth of the box as such, in 4 x 4 parts
(`content`): that is learned long before 128 codes are.

With `--joint` everything learns, the mask head too: masks and tokens, from the same crops.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from codes import BOX, CODES, code_loss
from data import CropSampler, batches, load_pairs, suspicious, validation_names
from guide import LAYERS, SIDE, Guide
from model import HIDDEN, Nano
from precision import lowered
from torch import Tensor, nn
from train import (
    STAGES,
    Average,
    Teacher,
    add_machine,
    begin_with,
    dense_losses,
    fresh_model,
    keep,
    rate_at,
    to_tensors,
)

FREQUENCIES = (1.0, 2.0, 4.0, 8.0)


def place_code(points: Tensor) -> Tensor:
    """Points `(..., 2)` as y, x in 0..1 to sines and cosines `(..., 16)`."""
    waves = points[..., None] * (math.pi * torch.tensor(FREQUENCIES, device=points.device))
    return torch.cat([waves.sin(), waves.cos()], dim=-1).flatten(-2)


def code_centres(boxes: Tensor) -> Tensor:
    """Centres of the sixteen parts of boxes `(..., 4)`: `(..., 16, 2)` as y, x."""
    steps = (torch.arange(4, device=boxes.device) + 0.5) / 4
    rows = boxes[..., 0:1] + (boxes[..., 2:3] - boxes[..., 0:1]) * steps
    cols = boxes[..., 1:2] + (boxes[..., 3:4] - boxes[..., 1:2]) * steps
    return torch.stack(
        [rows[..., :, None].expand(*rows.shape, 4), cols[..., None, :].expand(*rows.shape, 4)], -1
    ).flatten(-3, -2)


@torch.no_grad()
def smooth_locs(model: Nano, first: int) -> None:
    """Let neighbouring `<loc>` tokens start alike: sines of their value, mixed at random."""
    words = model.paligemma.model.language_model.embed_tokens.weight
    values = torch.linspace(0, 1, 1024)[:, None]
    waves = values * (math.pi * 2.0 ** torch.arange(0, 7))
    features = torch.cat([waves.sin(), waves.cos(), values * 2 - 1], dim=1)
    mix = torch.randn(features.shape[1], HIDDEN, generator=torch.Generator().manual_seed(0))
    rows = features @ mix
    words[first : first + 1024] = rows / rows.std() * 0.06


class Places(nn.Module):
    """Asks guided layers for the place of each position; one linear map for all of them."""

    def __init__(self, model: Nano) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Linear(HIDDEN, 16) for _ in LAYERS)
        self.heard: dict[int, Tensor] = {}
        layers = model.paligemma.model.language_model.layers
        for index, number in enumerate(LAYERS):
            # What enters a guided layer is what its queries and keys are made of.
            layers[number].input_layernorm.register_forward_hook(self._listener(index))

    def _listener(self, index: int):  # type: ignore[no-untyped-def]
        def hear(_module: object, _inputs: object, output: Tensor) -> None:
            self.heard[index] = output

        return hear

    def forward(self, boxes: Tensor, use: Tensor, tokens: int, start: int) -> Tensor:
        """Mean squared error of the places of image tokens and of code positions."""
        steps = (torch.arange(SIDE, device=boxes.device) + 0.5) / SIDE
        grid = torch.stack(torch.meshgrid(steps, steps, indexing="ij"), -1).reshape(-1, 2)
        wanted = place_code(code_centres(boxes.float()))
        total = torch.zeros((), device=boxes.device)
        for index, ask in enumerate(self.maps):
            told = ask(self.heard[index].float())
            total = total + (told[:, :tokens] - place_code(grid)).square().mean()
            rest = told[:, start:].reshape(*use.shape, -1, 16)[:, :, BOX - 1 : BOX + CODES - 1]
            total = total + (rest - wanted).square().mean((-1, -2))[use].mean()
        return total / len(LAYERS)


class Content(nn.Module):
    """Asks the last states of code positions for the water in their part of the box."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = nn.Linear(HIDDEN, 16)

    def forward(self, states: Tensor, truth: Tensor, use: Tensor) -> Tensor:
        """Cross-entropy; states `(B, boxes, 16, hidden)`, truth `(B, boxes, 64, 64)` in 0..1."""
        told = self.ask(states[use].float())
        parts = nn.functional.avg_pool2d(truth[use], 4)
        parts = parts.reshape(-1, 4, 4, 4, 4).transpose(2, 3).reshape(-1, CODES, 16)
        return nn.functional.binary_cross_entropy_with_logits(told, parts)


@dataclass(frozen=True)
class Tools:
    """What the losses need beside the model; `frozen` is None where everything learns."""

    teacher: Teacher
    guide: Guide
    places: Places
    content: Content
    frozen: Nano | None


def losses(
    model: Nano, tools: Tools, pixels: Tensor, target: Tensor, known: Tensor, cells: int
) -> dict[str, Tensor]:
    """All losses of one batch, by name."""
    teacher = tools.teacher
    found, ids = teacher.suffixes(target * known, cells)
    boxes, length = ids.shape[1:]
    segment = torch.arange(boxes, device=ids.device).repeat_interleave(length)[None]
    position = torch.arange(length, device=ids.device).repeat(boxes)[None]
    with lowered(pixels.device.type):
        with torch.set_grad_enabled(tools.frozen is None):
            image = model.image_embeds(pixels)
        states, rest = model.run(pixels, ids.flatten(1), segment, position, image=image)
        words = model.paligemma.lm_head(rest).float()
        at_boxes = words[:, 1:].reshape(*ids.shape, -1)
        entropy, paint = code_loss(at_boxes, found, teacher.codec, teacher.words, teacher.alike)
    at_codes = rest[:, 1:].reshape(*ids.shape, -1)[:, :, BOX - 1 : BOX + CODES - 1]
    start = model.places.shape[1] - boxes * length
    tokens = states.shape[1]
    hints = tools.guide.loss(found.boxes, found.use, model.places, tokens, start)
    out = {
        "codes": 0.3 * entropy,
        "paint": 0.5 * paint,
        "first": 0.1 * nn.functional.cross_entropy(words[:, 0], found.first),
        "content": tools.content(at_codes, found.truth, found.use),
        "place": 0.5 * tools.places(found.boxes, found.use, tokens, start),
        "guide": 0.1 * hints,
    }
    if tools.frozen is None:
        return out | dense_losses(model, states, pixels, target, known, STAGES["all256"].left_out)
    with lowered(pixels.device.type), torch.no_grad():
        was, _ = tools.frozen.run(pixels, image=image)
    anchor = (states.float() - was.float()).square().mean() / was.float().var()
    return out | {"anchor": anchor}


def train(args: argparse.Namespace) -> None:
    """Run the stage within its minutes."""
    torch.manual_seed(args.seed)
    names = sorted(p.name for p in (args.images / "images").iterdir())
    held = validation_names()
    pairs = load_pairs(args.images, [n for n in names if n not in held][:: args.every])
    pairs = [p for p in pairs if not suspicious(p)]
    model = fresh_model(args.tokenizer)
    begin_with(model, args.init)
    device = torch.device(args.device)
    model.to(device)
    frozen = None if args.joint else copy.deepcopy(model).requires_grad_(False).eval()
    teacher = Teacher(args.codec, args.tokenizer, args.seed, device)
    if not args.joint:
        smooth_locs(model, teacher.words.loc)
        model.requires_grad_(False)
        model.head.eval()
        model.paligemma.model.language_model.requires_grad_(True)
    average = Average(model)
    tools = Tools(teacher, Guide(model), Places(model).to(device), Content().to(device), frozen)
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    learned += [*tools.places.parameters(), *tools.content.parameters()]
    adam = torch.optim.AdamW(learned, lr=args.rate, betas=(0.9, 0.98), weight_decay=0.01)
    stream = batches(CropSampler(pairs, 256, args.seed), args.batch, args.workers)
    began, step, looked = time.time(), 0, time.time()
    shown: dict[str, float] = {}
    stage = "all256" if args.joint else "tokens256"
    log = (args.out / f"{stage}.log").open("a")
    while (progress := (time.time() - began) / (60 * args.minutes)) < 1:
        for group in adam.param_groups:
            group["lr"] = rate_at(progress, step, args.rate, warmup=100)
        parts = losses(model, tools, *to_tensors(*next(stream), device), args.cells)
        adam.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        adam.step()
        average.feed(model, step)
        step += 1
        for name, part in parts.items():
            shown[name] = 0.95 * shown.get(name, part.item()) + 0.05 * part.item()
        if step % 20 == 0:
            told = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
            speed = step * args.batch / (time.time() - began)
            print(f"{step} {progress:.3f} {told} {speed:.1f}/s", file=log, flush=True)
        if time.time() - looked > 300:
            keep(args.out / f"{stage}.pt", model, average, step)
            looked = time.time()
    keep(args.out / f"{stage}.pt", model, average, step)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--init", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/nano"))
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--cells", type=int, default=6)
    parser.add_argument("--every", type=int, default=1, help="learn from every n-th image")
    parser.add_argument("--joint", action="store_true", help="masks and tokens, all weights")
    parser.add_argument("--seed", type=int, default=0)
    add_machine(parser)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    train(args)


if __name__ == "__main__":
    main()
