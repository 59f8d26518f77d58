# SPDX-License-Identifier: GPL-3.0-or-later
"""Look: what each chip of a grid is, as far as the drawing says: water, dry, or of no use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.drawn import Drawn
from waterseg_core.errors import OptionError
from waterseg_core.geo import Georef, Window
from waterseg_core.options_dataset import BuildOptions

__all__ = ["DECISIONS", "STATES", "Look", "Site", "chip_windows", "data_share", "look"]

STATES = ("water", "dry", "unlabelled", "excluded", "problem")
DECISIONS = ("include", "exclude", "dry")
#: A rim of the scene narrower than this share of the stride gets no chips of its own.
RIM = 0.25


@dataclass(frozen=True, eq=False)
class Site:
    """A raster without its pixels.

    name: the raster's. georef, height, width: of the grid that chips are cut from. decided: what
    a person said of chips, by the (row, col) of their corners, one of DECISIONS. data: the share
    of a window that holds data, 0..1, about; None if nobody knows yet. alike: the name of the
    group of pictures that it belongs to, where its place on Earth is unknown.
    """

    name: str
    georef: Georef
    height: int
    width: int
    drawn: Drawn
    decided: Mapping[tuple[int, int], str] = field(default_factory=dict)
    data: Callable[[Window], float] | None = None
    alike: str = ""

    def __post_init__(self) -> None:
        wrong = sorted(set(self.decided.values()) - set(DECISIONS))
        if wrong:
            raise OptionError(f"A chip is {', '.join(DECISIONS)}, not {wrong[0]}.")


@dataclass(frozen=True, slots=True)
class Look:
    """What a chip is.

    state: `water`; `dry`; `unlabelled`, where nobody said that the labelling is complete;
    `excluded` by the person; `problem`. why: a few words where it cannot be used. trusted: the
    person vouches for all of it. water_px: pixels of water.
    """

    window: Window
    state: str
    why: str = ""
    trusted: bool = False
    water_px: int = 0

    @property
    def id(self) -> str:
        """`row_col` of its corner, unique on its grid."""
        return f"{self.window.row}_{self.window.col}"


def data_share(valid: npt.NDArray[np.bool_], height: int, width: int) -> Callable[[Window], float]:
    """What `Site.data` is, for a grid of which `valid`, bool of any size, is thinned out."""
    rows, cols = valid.shape

    def share(window: Window) -> float:
        top, low = (row * rows // height for row in (window.row, window.stop_row - 1))
        left, right = (col * cols // width for col in (window.col, window.stop_col - 1))
        return float(valid[top : low + 1, left : right + 1].mean())

    return share


def chip_windows(height: int, width: int, options: BuildOptions) -> Iterator[Window]:
    """The chips of a grid, row by row: every stride, and a last one that ends at the edge."""
    rows, cols = min(height, options.tile), min(width, options.tile)
    for row in _starts(height, rows, options.step):
        for col in _starts(width, cols, options.step):
            yield Window(row, col, rows, cols)


def _starts(size: int, side: int, step: int) -> list[int]:
    starts = list(range(0, size - side + 1, step))
    rim = size - side - starts[-1]
    return [*starts, size - side] if rim >= RIM * step else starts


def look(site: Site, options: BuildOptions) -> Iterator[Look]:
    """Every chip of a site, row by row."""
    for window in chip_windows(site.height, site.width, options):
        yield _look(site, window, options)


def _look(site: Site, window: Window, options: BuildOptions) -> Look:
    said = site.decided.get((window.row, window.col), "")
    if said == "exclude":
        return Look(window, "excluded", "left out by hand")
    classes = site.drawn.classes(window, trusted=bool(said))
    water = int(np.count_nonzero((classes > 0) & (classes != UNKNOWN)))
    known = 1 - np.count_nonzero(classes == UNKNOWN) / window.area
    state, why = _judged(water, known, said, options)
    if state in ("water", "dry") and site.data is not None:
        share = site.data(window)
        if share < options.min_known:
            state, why = "problem", f"{1 - share:.0%} of it hold no data"
    return Look(window, state, why, bool(said), water)


def _judged(water: int, known: float, said: str, options: BuildOptions) -> tuple[str, str]:
    if said == "dry" and water:
        return "problem", "marked as dry, but water is drawn in it"
    if not water:
        return ("dry", "") if known == 1 else ("unlabelled", "not all of it is labelled")
    if known < options.min_known:
        return "unlabelled", f"{1 - known:.0%} of it are not labelled"
    if water < options.min_water and said != "include":
        return "problem", f"only {water} pixels of water (--min-water)"
    return "water", ""
