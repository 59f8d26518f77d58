# SPDX-License-Identifier: GPL-3.0-or-later
"""Where everything is labelled, if a person says: in the chips that I drew in, and those I marked.

Who begins to draw has not looked at the rest of the image yet, so nothing there may count as dry
land. Which chips have water in them only the engine knows, so it is asked first.
"""

import json
from dataclasses import replace

from qgis.core import QgsGeometry, QgsPointXY

from .training_wire import DRY, IS_DRY, UNLABELLED, WATER, Plan, plan


def settled(client, request, feedback=None):
    """The `TrainingRequest` with its labelled area known. Raises WireError."""
    return _settled(client, request, feedback)[0]


def plan_of(client, request, feedback=None, data=""):
    """The `Plan` of a `TrainingRequest`; data: as in `plan`. Raises WireError."""
    known, first = _settled(client, request, feedback)
    if first is None or known.aoi is not None:
        return plan(client, known.words(), feedback, data)
    # Nothing is drawn yet, so nothing is labelled but what the person called dry.
    chips = tuple(
        replace(chip, state=UNLABELLED, split="", why="")
        if chip.state == DRY and request.chips.get(chip.key) != IS_DRY
        else chip
        for chip in first.chips
    )
    return Plan(chips, first.counts, first.notes)


def _settled(client, request, feedback):
    """(the request, the plan it was settled with or None)."""
    if not request.marked:
        return request, None
    everywhere = replace(request, marked=False, aoi=None)
    first = plan(client, everywhere.words(), feedback)
    wet = [_shape(chip.footprint) for chip in first.chips if chip.state == WATER]
    if not wet:
        return everywhere, first
    return replace(everywhere, aoi=json.loads(QgsGeometry.unaryUnion(wet).asJson())), first


def _shape(footprint):
    rings = [[QgsPointXY(x, y) for x, y in ring] for ring in footprint["coordinates"]]
    return QgsGeometry.fromPolygonXY(rings)
