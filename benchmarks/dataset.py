# SPDX-License-Identifier: GPL-3.0-or-later
"""Chips per second and peak memory of building a training set, killed in the middle and resumed.

    python benchmarks/dataset.py 20000 --tile 224 --stride 190
    python benchmarks/dataset.py 5000 --tile 448 --no-kill

Makes a scene of rivers, lakes and fields (that of scale.py) and polygons of its water, then runs
`waterseg dataset build` on it, in a process of its own whose memory is watched. That process is
killed (SIGKILL) when about half of the chips are written, and the same command goes on. Printed
are chips, seconds and chips per second of each run, and the peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import rasterio.features
import shapely
from affine import Affine
from scale import landscape

#: Red is darker than this on water, brighter on land, with the noise.
RED = 57
TILE, CRS, PLACE = 2048, "EPSG:32633", Affine(10, 0, 400_000, 0, -10, 5_000_000)


def make_drawn_scene(scene: Path, path: Path, side: int) -> int:
    """Write a scene, a landscape of TILE pixels again and again, and its water; how many polygons.

    Repeated, because 400 million pixels of noise take longer to make than the chips.
    """
    land = landscape(slice(0, TILE), TILE)
    water = (land[0] < RED).astype(np.uint8)
    shapes = rasterio.features.shapes(water, water == 1)
    polygons = np.array([shapely.geometry.shape(shape) for shape, _ in shapes], dtype=object)
    polygons = polygons[shapely.area(polygons) > 20]  # noise is no water
    drawn, count = [], -(-side // TILE)
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "tiled": True, "crs": CRS}
    with rasterio.open(scene, "w", height=side, width=side, transform=PLACE, **profile) as sink:
        for row in range(0, side, TILE):
            high = min(TILE, side - row)
            strip = np.tile(land[:, :high], (1, 1, count))[:, :, :side]
            sink.write(strip, window=rasterio.windows.Window(0, row, side, high))
            for col in range(0, side, TILE):
                move = PLACE @ Affine.translation(col, row)
                to_map = list(move.to_shapely())
                drawn += [shapely.affinity.affine_transform(each, to_map) for each in polygons]
    pyogrio.raw.write(
        path, shapely.to_wkb(drawn), [], [], geometry_type="Polygon", crs=CRS, driver="GPKG"
    )
    return len(drawn)


class Run:
    """One run of the command, with the peak of its memory in MB."""

    def __init__(self, words: list[str]) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        self.peak = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        status = Path(f"/proc/{self.process.pid}/status")
        while self.process.poll() is None:
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM"):
                    self.peak = max(self.peak, int(line.split()[1]) / 1024)
            time.sleep(0.2)

    def wait(self) -> tuple[float, str]:
        """Seconds, and what it said."""
        _, said = self.process.communicate()
        return time.perf_counter() - self.started, said


def written(out: Path) -> int:
    """Chips in the hidden folder."""
    journal = out.with_name(f".{out.name}.building") / "journal.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.is_file() else 0


def tell(name: str, chips: int, seconds: float, peak: float) -> None:
    """One line of the result."""
    words = {"chips": chips, "seconds": round(seconds, 1), "peak_mb": round(peak)}
    print(name, json.dumps({**words, "chips_per_s": round(chips / seconds, 1)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", type=int)
    parser.add_argument("--tile", default="448")
    parser.add_argument("--stride", default="448")
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep scene and set here")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        scene, water, out = (folder / name for name in ("scene.tif", "water.gpkg", "set"))
        if not water.exists():
            print(f"{make_drawn_scene(scene, water, args.side)} polygons", flush=True)
        words = [sys.executable, "-m", "waterseg_core.cli.main", "dataset", "build", str(scene)]
        words += ["--masks", str(water), "-o", str(out), "--tile", args.tile]
        words += ["--stride", args.stride]
        if not args.no_kill:
            half = int((args.side / int(args.stride)) ** 2 / 2)
            run = Run(words)
            while run.process.poll() is None and written(out) < half:
                time.sleep(0.2)
            os.kill(run.process.pid, signal.SIGKILL)
            seconds, _ = run.wait()
            tell("killed", written(out), seconds, run.peak)
        before = written(out)
        run = Run(words)
        seconds, said = run.wait()
        print(said)
        chips = len((out / "manifest.csv").read_text().splitlines()) - 1
        tell("resumed" if before else "whole", chips - before, seconds, run.peak)
        print(f"{chips} chips in all, {before} of them from the killed run")


if __name__ == "__main__":
    main()
