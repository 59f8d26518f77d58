# SPDX-License-Identifier: GPL-3.0-or-later
"""Token answers in training: boxes, their codes, and what the codes would paint.

Each crop carries several suffixes behind one prefix: cells of the 4x4 grid, a quarter, a half or
the whole, and one `objects` answer (a box that holds all water, its codes, the label, the end; or
only the end where the crop is dry). That box is a quarter, a half or the whole of the crop too: a
box that is too large costs little on small tiles, and a look-up in nine boxes is soon learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from losses import mask_loss
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from waterseg_core.maskcodec_net import MaskVQVAE

BOX = 4
CODES = 16
LENGTH = BOX + CODES + 2  # box, codes, label, end
SPANS = ((0.0, 0.5), (0.5, 1.0), (0.0, 1.0))  # what a box may cover along an axis
IGNORE = -100


@dataclass(frozen=True)
class Words:
    """Token ids that suffixes are made of."""

    loc: int
    seg: int
    label: int
    end: int


@dataclass(frozen=True)
class Suffixes:
    """Packed suffixes of a batch, `(B, boxes, 22)` ids and what is to be predicted where.

    `ids` holds box, codes, label; the last place is padding. `targets` is the next token at each
    place, `IGNORE` where there is none to learn. `first` `(B,)` is the first token of the
    `objects` answer, predicted at the end of the prefix. `codes` `(B, boxes, 16)`, `truth`
    `(B, boxes, 64, 64)` in 0..1, `use` `(B, boxes)` bool: whether the box has codes at all, and
    `boxes` `(B, boxes, 4)` in 0..1.
    """

    ids: Tensor
    targets: Tensor
    first: Tensor
    codes: Tensor
    truth: Tensor
    use: Tensor
    boxes: Tensor


def choose_boxes(
    mask: NDArray[np.float32], cells: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Boxes `(cells + 2, 4)` as y1 x1 y2 x2 in 0..1; mixed cells are drawn more often.

    The last box is the one that holds all water, zeros where the crop is dry.
    """
    share = mask.reshape(4, 64, 4, 64).mean((1, 3)).ravel()
    weight = np.where((share > 0.03) & (share < 0.97), 5.0, 1.0)
    chosen = rng.choice(16, cells, replace=False, p=weight / weight.sum())
    boxes = [(k // 4 / 4, k % 4 / 4, k // 4 / 4 + 0.25, k % 4 / 4 + 0.25) for k in chosen]
    (y1, y2), (x1, x2) = (SPANS[k] for k in rng.integers(0, 3, 2))
    boxes.append((y1, x1, y2, x2))
    boxes.append(water_box(mask))
    return np.round(np.array(boxes) * 1023) / 1023


def water_box(mask: NDArray[np.float32], least: float = 0.002) -> tuple[float, float, float, float]:
    """The box that holds all water; zeros where less than `least` of the crop is water."""
    water = mask > 0.5
    if water.mean() < least:
        return (0.0, 0.0, 0.0, 0.0)
    # A row or column counts with at least two pixels, so that speckle does not stretch the box.
    rows, cols = np.flatnonzero(water.sum(1) > 1), np.flatnonzero(water.sum(0) > 1)
    if rows.size == 0 or cols.size == 0:
        return (0.0, 0.0, 0.0, 0.0)
    half = mask.shape[0] // 2
    (y1, y2), (x1, x2) = (
        (0.5 if at[0] >= half else 0.0, 0.5 if at[-1] < half else 1.0) for at in (rows, cols)
    )
    return (y1, x1, y2, x2)


def crop_box(mask: Tensor, box: NDArray[np.float64]) -> Tensor:
    """The part of a mask `(h, w)` in a box, `(64, 64)`, antialiased."""
    h, w = mask.shape
    top, left = round(box[0] * h), round(box[1] * w)
    bottom, right = max(round(box[2] * h), top + 1), max(round(box[3] * w), left + 1)
    part = mask[top:bottom, left:right][None, None]
    return functional.interpolate(part, (64, 64), mode="bilinear", antialias=True)[0, 0]


def make_suffixes(
    target: Tensor, codec: MaskVQVAE, words: Words, cells: int, rng: np.random.Generator
) -> Suffixes:
    """Suffixes for masks `(B, 1, 256, 256)` in 0..1."""
    device, masks = target.device, target[:, 0].cpu()
    boxes = np.stack([choose_boxes(m.numpy(), cells, rng) for m in masks])
    use = torch.from_numpy(boxes[..., 2] > boxes[..., 0])
    truth = torch.stack(
        [
            torch.stack([crop_box(m, b) if b[2] > b[0] else torch.zeros(64, 64) for b in some])
            for m, some in zip(masks, boxes, strict=True)
        ]
    )
    with torch.no_grad():
        codes = codec.encode(truth.flatten(0, 1).to(device)).cpu().reshape(*boxes.shape[:2], CODES)
    ids = torch.zeros(*boxes.shape[:2], LENGTH, dtype=torch.long)
    ids[..., :BOX] = torch.from_numpy(np.round(boxes * 1023)).long() + words.loc
    ids[..., BOX : BOX + CODES] = codes + words.seg
    ids[..., BOX + CODES] = words.label
    targets = torch.full_like(ids, IGNORE)
    targets[..., BOX - 1 : BOX + CODES - 1] = ids[..., BOX : BOX + CODES]
    wet = use[:, -1:]
    whole = torch.cat(
        [ids[:, -1, 1 : BOX + CODES + 1], torch.full_like(wet, words.end, dtype=torch.long)], 1
    )
    targets[:, -1, : LENGTH - 1] = torch.where(wet, whole, IGNORE)
    first = torch.where(wet[:, 0], ids[:, -1, 0], words.end)
    found = (ids, targets, first, codes, truth, use, torch.from_numpy(boxes))
    return Suffixes(*(part.to(device) for part in found))


def disturb(ids: Tensor, words: Words, share: float, alike: Tensor) -> Tensor:
    """Ids with some codes replaced by alike or random ones: the image must lead, not the past.

    Half of the suffixes lose `share` of their codes, the other half all of them.
    """
    codes = ids[..., BOX : BOX + CODES] - words.seg
    lost = torch.where(_chance(codes[..., 0]) < 0.5, share, 1.0)[..., None]
    near = torch.multinomial(alike[codes.flatten()], 1).reshape(codes.shape)
    other = torch.where(_chance(codes) < 0.5, near, torch.randint_like(codes, 128))
    codes = torch.where(_chance(codes) < lost, other, codes)
    out = ids.clone()
    out[..., BOX : BOX + CODES] = codes + words.seg
    return out


def _chance(like: Tensor) -> Tensor:
    """Numbers in 0..1 at random, one for each of `like`."""
    return torch.rand(like.shape, device=like.device)


def alike_codes(codec: MaskVQVAE, temperature: float = 0.02) -> Tensor:
    """`(128, 128)`: how much probability a label smoothing gives code j where i is meant.

    Two codes are alike when masks that differ only in that one code, at a random place among
    codes that occur together, decode alike (mean absolute difference of the water probability).
    """
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        around = torch.randint(0, 128, (8, CODES), generator=generator)
        place = torch.tensor([5, 6, 9, 10, 5, 6, 9, 10])
        painted = []
        for context, k in zip(around, place, strict=True):
            rows = context.repeat(128, 1)
            rows[:, k] = torch.arange(128)
            painted.append(torch.sigmoid(2 * codec.decode(rows)).flatten(1))
        flat = torch.cat(painted, dim=1)
        distance = torch.cdist(flat, flat, p=1) / flat.shape[1]
    return torch.softmax(-distance / temperature / distance.median().clamp(min=1e-6) * 0.2, dim=1)


def code_loss(
    logits: Tensor, found: Suffixes, codec: MaskVQVAE, words: Words, alike: Tensor
) -> tuple[Tensor, Tensor]:
    """Cross-entropy of the suffix tokens, and the mask loss of what the codes would paint.

    Parameters
    ----------
    logits
        Float `(B, boxes, 22, vocabulary)` at the suffix places.
    """
    log_probs = torch.log_softmax(logits, dim=-1)
    targets = found.targets
    plain = targets.clamp(min=0)
    nll = -log_probs.gather(-1, plain[..., None])[..., 0]
    at_codes = slice(BOX - 1, BOX + CODES - 1)
    seg = log_probs[..., at_codes, words.seg : words.seg + 128]
    soft = 0.8 * functional.one_hot(found.codes, 128) + 0.2 * alike[found.codes]
    nll_codes = -(soft * seg).sum(-1)
    known = found.use[..., None].expand(-1, -1, CODES)
    entropy = nll_codes[known].mean()
    others = targets[:, -1] != IGNORE
    others[:, at_codes] = False
    if others.any():
        entropy = entropy + nll[:, -1][others].mean()
    # Painting costs as much as reading; some of the boxes are enough.
    some = found.use & (_chance(found.use) < 0.3)
    if not some.any():
        return entropy, torch.zeros((), device=entropy.device)
    probs = torch.softmax(logits[..., at_codes, words.seg : words.seg + 128][some], dim=-1)
    raw = codec.decode_soft(probs)
    return entropy, mask_loss(2 * raw[:, None], found.truth[some][:, None])
