# SPDX-License-Identifier: GPL-3.0-or-later
"""From raw values to bytes: one contrast, every type, no surprise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from waterseg_core.errors import OptionError
from waterseg_core.raster_stretch import Stretch, choose_stretch

TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def ramp(low: float, high: float, dtype: str = "uint8") -> np.ndarray[Any, Any]:
    return np.stack([np.linspace(low, high, 1000)] * 3).astype(dtype)


@given(
    hnp.arrays("int16", (2, 3, 4)),
    st.lists(st.tuples(st.integers(-9999, 9999), st.integers(1, 9999)), min_size=2, max_size=2),
)
def test_a_value_becomes_its_share_of_the_range(
    values: np.ndarray[Any, Any], limits: list[tuple[int, int]]
) -> None:
    low, high = zip(*((low, low + span) for low, span in limits), strict=True)
    stretched = Stretch(tuple(map(float, low)), tuple(map(float, high))).apply(values)
    lows, highs = np.reshape(low, (2, 1, 1)), np.reshape(high, (2, 1, 1))
    exact = np.clip((values.astype(float) - lows) / (highs - lows) * 255, 0, 255)
    assert stretched.dtype == np.uint8
    assert np.abs(stretched - exact).max() <= 0.5 + 1e-9


@pytest.mark.parametrize("dtype", TYPES)
def test_every_type_gives_the_same_bytes_for_the_same_values(dtype: str) -> None:
    values = np.arange(0, 120).reshape(1, 10, 12)
    stretch = Stretch((7.0,), (99.0,), 0.7)
    assert (stretch.apply(values.astype(dtype)) == stretch.apply(values.astype(float))).all()


def test_no_value_is_black_not_an_error() -> None:
    values = np.array([[[np.nan, np.inf, -np.inf, 5]]], "float32")
    assert Stretch((0.0,), (10.0,)).apply(values).tolist() == [[[0, 255, 0, 128]]]


def test_bytes_made_for_a_screen_are_left_alone() -> None:
    stretch, note = choose_stretch("auto", ramp(0, 170), np.dtype("uint8"))
    assert stretch == Stretch()
    assert note == ""
    values = ramp(0, 170)[:, None]
    assert stretch.apply(values) is values


def test_a_dark_raw_picture_is_brightened_and_says_so() -> None:
    stretch, note = choose_stretch("auto", ramp(20, 110), np.dtype("uint8"))
    assert stretch.low == pytest.approx((20.45,) * 3, abs=1)
    assert stretch.lift < 1
    assert "--stretch" in note


def test_a_picture_of_dark_water_alone_is_not_blown_up_to_noise() -> None:
    assert choose_stretch("auto", ramp(20, 30), np.dtype("uint8"))[0] == Stretch()


RAW = ["uint16", "int16", "float32", "float64", "uint32"]


@pytest.mark.parametrize("dtype", RAW)
def test_percentile_is_in_proportion_between_the_2nd_and_98th_of_each_band(dtype: str) -> None:
    sample = ramp(0, 100, dtype) * np.array([[1], [10], [100]], dtype)
    stretch, note = choose_stretch("percentile", sample, np.dtype(dtype))
    assert stretch.low == pytest.approx((2, 20, 200), rel=0.1)
    assert stretch.high == pytest.approx((98, 980, 9800), rel=0.02)
    assert stretch.lift == 1
    assert "2nd to 98th" in note


@pytest.mark.parametrize("dtype", RAW)
def test_auto_stretches_all_other_types_wider_and_lifts_the_dark(dtype: str) -> None:
    sample = ramp(0, 1000, dtype) * np.array([[1], [2], [4]], dtype)
    stretch, note = choose_stretch("auto", sample, np.dtype(dtype))
    assert stretch.low == pytest.approx((5, 10, 20), rel=0.1)
    assert stretch.high == pytest.approx((995, 1990, 3980), rel=0.01)
    assert "lifted" in note
    fifth = stretch.apply(np.array([200, 400, 800], dtype).reshape(3, 1, 1))
    assert (fifth > 255 / 5 + 20).all()
    ends = stretch.apply(np.array([[0, 1000], [0, 2000], [0, 4000]], dtype).reshape(3, 1, 2))
    assert ends[:, 0].tolist() == [[0, 255]] * 3


def test_a_few_clouds_do_not_darken_the_land_under_auto() -> None:
    land = np.linspace(1000, 3000, 9850)
    clouds = np.full(150, 20_000.0)
    sample = np.concatenate([land, clouds])[None].astype("uint16")
    stretch, _ = choose_stretch("auto", sample, np.dtype("uint16"))
    shown = stretch.apply(sample[:, None])
    assert np.median(shown[0, 0, : len(land)]) > 90
    assert (shown[0, 0, len(land) :] == 255).all()


@given(st.floats(0.3, 1.0), hnp.arrays("uint16", 50))
def test_a_lift_keeps_the_order_and_darkens_nothing(
    lift: float, values: np.ndarray[Any, Any]
) -> None:
    ordered = np.sort(values).reshape(1, 1, -1)
    plain = Stretch((100.0,), (60000.0,)).apply(ordered).astype(int)
    lifted = Stretch((100.0,), (60000.0,), lift).apply(ordered).astype(int)
    assert (np.diff(lifted) >= 0).all()
    assert (lifted >= plain).all()


def test_minmax_and_given_limits() -> None:
    sample = ramp(100, 900, "uint16")
    assert choose_stretch("minmax", sample, np.dtype("uint16"))[0].low == (100.0,) * 3
    assert choose_stretch("minmax", sample, np.dtype("uint16"))[0].high == (900.0,) * 3
    assert choose_stretch("-1.5,2000", sample, np.dtype("uint16"))[0] == Stretch(
        (-1.5,) * 3, (2000.0,) * 3
    )


def test_a_band_of_one_value_is_grey_not_black() -> None:
    stretch, _ = choose_stretch("percentile", np.full((1, 50), 7.0), np.dtype("float32"))
    assert 100 < stretch.apply(np.full((1, 2, 2), 7.0))[0, 0, 0] < 155


def test_none_takes_values_as_bytes_and_refuses_those_that_are_not() -> None:
    stretch, _ = choose_stretch("none", ramp(0, 200, "uint16"), np.dtype("uint16"))
    assert stretch.apply(np.array([[[3, 199]]], "uint16")).tolist() == [[[3, 199]]]
    for sample in (ramp(0, 9000, "uint16"), ramp(-5, 100, "int16"), ramp(0, 1, "float32")):
        with pytest.raises(OptionError, match="--stretch none"):
            choose_stretch("none", sample, sample.dtype)


@pytest.mark.parametrize(
    "wanted", ["", "best", "1", "2,1", "1,1", "1,2,3", "a,b", "nan,1", "0,inf"]
)
def test_nonsense_is_one_sentence(wanted: str) -> None:
    with pytest.raises(OptionError, match="--stretch"):
        choose_stretch(wanted, ramp(0, 9), np.dtype("uint8"))
