# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document is the one checked in; a fuzzer finds no answer that it does not name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import TOKEN, Live
from pixelwise import PixelwiseSegmenter
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from waterseg_core.jobs import Limits
from waterseg_core.server.document import document

WORDS = {
    "height": 8,
    "width": 8,
    "georef": {"transform": [10, 0, 0, 0, -10, 0], "crs": "EPSG:32633"},
    "pixels": {"dtype": "uint8", "bands": 3},
}
CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_document_that_is_checked_in_is_the_servers() -> None:
    said = CONTRACT.read_text()
    assert said == document(), "python -m waterseg_core.server.document docs/openapi.json renews it"


def test_the_document_is_what_the_server_answers(serve: Any) -> None:
    assert serve().client.http.get("/v1/openapi.json").json() == json.loads(document())


def test_every_error_of_every_route_has_the_one_shape() -> None:
    routes = json.loads(document())["paths"]
    assert len(routes) == 31
    for methods in routes.values():
        for route in methods.values():
            for status, answer in route["responses"].items():
                if int(status) >= 400:
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server for the fuzzer."""
    folder = tmp_path_factory.mktemp("server")
    server = Live(
        folder,
        lambda name, **how: PixelwiseSegmenter(),
        Limits(jobs=100_000),
        max_body=1,
        allow_uploads=True,
    )
    yield server
    server.stop()


@pytest.fixture(scope="module")
def jobs(live: Live) -> dict[str, str]:
    """The id of a job in each state that lasts."""
    client, made = live.client, {}
    for state in ("waiting", "done", "cancelled", "failed"):
        job = made[state] = client.create(WORDS)["id"]
        if state == "cancelled":
            client.cancel(job)
        elif state != "waiting":
            client.put(job, "tiles/0", bytes(range(1, 193)) if state == "done" else b"")
            while client.job(job)["state"] != state:
                pass
    return made


ROUTES = [
    (path, method.upper())
    for path, methods in json.loads(document())["paths"].items()
    for method in methods
]
#: What the answer says; not whether nonsense that we do not mind, like unknown queries, is refused.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
#: WATERSEG_FUZZ=500 looks longer, and every time elsewhere.
FUZZ = os.environ.get("WATERSEG_FUZZ")
EXAMPLES = int(FUZZ or 50)
#: There is nothing that could be wrong.
NO_INPUT = ("/v1/alive", "GET", GenerationMode.NEGATIVE)
SCHEMA = schemathesis.openapi.from_dict(json.loads(document()))


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(*route, mode) for route in ROUTES for mode in GenerationMode if (*route, mode) != NO_INPUT],
)
def test_nothing_is_answered_that_is_not_documented(
    live: Live, jobs: dict[str, str], path: str, method: str, mode: Any
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=FUZZ is None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(SCHEMA[path][method].as_strategy(generation_mode=mode), st.sampled_from([None, *jobs]))
    def ask(case: Any, state: str | None) -> None:
        if state is not None and "id" in case.path_parameters:  # else never one that exists
            case.path_parameters["id"] = jobs[state]
        case.call_and_validate(
            base_url=live.server.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            checks=CHECKS,
        )

    ask()
