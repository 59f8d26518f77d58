# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks to suffixes and back, over a whole folder of real water masks.

    python benchmarks/dataset_roundtrip.py ../shared/data/water_bodies/masks

Every mask becomes a suffix as a training set gets it, for each way of making objects of it, which
is read back from the text alone and compared with what was drawn. No mask may fail, and the IoU
that the manifest would state must be the one that the text gives. The last row shows what the
format loses before any codec does. Masks without water have the empty suffix and no IoU.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from waterseg_core.dataset.answer import TARGETS, answer_of, iou_of, say_again
from waterseg_core.errors import WatersegError
from waterseg_core.maskcodec import MaskCodec, crop_to_box, paste
from waterseg_core.tokens import Instance, parse_text

WHITE = 127  # masks are JPEG: above this is water
LABELS = ("water",)


@dataclass
class Scores:
    """What came of one way over many masks."""

    ious: list[float] = field(default_factory=list)
    shared: int = 0
    union: int = 0
    instances: int = 0
    seconds: float = 0.0

    def add(self, truth: np.ndarray, said: np.ndarray, instances: int) -> None:
        """Take note of one mask."""
        self.ious.append(iou_of(truth, said))
        self.shared += np.count_nonzero((truth > 0) & (said > 0))
        self.union += np.count_nonzero((truth > 0) | (said > 0))
        self.instances += instances

    def row(self, name: str) -> str:
        """A row of the table."""
        ious, count = np.array(self.ious), len(self.ious)
        p10, median = np.quantile(ious, (0.1, 0.5))
        cells = (
            f"{ious.mean():.3f} | {p10:.3f} | {median:.3f} | {self.shared / self.union:.3f} | "
            f"{np.mean(ious < 0.5):.1%} | {self.instances / count:.1f} | "
            f"{1000 * self.seconds / count:.0f}"
        )
        return f"| {name} | {cells} |"


def drawn(path: Path) -> np.ndarray:
    """A mask's file as classes: uint8 (h, w), 1 is water."""
    with Image.open(path) as image:
        return (np.asarray(image.convert("L")) > WHITE).astype(np.uint8)


def through_text(
    classes: np.ndarray, codec: MaskCodec, target: str
) -> tuple[np.ndarray, list[Instance]]:
    """What the suffix of a mask says, read from the text; checks what the manifest would say."""
    answer = answer_of(classes, LABELS, codec, target)
    found = parse_text(answer.suffix)
    said = say_again(found, LABELS, codec, *classes.shape)
    if answer.iou is not None and abs(iou_of(classes, said) - answer.iou) > 1e-9:
        raise AssertionError("the text does not say what the answer promised")
    return said, found


def grid_only(classes: np.ndarray, found: list[Instance]) -> np.ndarray:
    """All water through the box of one object and its 64 x 64 grid, without codes."""
    (one,) = found
    grid = crop_to_box(classes == 1, one.box) * 2 - 1
    return (paste(grid, one.box, *classes.shape) > 0.5).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--codec", help="a codec file, or 'google'; the bundled one otherwise")
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    codec = MaskCodec.load(args.codec)
    paths = sorted(args.masks.glob("*.*"))[: args.limit]
    scores = {target: Scores() for target in TARGETS} | {"grid": Scores()}
    dry, full, failures = 0, 0, []
    for path in paths:
        try:
            classes = drawn(path)
            dry, full = dry + (not classes.any()), full + bool(classes.all())
            for target in TARGETS:
                start = time.perf_counter()
                said, found = through_text(classes, codec, target)
                if not found:
                    continue
                scores[target].seconds += time.perf_counter() - start
                scores[target].add(classes, said, len(found))
                if target == "union":
                    scores["grid"].add(classes, grid_only(classes, found), 1)
        except (WatersegError, AssertionError, ValueError) as error:
            failures.append(f"{path.name}: {error}")
    print(f"{len(paths)} masks, {len(failures)} failed, {dry} without water, {full} all water")
    print(f"codec {codec.path.name}, sha256 {codec.sha256[:16]}")
    print("| target | IoU per mask | p10 | median | pooled | below 0.5 | objects | ms |")
    print("|---|---|---|---|---|---|---|---|")
    for target in TARGETS:
        print(scores[target].row(f"`{target}`"))
    print(scores["grid"].row("union, box and 64 × 64 only"))
    print(*failures, sep="\n")


if __name__ == "__main__":
    main()
