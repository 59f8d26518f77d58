# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands are red, green and blue, for the rasters that people have."""

from __future__ import annotations

import pytest

from waterseg_core.errors import OptionError
from waterseg_core.raster_bands import Bands, choose_bands


def bands(*names: str, colours: str = "", file: str = "", waves: tuple[float, ...] = ()) -> Bands:
    given = tuple(colours.split()) or tuple("undefined" for _ in names)
    return Bands(given, tuple(names) or ("",) * len(given), waves, file)


S2 = "B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B11 B12".split()


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        (bands(colours="red green blue"), (1, 2, 3)),
        (bands(colours="blue green red nir"), (3, 2, 1)),
        (bands(colours="red green blue alpha"), (1, 2, 3)),
        (bands(colours="alpha red green blue"), (2, 3, 4)),
        (bands(colours="gray"), (1,)),
        (bands(colours="gray alpha"), (1,)),
        (bands(colours="gray undefined"), (1,)),
        (bands(colours="alpha gray undefined"), (2,)),
        (bands(colours="gray undefined undefined"), (1, 2, 3)),
        (bands(colours="gray undefined undefined alpha undefined"), (1, 2, 3)),
        (bands("blue", "green", "red", "nir"), (3, 2, 1)),
        (bands("coastal blue", "blue", "green i", "green", "red", "red edge", "nir"), (5, 4, 2)),
        (bands("Blue (B2)", "Green (B3)", "Red (B4)", "Near infra-red (B5)"), (3, 2, 1)),
        (bands("SR_B1 coastal", "near red", "red_edge", "green", "blue", "red"), (6, 4, 5)),
        (bands(*S2), (4, 3, 2)),
        (bands("B2", "B3", "B4", "B8"), (3, 2, 1)),
        (bands("B4, central wavelength 665 nm", "B3, central wavelength 560 nm", "B2"), (1, 2, 3)),
        (bands(*(f"SR_B{n}" for n in range(1, 8))), (4, 3, 2)),
        (bands(*(f"Band {n}" for n in range(1, 12))), (4, 3, 2)),
        (bands(*(f"SR_B{n}" for n in (1, 2, 3, 4, 5, 7))), (3, 2, 1)),
        (bands(*(f"B{n}" for n in range(1, 8)), file="LE07_L1TP_224078.tif"), (3, 2, 1)),
        (bands(*(f"B{n}" for n in range(1, 8)), file="LC08_L1TP_224078.tif"), (4, 3, 2)),
        (bands("a", "b", "c", "d", waves=(0.49, 0.56, 0.665, 0.842)), (3, 2, 1)),
        (bands("x", "y", "z", "w"), (1, 2, 3)),
        (bands("B02", "B03", "B04", "B08", colours="red green blue undefined"), (3, 2, 1)),
        (bands("x", "y", "z", "w", colours="blue green red undefined"), (3, 2, 1)),
    ],
)
def test_red_green_blue_are_found_by_what_the_file_says(
    has: Bands, expected: tuple[int, ...]
) -> None:
    chosen, _ = choose_bands(has, None)
    assert chosen == expected


def test_a_guess_is_told_and_the_ordinary_is_not() -> None:
    assert "nothing in the file" in choose_bands(bands("x", "y", "z"), None)[1]
    assert "4, 3, 2" in choose_bands(bands(*S2), None)[1]
    assert choose_bands(bands(colours="red green blue"), None)[1] == ""
    assert choose_bands(bands(colours="gray"), None)[1] == ""


def test_what_the_user_says_comes_first() -> None:
    assert choose_bands(bands(*S2), (8, 3, 2)) == ((8, 3, 2), "")
    assert choose_bands(bands(*S2), (12,)) == ((12,), "")


@pytest.mark.parametrize("wanted", [(0, 1, 2), (1, 2, 5), (5,), (-1,)])
def test_a_missing_band_is_told_with_those_that_exist(wanted: tuple[int, ...]) -> None:
    with pytest.raises(OptionError, match=r"has 4 bands \(1 B2, 2 B3, 3 B4, 4 undefined\)"):
        choose_bands(bands("B2", "B3", "B4", ""), wanted)


@pytest.mark.parametrize("wanted", [(), (1, 2), (1, 2, 3, 4)])
def test_one_band_or_three_are_wanted(wanted: tuple[int, ...]) -> None:
    with pytest.raises(OptionError, match="one band or three"):
        choose_bands(bands(*S2), wanted)
