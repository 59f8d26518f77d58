# SPDX-License-Identifier: GPL-3.0-or-later
"""Two looks at a tile are joined where they belong, and a small tile is one look."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import ModelError
from waterseg_core.paligemma.looks import LIFT, SUREST, WORTH, agreed, cut, join
from waterseg_core.paligemma.settings import Settings

SQUARE = 32


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype("uint8")


def brightness(image: np.ndarray) -> np.ndarray:
    """A model that looks at each pixel alone: two labels, `(2, h, w)` in 0..1."""
    first = image[..., 0].astype(np.float32) / 255
    return np.stack([first, 1 - first])


def lifted(p: Any) -> Any:
    """A probability whose odds are `LIFT` times those of p."""
    return LIFT * p / (LIFT * p + 1 - p)


@given(st.lists(st.tuples(st.integers(1, 150), st.integers(1, 150)), min_size=1, max_size=4))
def test_looks_that_agree_are_joined_to_what_they_agree_on(sizes: list[tuple[int, int]]) -> None:
    images = [picture(*size, seed) for seed, size in enumerate(sizes)]
    masks = [brightness(look) for look in cut(images, SQUARE)]
    joined = join(masks, images, SQUARE)
    assert len(joined) == len(images)
    for image, mask in zip(images, joined, strict=True):
        assert mask.dtype == np.float32
        assert mask.min() >= 0
        assert mask.max() <= 1
        seen = brightness(image)
        twice = max(image.shape[:2]) > WORTH * SQUARE
        expected = lifted(seen.clip(1 - SUREST, SUREST)) if twice else seen
        np.testing.assert_allclose(mask, expected, atol=1e-5)


def test_the_whole_counts_as_much_as_its_parts() -> None:
    image = picture(100, 80)
    looks = cut([image], SQUARE)
    answers = [
        np.full((1, *look.shape[:2]), float(n == 0), np.float32) for n, look in enumerate(looks)
    ]
    (joined,) = join(answers, [image], SQUARE)
    np.testing.assert_allclose(joined, lifted(0.5), atol=1e-6)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_log_odds_of_an_agreement_are_the_mean_of_both_and_the_lift(
    one: float, other: float
) -> None:
    found = agreed(np.full((1, 1, 1), one, np.float32), np.full((1, 1, 1), other, np.float32))
    odds = [math.log(p / (1 - p)) for p in (one, other, float(found[0, 0, 0]))]
    assert odds[2] == pytest.approx((odds[0] + odds[1]) / 2 + math.log(LIFT), abs=1e-3)


def test_a_look_that_is_surer_counts_more() -> None:
    sure, unsure = (np.full((1, 1, 1), p, np.float32) for p in (0.02, 0.7))
    assert agreed(sure, unsure) < (sure + unsure) / 2


def test_every_part_has_the_size_of_the_models_square() -> None:
    whole, *parts = cut([picture(100, 80)], SQUARE)
    assert whole.shape == (100, 80, 3)
    assert {part.shape for part in parts} == {(SQUARE, SQUARE, 3)}


def test_a_tile_hardly_larger_than_the_square_is_one_look() -> None:
    side = int(WORTH * SQUARE)
    assert len(cut([picture(side, side)], SQUARE)) == 1
    assert len(cut([picture(side + 1, side)], SQUARE)) > 1


def test_a_checkpoint_that_looks_three_times_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "waterseg.json").write_text('{"looks": 3}')
    with pytest.raises(ModelError, match="looks once or twice"):
        Settings.read(tmp_path)
