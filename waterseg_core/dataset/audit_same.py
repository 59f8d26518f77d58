# SPDX-License-Identifier: GPL-3.0-or-later
"""Chips that show the same: copies, and look-alikes of which one trains and another tests.

Of a copy the first stays. Of look-alikes across the split those of the smaller part stay, test
before val before train: a model must not have seen what it is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.duplicates import alike_pairs
from waterseg_core.dataset.folder import SPLITS, Chip

__all__ = ["copies_of", "same_of"]


def copies_of(chips: Sequence[Chip], hashes: Mapping[str, str]) -> dict[str, Finding]:
    """Findings of chips whose pixels are those of an earlier one in the same split, by id.

    hashes: of the pixels, by id.
    """
    first: dict[tuple[str, str], str] = {}
    found = {}
    for chip in chips:
        if chip.id not in hashes:
            continue
        earlier = first.setdefault((hashes[chip.id], chip.split), chip.id)
        if earlier != chip.id:
            found[chip.id] = Finding("duplicate", f"The image is the same as {earlier}.")
    return found


def same_of(
    chips: Sequence[Chip], hashes: Mapping[str, str], prints: Mapping[str, npt.NDArray[np.float32]]
) -> dict[str, Finding]:
    """Findings of copies within a split, and of look-alikes across splits, by id.

    hashes, prints: hash of the pixels and fingerprint of each chip that could be read, by id.
    """
    found = copies_of(chips, hashes)
    seen = [chip for chip in chips if chip.id in prints and prints[chip.id].any()]
    if not seen:
        return found
    for one, two, _ in alike_pairs(np.stack([prints[chip.id] for chip in seen])):
        pair = sorted((seen[one], seen[two]), key=lambda chip: SPLITS.index(chip.split))
        lower, upper = pair
        if lower.split != upper.split:
            exact = hashes[lower.id] == hashes[upper.id]
            how = "is the same as" if exact else "looks like"
            found[lower.id] = Finding("leak", f"The image {how} {upper.id} in {upper.split}.")
    return found
