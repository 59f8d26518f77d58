# SPDX-License-Identifier: GPL-3.0-or-later
"""The wand over HTTP: a PNG and a click in, an outline out; nonsense is told in a sentence."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image


def png(pixels: np.ndarray) -> str:
    sink = io.BytesIO()
    Image.fromarray(pixels).save(sink, "PNG")
    return base64.b64encode(sink.getvalue()).decode()


def test_a_click_into_a_lake_is_answered_by_its_outline(serve: Any) -> None:
    pixels = np.full((40, 50, 3), 200, np.uint8)
    pixels[:, 20:30] = 30
    words = {"image": png(pixels), "row": 5, "col": 25, "tolerance": 10}
    answer = serve().client.http.post("/v1/dataset/wand", json=words)
    assert answer.status_code == 200
    said = answer.json()
    assert said["pixels"] == 400
    (ring,) = said["polygon"]["coordinates"]
    assert {tuple(corner) for corner in ring} == {(20, 0), (30, 0), (30, 40), (20, 40)}


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"row": 40}, 422, "OptionError"),
        ({"image": "bm90IGEgcGljdHVyZQ=="}, 422, "OptionError"),
        ({"image": "not base64!"}, 422, "OptionError"),
        ({"tolerance": 300}, 422, "OptionError"),
        ({"image": png(np.zeros((2100, 2100), np.uint8))}, 413, "TooLargeError"),
    ],
)
def test_nonsense_is_told_in_a_sentence(
    serve: Any, change: dict[str, Any], status: int, error: str
) -> None:
    words = {"image": png(np.zeros((40, 50, 3), np.uint8)), "row": 5, "col": 5, "tolerance": 10}
    answer = serve().client.http.post("/v1/dataset/wand", json={**words, **change})
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert answer.json()["message"].endswith((".", ")"))
