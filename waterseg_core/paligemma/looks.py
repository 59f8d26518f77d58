# SPDX-License-Identifier: GPL-3.0-or-later
"""Two looks at a tile: as a whole, for what it shows, and in parts, for where the shore is.

A tile that is larger than the model's square is squashed into it and loses detail; cut into parts
of the square's size it keeps the detail, but a part of a large lake may show no shore at all. So
a model that was trained on both scales may look twice, and the mean of its answers counts: of
their log-odds, so that the look that is surer counts more (a logarithmic opinion pool,
doi:10.1214/ss/1177013825). A look misses water more often than it invents some, a river that the
whole is too coarse for or a lake that a part shows no shore of, and so the odds are lifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ..grid import PIXEL_WEIGHT, TileGrid

#: A tile not much larger than the square is one look: parts would show nothing more.
WORTH = 1.25
#: How much neighbouring parts overlap, as a fraction of the square.
OVERLAP = 0.15
#: A look is at most so sure, or one that is certain would silence the other.
SUREST = np.float32(0.995)
#: The odds of water are so many times those of the mean; measured: see docs/ARCHITECTURE.md.
LIFT = np.float32(1.5)

Image = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.float32]


def parts_of(height: int, width: int, square: int) -> TileGrid | None:
    """The parts that an image is cut into; None where one look is enough."""
    if max(height, width) <= WORTH * square:
        return None
    return TileGrid(height, width, square, round(OVERLAP * square))


def cut(images: Sequence[Image], square: int) -> list[Image]:
    """All looks at all images, uint8 `(h, w, 3)`: each image, followed by its parts."""
    looks: list[Image] = []
    for image in images:
        looks.append(image)
        parts = parts_of(image.shape[0], image.shape[1], square)
        looks.extend(image[part.window.slices] for part in parts or ())
    return looks


def join(masks: Sequence[Masks], images: Sequence[Image], square: int) -> list[Masks]:
    """The looks' masks, float32 `(labels, h, w)`, in the order of `cut`: one for each image."""
    answers = iter(masks)
    return [_joined(next(answers), answers, image.shape[:2], square) for image in images]


def _joined(whole: Masks, answers: Iterator[Masks], shape: tuple[int, ...], square: int) -> Masks:
    parts = parts_of(shape[0], shape[1], square)
    if parts is None:
        return whole
    near = np.zeros_like(whole)
    for part in parts:
        down, across = (side.astype(np.float32) for side in parts.weights(part))
        near[:, *part.window.slices] += next(answers) * (down[:, None] * across)
    return agreed(whole, near / np.float32(PIXEL_WEIGHT))


def agreed(one: Masks, other: Masks) -> Masks:
    """Two probabilities as one, float32 of the same shape: that of their mean log-odds, lifted.

    Both are cut to 0.005..0.995 first; the odds that their log-odds mean are then times `LIFT`.
    """
    one, other = (look.clip(1 - SUREST, SUREST) for look in (one, other))
    yes, no = LIFT * np.sqrt(one * other), np.sqrt((1 - one) * (1 - other))
    found: Masks = yes / (yes + no)
    return found
