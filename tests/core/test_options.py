# SPDX-License-Identifier: GPL-3.0-or-later
"""Options hold only values that make sense, and what is wrong is a sentence with the flag in it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import InputError, OptionError
from waterseg_core.optionfield import Spec, from_texts, parse, specs
from waterseg_core.options import SegmentOptions

SPECS = {spec.name: spec for spec in specs(SegmentOptions)}


def test_defaults_make_sense() -> None:
    options = SegmentOptions()
    assert (options.model, options.prompt, options.overlap) == ("nano", "segment water", 0.25)
    assert options.min_hole == 0, "islands are kept unless someone asks otherwise"


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_every_option_explains_itself(spec: Spec) -> None:
    assert spec.info.help.endswith(".")
    assert spec.info.group
    assert spec.default is not None or spec.optional
    if spec.kind in (int, float):
        assert spec.allowed, "a number without bounds lets nonsense through"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("overlap", 1.5),
        ("overlap", math.nan),
        ("overlap", True),
        ("overlap", "0.2"),
        ("threshold", 0.0),
        ("threshold", 1.0),
        ("tile", 0),
        ("tile", 25.5),
        ("batch", -1),
        ("bands", ()),
        ("bands", (0, 1, 2)),
        ("bands", (1, 2)),
        ("bbox", (1.0, 2.0, 3.0)),
        ("bbox", (3.0, 0.0, 1.0, 1.0)),
        ("stretch", "bright"),
        ("stretch", "9,1"),
        ("nodata", "some"),
        ("resolution", 0.0),
        ("min_area", -5.0),
        ("answer", "guess"),
        ("format", "shp"),
        ("prompt", "  "),
        ("prompt", "segment\nwater"),
        ("mask", "yes"),
        ("aoi", 7),
    ],
)
def test_nonsense_is_refused_with_flag_and_value(name: str, value: object) -> None:
    with pytest.raises(OptionError) as caught:
        SegmentOptions(**{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(SPECS[name].flag)
    assert "must" in sentence
    assert sentence.endswith(".")
    assert isinstance(caught.value, InputError)


def test_a_refusal_says_what_is_allowed() -> None:
    with pytest.raises(OptionError, match=r"--overlap 1.5: must be 0 to 0.5"):
        SegmentOptions(overlap=1.5)
    with pytest.raises(OptionError, match=r"--min-area -1: must be at least 0 \(m²\)"):
        SegmentOptions(min_area=-1)


def test_bbox_crs_alone_is_refused() -> None:
    with pytest.raises(OptionError, match="--bbox"):
        SegmentOptions(bbox_crs="EPSG:4326")


def test_values_take_the_type_that_is_declared() -> None:
    options = SegmentOptions(min_area=5, bands=[3, 2, 1], bbox=[0, 0, 1, 1])  # type: ignore[arg-type]
    assert isinstance(options.min_area, float)
    assert options.bands == (3, 2, 1)
    assert options.bbox == (0.0, 0.0, 1.0, 1.0)


def test_texts_become_the_same_options() -> None:
    texts: dict[str, str | bool] = {
        "bands": "3,2,1",
        "bbox": "1,2,3,4.5",
        "overlap": "0.1",
        "tile": "256",
        "threshold": "none",
        "nodata": "none",
        "mask": True,
    }
    assert from_texts(SegmentOptions, texts) == SegmentOptions(
        bands=(3, 2, 1), bbox=(1, 2, 3, 4.5), overlap=0.1, tile=256, nodata="none", mask=True
    )


@given(text=st.text(max_size=12), name=st.sampled_from(sorted(SPECS)))
def test_any_text_is_a_value_or_a_sentence(name: str, text: str) -> None:
    if SPECS[name].kind is bool:
        return
    try:
        parse(SPECS[name], text)
    except OptionError as error:
        sentence = str(error)
    else:
        return
    assert sentence.startswith(SPECS[name].flag)


def test_what_acts_after_the_strips_is_not_part_of_the_job() -> None:
    one = SegmentOptions(min_area=5, format="gpkg", overwrite=True, resume=False)
    assert one.job_key() == SegmentOptions().job_key()
    assert SegmentOptions(threshold=0.4).job_key() != one.job_key()


def test_smallest_water_depends_on_the_raster_only_by_default() -> None:
    assert SegmentOptions().smallest_water(has_crs=True) == 1000
    assert SegmentOptions().smallest_water(has_crs=False) == 10
    assert SegmentOptions(min_area=0).smallest_water(has_crs=False) == 0
