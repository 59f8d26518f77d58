# SPDX-License-Identifier: GPL-3.0-or-later
"""Spelling: polygons as WKB and as GeoJSON, the large ones ring by ring.

shapely writes a polygon in one go and lets no other thread in until it is done: 0.2 seconds for
the WKB of two million vertices, a second for their GeoJSON. Bites do not help against one polygon
that is larger than a bite, so such a one is put together here, from the same bytes.
"""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.bites import VERTICES, in_bites
from waterseg_core.rings import Rings

__all__ = ["geojson", "ring_texts", "wkb"]

Geometries = npt.NDArray[np.object_]

#: Vertices that become text in one go.
AT_ONCE = 1000
#: WKB's head: little-endian, a polygon, so many rings.
HEAD, POLYGON = struct.Struct("<BII"), 3


def wkb(polygons: Geometries) -> Geometries:
    """`shapely.to_wkb` of Polygons in two dimensions, bytes `(n,)`."""
    return in_bites(_wkb, polygons)


def geojson(geometries: Geometries) -> Geometries:
    """`shapely.to_geojson` of Polygons and MultiPolygons, str `(n,)`."""
    return in_bites(_geojson, geometries)


def _wkb(bite: Geometries) -> Geometries:
    if not _is_large(bite):
        return shapely.to_wkb(bite, byte_order=1)  # type: ignore[no-any-return]
    rings = Rings.of(bite)
    pieces = [HEAD.pack(1, POLYGON, len(rings.ring_start) - 1)]
    for ring in _each(rings):
        pieces += [struct.pack("<I", len(ring)), ring.astype("<f8", copy=False).tobytes()]
    return _one(b"".join(pieces))


def _geojson(bite: Geometries) -> Geometries:
    if not _is_large(bite):
        return shapely.to_geojson(bite)  # type: ignore[no-any-return]
    parts = shapely.get_parts(bite)
    texts = [f"[{','.join(ring_texts(Rings.of(parts[[at]])))}]" for at in range(len(parts))]
    kind = bite[0].geom_type
    inside = texts[0] if kind == "Polygon" else f"[{','.join(texts)}]"
    return _one(f'{{"type":"{kind}","coordinates":{inside}}}')


def ring_texts(rings: Rings) -> list[str]:
    """Each ring as JSON, long ones in pieces."""
    return [_outline(ring) for ring in _each(rings)]


def _outline(xy: npt.NDArray[Any]) -> str:
    pieces = [
        json.dumps(xy[start : start + AT_ONCE].tolist(), separators=(",", ":"))[1:-1]
        for start in range(0, len(xy), AT_ONCE)
    ]
    return f"[{','.join(pieces)}]"


def _is_large(bite: Geometries) -> bool:
    """Whether it is one geometry that is larger than a bite."""
    return len(bite) == 1 and int(shapely.get_num_coordinates(bite[0])) > VERTICES


def _each(rings: Rings) -> list[npt.NDArray[Any]]:
    ends = rings.ring_start.tolist()
    return [rings.xy[first:last] for first, last in pairwise(ends)]


def _one(thing: Any) -> Geometries:
    made = np.empty(1, object)
    made[0] = thing
    return made
