# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw polygons over the image they were found in, with a scale bar and a caption: for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw, ImageFont

from waterseg_core.geo import Georef

FILL, EDGE, HALO = (40, 170, 255, 80), (70, 215, 255, 255), (0, 35, 80, 190)
INK, PAPER = (25, 35, 45), (255, 255, 255)
#: Lines are drawn so many times too large and then reduced, which makes them smooth.
FINE = 2


@dataclass(frozen=True)
class Caption:
    """The words under a picture: a title and, smaller, a line about how it came to be."""

    title: str
    note: str = ""


def draw_water(
    rgb: npt.NDArray[np.uint8],
    georef: Georef,
    polygons: Iterable[shapely.Geometry],
    caption: Caption,
    longest_px: int = 1400,
) -> Image.Image:
    """A picture of `polygons`, in the map coordinates of `georef`, over `rgb` uint8 (h, w, 3).

    Its longer side has `longest_px` pixels; in a geographic CRS it is stretched so that shapes
    look as they do on the ground.
    """
    height, width = rgb.shape[:2]
    tall = _tallness(georef, height, width)
    scale = longest_px / max(width, height * tall)
    size = max(1, round(width * scale)), max(1, round(height * tall * scale))
    picture = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC).convert("RGBA")
    to_picture = _Projection(georef, size[0] / width, size[1] / height)
    picture.alpha_composite(_water(size, polygons, to_picture))
    metre = georef.pixel_size_m(height, width)
    if metre is not None:
        # pixel_size_m is the side of a square of the pixel's area; its width is less if it is tall.
        _scale_bar(picture, metre / math.sqrt(tall) / to_picture.across)
    return _captioned(picture, caption)


def _tallness(georef: Georef, height: int, width: int) -> float:
    """Height over width of a pixel on the ground; 1 unless degrees are drawn."""
    across = math.hypot(georef.transform.a, georef.transform.d)
    down = math.hypot(georef.transform.b, georef.transform.e)
    if georef.crs is None or not georef.crs.is_geographic:
        return down / across
    _, latitude = georef.transform @ (width / 2, height / 2)
    return down / (across * max(0.1, math.cos(math.radians(latitude))))


@dataclass(frozen=True)
class _Projection:
    """Map coordinates to pixels of the picture, `across` and `down` times as fine as the raster."""

    georef: Georef
    across: float
    down: float

    def __call__(self, ring: shapely.Geometry) -> list[tuple[float, float]]:
        inverse = ~self.georef.transform
        pixels = (inverse @ (x, y) for x, y in shapely.get_coordinates(ring))
        return [(col * self.across * FINE, row * self.down * FINE) for col, row in pixels]


def _parts(polygons: Iterable[shapely.Geometry]) -> list[shapely.Polygon]:
    """Single polygons, large ones first, so that a pond on an island is drawn over its lake."""
    parts = shapely.get_parts(np.array(list(polygons), dtype=object))
    return sorted(parts, key=lambda part: -shapely.area(shapely.Polygon(part.exterior)))


def _rings(part: shapely.Polygon) -> Iterator[tuple[shapely.Geometry, bool]]:
    """The rings of a polygon, each with whether it is a hole."""
    yield part.exterior, False
    for hole in part.interiors:
        yield hole, True


def _water(
    size: tuple[int, int], polygons: Iterable[shapely.Geometry], to_picture: _Projection
) -> Image.Image:
    """Fill and outline of all polygons on a transparent sheet of `size`."""
    large = size[0] * FINE, size[1] * FINE
    inside, lines = Image.new("L", large), Image.new("RGBA", large)
    fill, line = ImageDraw.Draw(inside), ImageDraw.Draw(lines)
    outlines = []
    for part in _parts(polygons):
        for ring, is_hole in _rings(part):
            corners = to_picture(ring)
            fill.polygon(corners, fill=0 if is_hole else FILL[3])
            outlines.append(corners)
    for colour, wide in ((HALO, 3 * FINE), (EDGE, round(1.4 * FINE))):
        for corners in outlines:
            line.line(corners, fill=colour, width=wide, joint="curve")
    sheet = Image.new("RGBA", large, (*FILL[:3], 0))
    sheet.putalpha(inside)
    sheet.alpha_composite(lines)
    return sheet.resize(size, Image.Resampling.LANCZOS)


def _scale_bar(picture: Image.Image, metres_per_px: float) -> None:
    """A bar of a round length, at most a quarter of the picture wide, in its lower left corner."""
    longest = picture.width / 4 * metres_per_px
    power = 10 ** math.floor(math.log10(longest))
    metres = next(step * power for step in (5, 2, 1) if step * power <= longest)
    wide, margin = metres / metres_per_px, round(picture.width * 0.025)
    draw, font = ImageDraw.Draw(picture), _font(picture.width // 60)
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    y, thick = picture.height - margin, max(3, picture.width // 300)
    draw.rectangle((margin, y - thick, margin + wide, y), fill="white", outline=HALO[:3])
    corner = (margin, y - 2 * thick)
    draw.text(corner, label, "white", font, "ls", stroke_width=2, stroke_fill=HALO[:3])


def _captioned(picture: Image.Image, caption: Caption) -> Image.Image:
    """The picture with its caption on white paper below, as RGB."""
    large, small = _font(picture.width // 42), _font(picture.width // 65)
    gap = picture.width // 60
    lines = [(caption.title, large, INK), (caption.note, small, (95, 105, 115))]
    lines = [line for line in lines if line[0]]
    below = gap + sum(int(font.size * 1.25) + gap // 2 for _, font, _ in lines)
    page = Image.new("RGB", (picture.width, picture.height + below), PAPER)
    page.paste(picture.convert("RGB"))
    y = picture.height + gap
    for text, font, colour in lines:
        ImageDraw.Draw(page).text((gap, y), text, font=font, fill=colour)
        y += int(font.size * 1.25) + gap // 2
    return page


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(max(9, size))
    if not isinstance(font, ImageFont.FreeTypeFont):  # Pillow was built without FreeType
        raise RuntimeError("Pillow cannot draw text of a chosen size: install a full Pillow")
    return font
