# SPDX-License-Identifier: GPL-3.0-or-later
"""A fuzzer finds no answer about trainings and evaluations that the document does not name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_paligemma as tiny
import tiny_set
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import TOKEN, Live
from pixelwise import PixelwiseSegmenter
from schemathesis import GenerationMode
from test_server_openapi import CHECKS, EXAMPLES, FUZZ, ROUTES, SCHEMA
from trainings import PART, SHORT, Trainer, about, zip_of, zipped

from waterseg_core.jobs import Limits
from waterseg_core.model_list import remember
from waterseg_core.studies import StudyLimits

STATES = ("waiting", "ready", "done", "cancelled", "failed")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server for the fuzzer, with a small model on offer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATERSEG_CACHE", str(tmp_path_factory.mktemp("cache")))
        base = tmp_path_factory.mktemp("base") / "tiny"
        remember(tiny.write_extras(tiny.write_checkpoint(base), grid=2))
        limits = StudyLimits(part_bytes=PART, waiting=100_000, ready_seconds=0.1)
        folder = tmp_path_factory.mktemp("server")
        server = Live(folder, lambda name, **how: PixelwiseSegmenter(), Limits(), limits)
        yield server
        server.stop()


@pytest.fixture(scope="module")
def studies(live: Live, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The id of a training, and of an evaluation, in each state that lasts."""
    base = live.server.jobs.models.source("tiny")
    folder = tmp_path_factory.mktemp("ponds")
    ponds = zipped(tiny_set.write_set(folder, Path(base) / "codec.safetensors"))
    made: dict[str, dict[str, str]] = {"trainings": {}, "evaluations": {}}
    for kind, ids in made.items():
        trainer = Trainer(live.client, kind)
        ids["waiting"] = trainer.create(bytes(PART + 1), options={"model": "tiny"})["id"]
        ids["cancelled"] = trainer.create(bytes(PART + 1), options={"model": "tiny"})["id"]
        trainer.http.delete(f"/v1/{kind}/{ids['cancelled']}")
        ids["failed"] = trainer.begin(zip_of({"a.txt": b"a"}), options={"model": "tiny"})
    trainer = Trainer(live.client)
    for state, ask in (("done", False), ("ready", True)):
        id = trainer.begin(ponds, options={"model": "tiny", **SHORT}, ask=ask)
        made["trainings"][state] = id
        trainer.until(id, state)
    judge = Trainer(live.client, "evaluations")
    made["evaluations"]["done"] = judge.begin(
        ponds, options={"model": "tiny", "tokens": False, "resamples": 100}
    )
    judge.until(made["evaluations"]["done"], "done")
    return made


MINE = [
    (path, method)
    for path, method in ROUTES
    if path.startswith(("/v1/trainings", "/v1/evaluations")) and "{id}" in path
]


def how(examples: int) -> Any:
    return settings(
        max_examples=examples,
        derandomize=FUZZ is None,
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )


@pytest.mark.parametrize(
    ("path", "method", "mode"), [(*route, mode) for route in MINE for mode in GenerationMode]
)
def test_nothing_is_answered_about_a_study_that_is_not_documented(
    live: Live, studies: dict[str, dict[str, str]], path: str, method: str, mode: Any
) -> None:
    ids = studies[path.split("/")[2]]

    @how(EXAMPLES // 3)
    @given(SCHEMA[path][method].as_strategy(generation_mode=mode), st.sampled_from(sorted(ids)))
    def ask(case: Any, state: str) -> None:
        if method == "DELETE":
            state = "cancelled"  # the others are needed
        case.path_parameters["id"] = ids[state]
        query = case.query or {}
        if method == "DELETE" and str(query.get("forget", "")).lower() not in ("", "false", "0"):
            case.path_parameters["id"] = "0" * 32
        case.call_and_validate(
            base_url=live.server.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            checks=CHECKS,
        )

    ask()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["model", "epochs", "minutes", "answer", "seeds", "split", "baseline", "tile", "threshold"]
)
NEARLY = {
    "name": ANYTHING | st.text(max_size=70),
    "set": ANYTHING
    | st.dictionaries(st.sampled_from(["bytes", "sha256", "file"]), ANYTHING, max_size=3),
    "options": ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=3),
    "ask": ANYTHING,
}


@pytest.mark.parametrize("kind", ["trainings", "evaluations"])
@how(EXAMPLES)
@given(
    change=st.sampled_from([*NEARLY]).flatmap(
        lambda name: st.tuples(st.just(name), NEARLY[name]),
    )
)
def test_an_order_that_is_nearly_right_is_answered_or_told(
    live: Live, kind: str, change: tuple[str, Any]
) -> None:
    order = {"name": "ponds", "set": about(b"x"), "options": {"model": "tiny"}, "ask": True}
    text = json.dumps({**order, change[0]: change[1]})  # also NaN, which is read as such
    reply = live.client.http.post(
        f"/v1/{kind}", content=text, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (201, 413, 422, 507), reply.text
    if reply.status_code == 201:
        live.client.http.delete(f"/v1/{kind}/{reply.json()['id']}", params={"forget": True})
    else:
        assert reply.json()["message"]
