# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny training set: chips of the picture of lakes, imported by the core's own command."""

import subprocess

from osgeo import gdal
from rasters import lakes, write_raster

#: Side of a chip in pixels; small, so that a step takes little.
SIDE = 96
PROGRAM = "from waterseg_core.cli.main import main; main()"


def write_ponds(folder, python, chips=12):
    """Make `folder`/ponds, a set with at least four validation chips; its path."""
    picture = lakes(SIDE * 3, SIDE * chips // 3, seed=7)
    mask = (picture[0] < 40).astype("uint8") * 255
    for name, pixels in (("images", picture), ("masks", mask[None])):
        (folder / name).mkdir()
        for number in range(chips):
            row, col = divmod(number, chips // 3)
            part = pixels[:, row * SIDE : (row + 1) * SIDE, col * SIDE : (col + 1) * SIDE]
            scene = write_raster(folder / "part.tif", part, place=None, epsg=None)
            gdal.Translate(str(folder / name / f"{number:02}.png"), scene, format="PNG")
    command = [python, "-I", "-c", PROGRAM, "dataset", "import"]
    command += [str(folder / "images"), str(folder / "masks"), "-o", str(folder / "ponds")]
    command += ["--audit", "off", "--split", "60,40,0"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "ponds"
