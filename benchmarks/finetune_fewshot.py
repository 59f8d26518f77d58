# SPDX-License-Identifier: GPL-3.0-or-later
"""A few chips of water that looks new: how much better does the bundled model become?

    python benchmarks/finetune_fewshot.py IMAGES MASKS --names training/nano/val_names.txt \
        --chips 16 64 256

The images are those that the bundled model never saw. They are sorted by the colours of their
water and land (k-means on six mean values); the two clusters that the bundled model finds
hardest are the new appearance (salt lakes, mining ponds, snow). Their images are cut into chips of
256 px; near-duplicates are one group, and half of the groups, the same in every run, are held out.
The chips to learn from and to look at come from the other half; where these places give fewer than
were asked for, the chips to learn from overlap more. The held-out chips are the set's split
`test`, by which nothing is chosen; the command's own verdict is about them, with the threshold
that is best on the validation chips for the model before as well. Here the files that were
published are compared once more, each at the threshold that it comes with.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.cluster.vq import kmeans2, whiten

from waterseg_core.dataset.answer import UNKNOWN, answer_of
from waterseg_core.dataset.duplicates import fingerprint, frame_of, groups_of
from waterseg_core.dataset.folder import About, Chip, DatasetFolder, write_index, write_picture
from waterseg_core.finetuning import Progress, finetune
from waterseg_core.finetuning.looking import count
from waterseg_core.finetuning.sets import TrainingSet
from waterseg_core.finetuning.verdict import verdict_of
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.segmenter import load_segmenter

SIDE, BLACK, CLUSTERS, HARDEST, MOST = 256, 16, 6, 2, 6
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """An image, its classes (255 in the black frame), its group of near-duplicates."""

    name: str
    rgb: Pixels
    classes: Pixels
    group: str


def pictures(images: Path, masks: Path, names: list[str]) -> list[Picture]:
    """The images with some water and some land."""
    found, prints = [], []
    for name in names:
        rgb = np.asarray(Image.open(images / name).convert("RGB"))
        wet = np.asarray(Image.open(masks / name).convert("L")) > 127
        frame = ndimage.binary_dilation(frame_of(rgb.max(-1) <= BLACK), iterations=2)
        classes = np.where(frame, UNKNOWN, wet).astype(np.uint8)
        if 0.02 < (classes == 1).mean() < 0.95 and (classes == 0).mean() > 0.02:
            found.append((name, rgb, classes))
            prints.append(fingerprint(rgb))
    groups = groups_of(np.stack(prints), [name for name, _, _ in found])
    return [Picture(*one, group) for one, group in zip(found, groups, strict=True)]


def clusters(some: list[Picture]) -> NDArray[np.int64]:
    """The number of each image's cluster, by the mean colours of its water and its land."""
    colours = [
        np.concatenate([one.rgb[one.classes == kind].mean(0) for kind in (1, 0)]) for one in some
    ]
    _, label = kmeans2(whiten(np.array(colours)), CLUSTERS, seed=1, minit="++", iter=50)
    return np.asarray(label, np.int64)


def chips_of(
    one: Picture, most: int = MOST, stride: int = SIDE // 2
) -> list[tuple[str, Pixels, Pixels]]:
    """Chips of 256 px, those with most shore; half of each is known."""
    height, width = one.classes.shape
    found = []
    for top in range(0, max(1, height - SIDE // 2), stride):
        for left in range(0, max(1, width - SIDE // 2), stride):
            part = np.s_[top : top + SIDE, left : left + SIDE]
            classes = one.classes[part]
            if min(classes.shape) < 3 * SIDE // 4 or (classes == UNKNOWN).mean() > 0.5:
                continue
            name = f"{Path(one.name).stem}-{top}-{left}"
            found.append((name, np.array(one.rgb[part]), classes))
    found.sort(key=lambda chip: -min((chip[2] == 1).mean(), (chip[2] == 0).mean()))
    return found[:most]


def hardest(
    some: list[Picture], label: NDArray[np.int64]
) -> tuple[list[int], list[dict[str, float]]]:
    """The clusters with the lowest IoU, and what was found of each."""
    segmenter = load_segmenter("nano")
    table = []
    for number in range(CLUSTERS):
        members = [one for one, at in zip(some, label, strict=True) if at == number]
        ious = []
        for one in members:
            for _, rgb, classes in chips_of(one)[:1]:
                found = segmenter.segment([rgb])[0].masks[0] > segmenter.threshold
                known, wet = classes != UNKNOWN, classes == 1
                either = ((found | wet) & known).sum()
                ious.append(float((found & wet & known).sum() / max(either, 1)))
        table.append({"images": len(members), "iou": round(float(np.mean(ious)), 3)})
    return sorted(range(CLUSTERS), key=lambda n: table[n]["iou"])[:HARDEST], table


def is_held_out(group: str, swapped: bool) -> bool:
    """Half of the groups, the same in every run; or the other half."""
    return (hashlib.sha256(group.encode()).digest()[0] % 2 == 0) != swapped


def learned(members: list[Picture], wanted: int) -> list[tuple[Any, str]]:
    """Chips to learn from with their groups, at least as many as wanted if the images hold them."""
    for most, stride in ((MOST, SIDE // 2), (4 * MOST, SIDE // 4), (16 * MOST, SIDE // 8)):
        found = [(chip, m.group) for m in members for chip in chips_of(m, most, stride)]
        if len(found) >= wanted:
            break
    return found


def write_set(folder: Path, members: list[Picture], count_: int, swapped: bool) -> Path:
    """Chips to learn from and to look at, and the held-out ones as the split `test`."""
    codec = MaskCodec.load()
    rng = np.random.default_rng(0)
    held = {m.group for m in members if is_held_out(m.group, swapped)}
    test = [(c, m.group) for m in members if m.group in held for c in chips_of(m)]
    groups = sorted({m.group for m in members} - held)
    groups = [groups[n] for n in rng.permutation(len(groups))]
    looked = set(groups[: max(2, len(groups) // 5)])
    val = [(c, m.group) for m in members if m.group in looked for c in chips_of(m)]
    train = learned([m for m in members if m.group in set(groups) - looked], count_)
    train = [train[n] for n in rng.permutation(len(train))][:count_]
    chips = []
    for split, pairs in (("train", train), ("val", val), ("test", test)):
        (folder / split).mkdir(parents=True)
        (folder / "masks").mkdir(exist_ok=True)
        for (name, rgb, classes), group in pairs:
            write_picture(folder / split / f"{name}.png", rgb)
            write_picture(folder / "masks" / f"{name}.png", classes)
            suffix = answer_of(classes, ("water",), codec).suffix
            chips.append(Chip(name, split, suffix, group=group))
    write_index(folder, About("segment water", ("water",), "nano", codec.sha256, {}), chips)
    return folder


def compare(place: Path) -> dict[str, object]:
    """The bundled and the new model on the held-out chips, by a paired bootstrap of groups."""
    data = TrainingSet(place / "set", MaskCodec.load())
    test = [chip for chip in DatasetFolder(place / "set").chips if chip.split == "test"]
    both = [count(load_segmenter(name), data, test) for name in ("nano", str(place / "model"))]
    wet = both[0].wet
    before, after = (counts.each(0)[wet] for counts in both)
    groups = [chip.group for chip, is_wet in zip(test, wet, strict=True) if is_wet]
    said = verdict_of(after, before, groups)
    return {
        "held_out_chips": int(wet.sum()),
        "groups": len(set(groups)),
        "before": [round(value, 4) for value in both[0].scores(0)],
        "after": [round(value, 4) for value in both[1].scores(0)],
        "difference": round(said.difference, 4),
        "interval": [round(said.low, 4), round(said.high, 4)],
        "verdict": said.word,
    }


def main() -> None:
    """Cut, choose, train, compare; one JSON object per number of chips."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--chips", type=int, nargs="+", default=[64])
    parser.add_argument("--clusters", type=int, nargs="+", help="these, instead of the hardest")
    parser.add_argument("--swap", action="store_true", help="hold out the other half")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--out", type=Path, help="keep sets and models here")
    args = parser.parse_args()
    root = args.out or Path(tempfile.mkdtemp(prefix="fewshot-"))
    some = pictures(args.images, args.masks, args.names.read_text().split())
    label = clusters(some)
    numbers, table = (args.clusters, []) if args.clusters else hardest(some, label)
    print(json.dumps({"chosen": numbers, "clusters": table}), flush=True)
    members = [one for one, at in zip(some, label, strict=True) if at in numbers]
    for chips in args.chips:
        place = root / f"chips-{chips}"
        write_set(place / "set", members, chips, args.swap)
        options = FinetuneOptions(
            seed=args.seed, minutes=args.minutes, epochs=args.epochs, rate=args.rate
        )

        def show(done: Progress) -> None:
            if done.look:
                print(
                    f"  {done.step}/{done.steps} {done.look.iou:.3f} {done.look.pooled:.3f}",
                    flush=True,
                )

        outcome = finetune(options, place / "set", place / "model", progress=show)
        found = {
            "chips": chips,
            "minutes": round(outcome.seconds / 60, 1),
            "command": outcome.verdict,
            **compare(place),
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
