# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds and peak memory of the whole pipeline on ever larger scenes.

    python benchmarks/scale.py 5000 10000 20000
    python benchmarks/scale.py 5000 --answer grid --threads 2

Each side makes a scene of rivers, lakes and fields (uint8 RGB, tiled GeoTIFF, 10 m, UTM), then a
process of its own segments it into a GeoPackage. Printed are tiles, seconds, tiles/s, the share
of the time in which the model was not at work, and the peak of the process's memory: it must not
grow with the scene.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

BLOCK = 512
WATER, LAND = (28, 52, 74), (104, 96, 70)


def landscape(rows: slice, width: int, seed: int = 7) -> NDArray[np.uint8]:
    """Rows of an endless landscape, `(3, h, w)`: sums of waves, water where they are low."""
    rng = np.random.default_rng(seed)
    y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
    x = np.arange(width, dtype=np.float32)[None, :]
    height = np.zeros((y.size, width), np.float32)
    for _ in range(7):
        (along, across), phase = rng.normal(0, 0.012, 2), rng.uniform(0, 6)
        height += np.sin(along * x + across * y + phase + np.sin(0.004 * x + 0.006 * y))
    water = height < -2.2
    noise = np.random.default_rng((seed, rows.start)).normal(0, 6, height.shape)
    out = np.empty((3, *height.shape), np.uint8)
    for band in range(3):
        colour = np.where(water, WATER[band], LAND[band] + 9 * height) + noise
        out[band] = colour.clip(1, 255)
    return out


def make_scene(path: Path, side: int) -> None:
    """Write a square scene of `side` pixels, block row by block row."""
    profile = {
        "driver": "GTiff",
        "height": side,
        "width": side,
        "count": 3,
        "dtype": "uint8",
        "crs": "EPSG:32633",
        "transform": Affine(10, 0, 400000, 0, -10, 5000000),
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": "deflate",
        "photometric": "RGB",
        "BIGTIFF": "IF_SAFER",
    }
    with rasterio.open(path, "w", **profile) as out:
        for row in range(0, side, BLOCK):
            stop = min(row + BLOCK, side)
            window = rasterio.windows.Window(0, row, side, stop - row)
            out.write(landscape(slice(row, stop), side), window=window)


class Timed:
    """A segmenter that counts the seconds in which it works."""

    def __init__(self, inner: object) -> None:
        self.inner, self.seconds = inner, 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def segment(self, images: Sequence[NDArray[np.uint8]]) -> object:
        """The inner segmenter's answer."""
        began = time.perf_counter()
        try:
            return self.inner.segment(images)  # type: ignore[attr-defined]
        finally:
            self.seconds += time.perf_counter() - began


def run(scene: Path, args: argparse.Namespace) -> dict[str, float]:
    """Segment a scene in this process and measure it."""
    import torch

    from waterseg_core import load_segmenter, segment_scene
    from waterseg_core.options import SegmentOptions

    torch.set_num_threads(args.threads)
    timed = Timed(load_segmenter(args.model, answer=args.answer))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = segment_scene(
            scene,
            timed,  # type: ignore[arg-type]
            SegmentOptions(resume=False, tile=args.tile),
            output=Path(folder) / "water.gpkg",
            work_dir=Path(folder) / "work",
        )
    seconds = time.perf_counter() - began
    return {
        "tiles": found.tiles,
        "polygons": len(found.polygons),
        "seconds": round(seconds, 1),
        "tiles_per_s": round(found.tiles / seconds, 1),
        "outside_model": round(1 - timed.seconds / seconds, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sides", type=int, nargs="*", default=[5000, 10000, 20000])
    parser.add_argument("--model", default="nano")
    parser.add_argument("--answer", default="auto")
    parser.add_argument("--tile", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scene", type=Path, help="measure this scene here (used by the above)")
    args = parser.parse_args()
    if args.scene:
        print(json.dumps(run(args.scene, args)))
        return
    for side in args.sides:
        with tempfile.TemporaryDirectory() as folder:
            scene = Path(folder) / "scene.tif"
            make_scene(scene, side)
            again = [sys.executable, __file__, "--scene", str(scene), *sys.argv[1:]]
            out = subprocess.run(again, check=True, capture_output=True, text=True).stdout
            print(side, out.strip(), flush=True)


if __name__ == "__main__":
    main()
