# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a model finds water: the whole pipeline at default options on pairs of image and mask.

    python benchmarks/accuracy.py IMAGES MASKS --names training/nano/val_names.txt
    python benchmarks/accuracy.py IMAGES MASKS --answer grid --every 4 --json grid.json
    python benchmarks/accuracy.py IMAGES MASKS --names training/nano/val_names.txt \
        --suspicious training/nano/val_suspicious.txt
    python benchmarks/accuracy.py IMAGES MASKS --names training/nano/val_names.txt \
        --light --stretch percentile

Every image goes through `segment_scene` as a user's would; its polygons are burnt back onto the
image's own pixels and compared with the mask there (no resizing of truth). Printed are IoU per
image (mean of each image's own) and pooled (all pixels as one image), which differ by 0.18 on
this data for the same answers, both by share of water; and the share of dry windows that is
called water (windows of up to 256 px whose mask is dry, cut out and segmented on their own).

Three quarters of these images have a black frame without data, which the masks call water in one
image and land in the next. So there are two sets of numbers: on pixels with data, and `as
published`, on all pixels. With `--suspicious` the numbers are told once more without the images
named there.

These are pictures for a screen; scenes as sensors give them are not. With `--light` every image is
turned back into 16-bit values that are proportional to light (the square of its bytes; 0 in the
black frame is declared missing), so that what `--stretch` makes of such scenes can be compared; the
dry windows are left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from rasterio.errors import NotGeoreferencedWarning
from rasterio.features import rasterize
from scipy import ndimage

from waterseg_core import load_segmenter, segment_scene
from waterseg_core.errors import NoPixelsError
from waterseg_core.options import SegmentOptions
from waterseg_core.segmenter import Segmenter

Bools = NDArray[np.bool_]
SLICES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.01)
DRY_PX = 256
#: Brightest value of a black frame after JPEG, and how far its edge bleeds into the image.
BLACK, BLEED_PX = 16, 2


@dataclass(frozen=True)
class Score:
    """One image: pixels in both, in either, in the truth, and altogether."""

    name: str
    both: int
    either: int
    truth: int
    pixels: int

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where truth and answer are both dry."""
        return self.both / self.either if self.either else 1.0


def read_mask(path: Path) -> Bools:
    """A mask `(h, w)`, True is water; grey values of JPEG are cut at 127."""
    return np.asarray(Image.open(path).convert("L")) > 127


def with_data(image: Image.Image) -> Bools:
    """Pixels `(h, w)` that are not in a black frame: dark ones that reach the image's edge."""
    dark = np.asarray(image.convert("RGB")).max(axis=2) <= BLACK
    regions, _ = ndimage.label(dark)
    edge = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    frame = np.isin(regions, edge[edge > 0])
    return ~ndimage.binary_dilation(frame, iterations=BLEED_PX)


def segment(path: Path, segmenter: Segmenter, options: SegmentOptions, work: Path) -> Bools:
    """The pipeline's water on the pixels of an image without georeference, `(h, w)`."""
    with rasterio.open(path) as raster:
        height, width = raster.shape
    dry = np.zeros((height, width), bool)
    try:
        found = segment_scene(path, segmenter, options, work_dir=work)
    except NoPixelsError:  # a black window is no data
        return dry
    if not len(found.polygons):
        return dry
    # Without a CRS the polygons lie as QGIS shows the image: y = -row.
    shapes = [(shape, 1) for shape in found.polygons.geometries]
    down = Affine.scale(1, -1)
    return rasterize(shapes, (height, width), transform=down, dtype=np.uint8).astype(bool)


def in_light(path: Path, folder: Path) -> Path:
    """The image as a sensor would give it: uint16 in proportion to light, 0 where data miss."""
    with Image.open(path) as image:
        values = np.asarray(image.convert("RGB")).astype(np.float64)
        missing = ~with_data(image)
    light = np.rint((values / 255) ** 2 * 10_000 + 100).astype(np.uint16)
    light[missing] = 0
    out = folder / f"{path.stem}.tif"
    height, width = missing.shape
    profile = {"driver": "GTiff", "width": width, "height": height, "count": 3, "dtype": "uint16"}
    with rasterio.open(out, "w", nodata=0, **profile) as raster:
        raster.write(np.moveaxis(light, -1, 0))
    return out


def score(name: str, truth: Bools, found: Bools) -> Score:
    """One image's answer beside its truth."""
    both, either = int((truth & found).sum()), int((truth | found).sum())
    return Score(name, both, either, int(truth.sum()), truth.size)


def scores(
    names: Sequence[str], args: argparse.Namespace, segmenter: Segmenter, options: SegmentOptions
) -> Iterator[tuple[Score, Score]]:
    """Scores of the named pairs, one by one: on pixels with data, and on all."""
    with tempfile.TemporaryDirectory() as work:
        for name in names:
            truth = read_mask(args.masks / name)
            data = with_data(Image.open(args.images / name))
            image = args.images / name
            if args.light:
                image = in_light(image, Path(work))
            found = segment(image, segmenter, options, Path(work))
            yield score(name, truth & data, found & data), score(name, truth, found)


def dry_windows(image: Path, mask: Bools) -> Iterator[tuple[Image.Image, Bools]]:
    """Windows of the image without a pixel of water, at least 64 px on a side, and their data."""
    rgb = Image.open(image).convert("RGB")
    data = with_data(rgb)
    for row in range(0, mask.shape[0], DRY_PX):
        for col in range(0, mask.shape[1], DRY_PX):
            here = np.s_[row : row + DRY_PX, col : col + DRY_PX]
            height, width = data[here].shape
            wet = (mask & data)[here].any()
            if min(height, width) >= 64 and data[here].any() and not wet:
                yield rgb.crop((col, row, col + width, row + height)), data[here]


def false_water(
    names: Sequence[str], args: argparse.Namespace, segmenter: Segmenter, options: SegmentOptions
) -> tuple[int, float]:
    """(number of dry windows, share of their pixels with data that is called water)."""
    wet = pixels = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            mask = read_mask(args.masks / name)
            for window, data in dry_windows(args.images / name, mask):
                chip = Path(folder) / f"{count}.png"
                window.save(chip)
                found = segment(chip, segmenter, options, Path(folder)) & data
                wet, pixels, count = wet + int(found.sum()), pixels + int(data.sum()), count + 1
                chip.unlink()
    return count, wet / max(pixels, 1)


def summary(done: Sequence[Score]) -> dict[str, Any]:
    """Per-image and pooled IoU, and both by share of water in the truth."""

    def of(some: Sequence[Score]) -> dict[str, float]:
        if not some:
            return {"images": 0}
        union = sum(s.either for s in some)
        return {
            "images": len(some),
            "iou_per_image": round(float(np.mean([s.iou for s in some])), 4),
            "iou_pooled": round(sum(s.both for s in some) / max(union, 1), 4),
        }

    slices = {}
    for low, high in itertools.pairwise(SLICES):
        some = [s for s in done if low <= s.truth / s.pixels < high]
        slices[f"{low:.0%} to {min(high, 1):.0%}"] = of(some)
    return {**of(done), "by_share_of_water": slices}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--names", type=Path, help="a file with one name a line; default: all")
    parser.add_argument("--suspicious", type=Path, help="names to tell the numbers without as well")
    parser.add_argument("--every", type=int, default=1, help="take every n-th image")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--answer", default="auto")
    parser.add_argument("--threshold", type=float)
    parser.add_argument("--tile", type=int)
    parser.add_argument("--stretch", default="auto")
    parser.add_argument("--light", action="store_true", help="as 16-bit values of a sensor")
    parser.add_argument("--no-dry", action="store_true", help="leave the dry windows out")
    parser.add_argument("--json", type=Path, help="write the numbers here as well")
    args = parser.parse_args()
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    names = (
        args.names.read_text().split()
        if args.names
        else sorted(path.name for path in args.images.iterdir())
    )
    names = names[:: args.every]
    segmenter = load_segmenter(args.model, answer=args.answer)
    options = SegmentOptions(
        threshold=args.threshold, tile=args.tile, stretch=args.stretch, resume=False
    )
    began = time.monotonic()
    with_data_only, published = zip(*scores(names, args, segmenter, options), strict=True)
    told = {**summary(with_data_only), "as_published": summary(published)}
    if args.suspicious:
        left_out = set(args.suspicious.read_text().split())
        told["without_suspicious"] = summary([s for s in with_data_only if s.name not in left_out])
    told["seconds"] = round(time.monotonic() - began, 1)
    if not (args.no_dry or args.light):
        count, share = false_water(names, args, segmenter, options)
        told["dry_windows"], told["false_water"] = count, round(share, 5)
    print(json.dumps(told, indent=2))
    if args.json:
        args.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
