# SPDX-License-Identifier: GPL-3.0-or-later
"""Chips per second and peak memory of building a training set, killed in the middle and resumed.

    python benchmarks/dataset.py 20000 --tile 448 --stride 180
    python benchmarks/dataset.py 5000 --tile 448 --stride 180 --no-kill

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
from scale import BLOCK, make_scene

#: Red is darker than this on water, brighter on land, with the noise.
RED = 57


def draw_water(scene: Path, path: Path) -> int:
    """Write the water of a scene as polygons, cut where its blocks end; how many."""
    polygons = []
    with rasterio.open(scene) as source:
        for row in range(0, source.height, BLOCK):
            window = rasterio.windows.Window(0, row, source.width, min(BLOCK, source.height - row))
            water = (source.read(1, window=window) < RED).astype(np.uint8)
            place = source.transform @ Affine.translation(0, row)
            shapes = rasterio.features.shapes(water, water == 1, transform=place)
            polygons += [shapely.geometry.shape(shape) for shape, _ in shapes]
        crs = source.crs.to_string()
    sizes = shapely.area(polygons)
    kept = np.array(polygons, dtype=object)[sizes > 2000]  # noise is no water
    pyogrio.raw.write(
        path, shapely.to_wkb(kept), [], [], geometry_type="Polygon", crs=crs, driver="GPKG"
    )
    return len(kept)


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
            make_scene(scene, args.side)
            print(f"{draw_water(scene, water)} polygons", flush=True)
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
