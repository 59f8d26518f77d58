# SPDX-License-Identifier: GPL-3.0-or-later
"""Which chips the pairs become, and who trains with them: look-alikes go to the same split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from waterseg_core.dataset.duplicates import groups_of
from waterseg_core.dataset.folder import SPLITS
from waterseg_core.dataset.imports_chips import Planned
from waterseg_core.dataset.imports_read import Survey
from waterseg_core.dataset.look import chip_windows
from waterseg_core.dataset.split import deal
from waterseg_core.geo import Window
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.options_dataset_audit import ImportOptions

__all__ = ["plan_pairs"]


def plan_pairs(surveys: Sequence[Survey], options: ImportOptions) -> list[Planned]:
    """The chips of each pair. surveys: of pairs without fault."""
    if not surveys:
        return []
    names = [each.pair.image.name for each in surveys]
    groups = groups_of(np.stack([each.fingerprint for each in surveys]), names)  # type: ignore[misc]
    windows = [_windows(*each.size, options) for each in surveys]
    members = [group for group, own in zip(groups, windows, strict=True) for _ in own]
    nobody = np.zeros((0, 2), np.int64)  # there is no place, so no neighbours
    splits = iter(deal(members, nobody, options.split, options.seed).split.tolist())
    return [
        Planned(each.pair, own, tuple(SPLITS[next(splits)] for _ in own), group)
        for each, own, group in zip(surveys, windows, groups, strict=True)
    ]


def _windows(height: int, width: int, options: ImportOptions) -> tuple[Window, ...]:
    if options.tile is None:
        return (Window(0, 0, height, width),)
    grid = BuildOptions(tile=options.tile, stride=options.stride)
    return tuple(chip_windows(height, width, grid))
