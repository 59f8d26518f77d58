# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn: what was drawn on one scene, as classes of pixels, window by window.

Polygons (`DrawnPolygons`) or a mask raster (`drawn_mask.DrawnMask`), on the grid that chips are
cut from. A pixel is water if its centre lies in a polygon; where polygons of two classes overlap
the one drawn last counts, as on the map. Outside the area in which the labelling is complete a
pixel is unknown, whatever is drawn there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.vectors import Polygons, to_pixels
from waterseg_core.errors import DatasetError
from waterseg_core.geo import Georef, Window
from waterseg_core.raster_area import Area
from waterseg_core.raster_burn import Burner
from waterseg_core.tokens import Instance

__all__ = ["Drawn", "DrawnPolygons", "check_labels", "labelled", "labels_of", "overlap_note"]

Classes = npt.NDArray[np.uint8]
#: A mask is bytes, and 255 is unknown.
MOST_LABELS = 254


class Drawn(Protocol):
    """What a builder needs to know of the drawing on one scene."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Class k of a mask (from 1) is labels[k - 1]."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what was repaired or left out."""

    @property
    def is_everywhere(self) -> bool:
        """Whether the labelling is complete all over the scene, for all that anyone said."""

    def classes(self, window: Window, trusted: bool = False) -> Classes:
        """uint8 (h, w): 0 dry, k the k-th label, 255 unknown; trusted: all of it is labelled."""

    def fingerprint(self) -> str:
        """Hex digits that change when the drawing does."""


class DrawnPolygons:
    """Polygons in the CRS of a grid of `height` x `width` pixels.

    labels: the classes, of which every polygon's label is one. area: where the labelling is
    complete, None for everywhere.
    """

    def __init__(
        self,
        polygons: Polygons,
        labels: Sequence[str],
        georef: Georef,
        height: int,
        width: int,
        area: Area | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self.notes = (*polygons.notes, *overlap_note(polygons))
        values = [self.labels.index(label) + 1 for label in polygons.labels]
        self._water = Burner(to_pixels(polygons.geometries, georef), values, height, width)
        self._area: Burner | None = None
        if area is not None:
            inside = to_pixels(np.array([area.geometry], dtype=object), georef)
            self._area = Burner(inside, [1], height, width)

    @property
    def is_everywhere(self) -> bool:
        """See `Drawn`."""
        return self._area is None

    def classes(self, window: Window, trusted: bool = False) -> Classes:
        """See `Drawn`."""
        classes = self._water.burn(window)
        if self._area is not None and not trusted:
            classes[self._area.burn(window) == 0] = UNKNOWN
        return classes

    def fingerprint(self) -> str:
        """See `Drawn`."""
        parts = (self._water, *([] if self._area is None else [self._area]))
        return " ".join([*self.labels, *(part.fingerprint() for part in parts)])


def labels_of(
    polygons: Sequence[Polygons], wanted: Sequence[str], by_field: bool
) -> tuple[str, ...]:
    """The classes of a set: those wanted if they are several, else those that are drawn.

    by_field: polygons have labels of their own. A polygon without one is of the first class
    wanted.
    """
    if not by_field or len(wanted) > 1:
        return check_labels(tuple(wanted))
    found = {label or wanted[0] for each in polygons for label in each.labels}
    return check_labels(tuple(sorted(found)))


def labelled(polygons: Polygons, labels: Sequence[str], fallback: str) -> Polygons:
    """The polygons whose label is one of `labels`; the others are left out and told.

    Raises DatasetError if none is left.
    """
    own = [label or fallback for label in polygons.labels]
    known = np.array([label in labels for label in own], bool)
    notes = polygons.notes
    others = sorted(set(own) - set(labels))
    if len(polygons) and not known.any():
        raise DatasetError(
            f"{polygons.name}: no polygon is {' or '.join(labels)}; they are "
            f"{', '.join(others[:5])}. Name the classes with --label."
        )
    if not known.all():
        notes = (
            *notes,
            f"{polygons.name}: {int((~known).sum())} polygons left out that are "
            f"{', '.join(others[:5])} (see --label).",
        )
    kept = tuple(label for label in own if label in labels)
    return Polygons(polygons.geometries[known], kept, polygons.name, notes)


def check_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, if an answer can say each of them. Raises DatasetError."""
    for label in labels:
        try:
            Instance((0, 0, 1, 1), (0,) * 16, label)
        except ValueError as error:
            raise DatasetError(
                f"The label {label!r} cannot be said in an answer: {error}"
            ) from error
    if len(labels) > MOST_LABELS:
        raise DatasetError(
            f"There are {len(labels)} different labels; is --label-field the right one?"
        )
    return labels


def overlap_note(polygons: Polygons) -> tuple[str, ...]:
    """A sentence about polygons of different classes that share some area, if there are any."""
    labels = np.array(polygons.labels)
    if len(set(polygons.labels)) < 2:
        return ()
    tree: Any = shapely.STRtree(polygons.geometries)
    first, second = tree.query(polygons.geometries, predicate="intersects")
    differ = (first < second) & (labels[first] != labels[second])
    first, second = first[differ], second[differ]
    shared = shapely.area(
        shapely.intersection(polygons.geometries[first], polygons.geometries[second])
    )
    count = int(np.count_nonzero(shared))
    if not count:
        return ()
    return (
        f"{polygons.name}: {count} pairs of polygons of different classes overlap; where they do, "
        "the one drawn later counts.",
    )
