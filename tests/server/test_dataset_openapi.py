# SPDX-License-Identifier: GPL-3.0-or-later
"""A fuzzer finds no answer about jobs that make training sets that the document does not name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from drawings import collection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import TOKEN, Live
from pixelwise import PixelwiseSegmenter
from schemathesis import GenerationMode
from test_server_openapi import CHECKS, EXAMPLES, FUZZ, ROUTES, SCHEMA, WORDS

from waterseg_core.jobs import Limits

SIDE = 64
LAKE = shapely.box(0, -320, 320, 0)
ORDER = {
    **WORDS,
    "kind": "dataset",
    "height": SIDE,
    "width": SIDE,
    "options": {"tile": 32, "nodata": "none", "buffer": 0},
    "polygons": collection([LAKE]),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server for the fuzzer."""
    folder = tmp_path_factory.mktemp("server")
    server = Live(folder, lambda name, **how: PixelwiseSegmenter(), Limits(jobs=100_000))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def jobs(live: Live) -> dict[str, str]:
    """The id of a job in each state that lasts."""
    client, made = live.client, {}
    for state in ("waiting", "done", "cancelled", "failed"):
        lake = LAKE if state == "done" else shapely.box(0, -30, 30, 0)
        job = made[state] = client.create({**ORDER, "polygons": collection([lake])})["id"]
        if state == "cancelled":
            client.cancel(job)
        elif state != "waiting":
            pixels = bytes(range(1, 129)) * (SIDE * SIDE * 3 // 128)
            client.put(job, "tiles/0", pixels)
            while client.job(job)["state"] not in ("done", "failed"):
                pass
            assert client.job(job)["state"] == state, client.job(job)
    return made


ABOUT_JOBS = [(path, method) for path, method in ROUTES if "{id}" in path]


NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 1e308, -320])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
POINTS = st.lists(st.lists(NUMBERS, min_size=1, max_size=3), max_size=5)
SHAPES = ("Polygon", "MultiPolygon", "Point", "LineString", "GeometryCollection", "?")
GEOMETRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(SHAPES)},
    optional={
        "coordinates": POINTS | st.lists(POINTS, max_size=2) | ANYTHING,
        "geometries": ANYTHING,
    },
)
FEATURES = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection")},
    optional={
        "features": ANYTHING
        | st.lists(
            st.fixed_dictionaries(
                {"geometry": GEOMETRIES | ANYTHING},
                optional={"properties": st.dictionaries(st.just("label"), ANYTHING) | ANYTHING},
            ),
            max_size=3,
        ),
        "crs": ANYTHING,
    },
)
NEARLY = {
    "options": st.dictionaries(
        st.sampled_from(["tile", "stride", "split", "label", "prefix", "resolution", "codec"]),
        ANYTHING,
        max_size=3,
    ),
    "polygons": FEATURES | ANYTHING,
    "chips": st.dictionaries(st.text(max_size=5) | st.just("0_0"), st.sampled_from(["dry", "?"])),
    "aoi": GEOMETRIES | ANYTHING,
    "georef": ANYTHING,
    "chip": st.dictionaries(st.sampled_from(["row", "col", "height", "width"]), ANYTHING),
}


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/dataset/chips", "/v1/dataset/check"])
@given(
    change=st.sampled_from([*NEARLY]).flatmap(
        lambda name: st.tuples(st.just(name), NEARLY[name]),
    )
)
@settings(
    max_examples=EXAMPLES,
    derandomize=FUZZ is None,
    suppress_health_check=list(HealthCheck),
    database=None,
    deadline=None,
)
def test_words_that_are_nearly_right_are_answered_or_told(
    live: Live, path: str, change: tuple[str, Any]
) -> None:
    body = {**ORDER, change[0]: change[1]}
    if path != "/v1/jobs":
        for own in ("kind", "pixels"):
            body.pop(own)
        if path.endswith("check"):
            body = {"chip": {"row": 0, "col": 0, "height": 32, "width": 32}, **body}
    text = json.dumps(body)  # also NaN, which is no JSON but is read as such
    headers = {"Content-Type": "application/json"}
    reply = live.client.http.post(path, content=text, headers=headers)
    assert reply.status_code in (200, 201, 422), reply.text
    if reply.status_code == 422:
        assert reply.json()["message"]
    elif reply.status_code == 201:
        live.client.cancel(reply.json()["id"])


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(*route, mode) for route in ABOUT_JOBS for mode in GenerationMode],
)
def test_nothing_is_answered_about_a_set_that_is_not_documented(
    live: Live, jobs: dict[str, str], path: str, method: str, mode: Any
) -> None:
    @settings(
        max_examples=EXAMPLES // 2,
        derandomize=FUZZ is None,
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )
    @given(SCHEMA[path][method].as_strategy(generation_mode=mode), st.sampled_from([*jobs]))
    def ask(case: Any, state: str) -> None:
        case.path_parameters["id"] = jobs[state]
        case.call_and_validate(
            base_url=live.server.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            checks=CHECKS,
        )

    ask()
