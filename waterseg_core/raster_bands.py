# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands are red, green and blue: what the user says, else what the file says.

Asked in this order: wavelengths, names (words such as "red", or the band numbers of Sentinel-2
and Landsat), colour interpretation, then the first three bands as they come. Names come before
colours because somebody wrote them, while GDAL calls the bands of any file of three or four
bytes red, green, blue. One or two bands are shown as grey. Pure choice: nothing is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from waterseg_core.errors import OptionError

__all__ = ["Bands", "choose_bands"]

RGB = ("red", "green", "blue")
#: Wavelengths in micrometres that make a band red, green or blue.
SPECTRUM = {"red": (0.62, 0.70), "green": (0.525, 0.60), "blue": (0.45, 0.52)}
# Sentinel-2 and Landsat 8/9 count red, green, blue as 4, 3, 2; Landsat 4 to 7 as 3, 2, 1.
NUMBERS, OLD_LANDSAT_NUMBERS = ("4", "3", "2"), ("3", "2", "1")
OLD_LANDSAT_NAME = re.compile(r"(?:^|[^A-Z])L[TEM]0?[4-7]", re.IGNORECASE)
NUMBERED = re.compile(r"(?:^|[_\s.])(?:b|band)[ _]?0*(\d{1,2}a?)(?=$|[^0-9a-z])", re.IGNORECASE)
# Words that make "red" or "blue" another colour: red edge, near infrared, coastal blue.
OTHER = {"edge", "rededge", "nir", "infrared", "infra", "near", "coastal", "short", "swir", "deep"}


@dataclass(frozen=True)
class Bands:
    """What a raster has: colour, name and wavelength (micrometres, or None) of each band."""

    colours: tuple[str, ...]
    names: tuple[str, ...]
    wavelengths: tuple[float | None, ...] = ()
    file_name: str = ""

    @property
    def count(self) -> int:
        """Number of bands, alpha included."""
        return len(self.colours)

    @property
    def alpha(self) -> int | None:
        """The band (from 1) that says how opaque each pixel is, or None."""
        return self.colours.index("alpha") + 1 if "alpha" in self.colours else None

    def listed(self) -> str:
        """All bands with their names, for a sentence."""
        return ", ".join(
            f"{number} {name or colour}".strip()
            for number, (name, colour) in enumerate(zip(self.names, self.colours, strict=True), 1)
        )


def choose_bands(has: Bands, wanted: Sequence[int] | None) -> tuple[tuple[int, ...], str]:
    """(bands as red, green, blue, counted from 1, and a sentence that says why).

    One band alone means grey. Raises OptionError for a band that the raster does not have.
    """
    if wanted is not None:
        return _wanted(has, tuple(wanted)), ""
    picture = [band for band in range(1, has.count + 1) if band != has.alpha] or [1]
    if len(picture) < 3:
        return (picture[0],), f"Band {picture[0]} is shown as grey." if has.count > 1 else ""
    for how, found in (
        ("by their wavelengths", _by_wavelength(has)),
        ("by their names", _by_word(has) or _by_number(has)),
        ("by their colours", _by_colour(has)),
    ):
        if found is not None:
            plain = found == (1, 2, 3) and has.count == 3
            return found, "" if plain else _said(found, how)
    first = tuple(picture[:3])
    return first, _said(first, "because nothing in the file says which they are (see --bands)")


def _said(bands: tuple[int, ...], how: str) -> str:
    red, green, blue = bands
    return f"Bands {red}, {green}, {blue} are taken as red, green, blue {how}."


def _wanted(has: Bands, wanted: tuple[int, ...]) -> tuple[int, ...]:
    if len(wanted) not in (1, 3):
        raise OptionError(f"--bands takes one band or three, not {len(wanted)}.")
    for band in wanted:
        if not 1 <= band <= has.count:
            bands = "band" if has.count == 1 else "bands"
            raise OptionError(
                f"--bands {','.join(map(str, wanted))}: there is no band {band}; the raster has "
                f"{has.count} {bands} ({has.listed()})."
            )
    return wanted


def _by_colour(has: Bands) -> tuple[int, ...] | None:
    if all(colour in has.colours for colour in RGB):
        return tuple(has.colours.index(colour) + 1 for colour in RGB)
    return None


def _by_wavelength(has: Bands) -> tuple[int, ...] | None:
    found = []
    for colour in RGB:
        low, high = SPECTRUM[colour]
        middle = (low + high) / 2
        near = [
            (abs(wave - middle), band)
            for band, wave in enumerate(has.wavelengths, 1)
            if wave is not None and low <= wave <= high
        ]
        if not near:
            return None
        found.append(min(near)[1])
    return tuple(found)


def _by_word(has: Bands) -> tuple[int, ...] | None:
    words = [re.findall(r"[a-z]+", name.lower()) for name in has.names]
    found = []
    for colour in RGB:
        # "green" before "green i": the shortest name is the plain one.
        fits = [
            (len(said), band)
            for band, said in enumerate(words, 1)
            if colour in said and not OTHER & set(said)
        ]
        if not fits:
            return None
        found.append(min(fits)[1])
    return tuple(found) if len(set(found)) == 3 else None


def _by_number(has: Bands) -> tuple[int, ...] | None:
    numbers: dict[str, int] = {}
    for band, name in enumerate(has.names, 1):
        match = NUMBERED.search(name)
        if match:
            numbers.setdefault(match.group(1).lower(), band)
    # Landsat 4 to 7 has no band 6 among its reflective bands; the file's name may say so too.
    old = OLD_LANDSAT_NAME.search(has.file_name) or (
        {"1", "7"} <= numbers.keys() and not {"6", "8a", "9", "10", "11", "12"} & numbers.keys()
    )
    wanted = OLD_LANDSAT_NUMBERS if old else NUMBERS
    if all(number in numbers for number in wanted):
        return tuple(numbers[number] for number in wanted)
    return None
