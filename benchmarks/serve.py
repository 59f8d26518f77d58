# SPDX-License-Identifier: GPL-3.0-or-later
"""What the way over HTTP costs, and whether the server stays awake while a job runs flat out.

    python benchmarks/serve.py 2000
    python benchmarks/serve.py 2000 10000 --threads 2

For each side a scene as in scale.py. Printed are, in seconds: the worker's start until it says
where it is, and until its model is warm; from the order to the first polygon and to the result;
the same scene by `segment_scene` in a process of its own, with a warm model. Then the job is done
again while /v1/info is asked every 20 ms: its median, 99th percentile and longest answer in
milliseconds. (Not in the first one: so many questions take a third of a core by themselves.)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import rasterio
from rasterio.windows import Window
from scale import make_scene

SECONDS_BETWEEN = 0.02


class Worker:
    """`waterseg serve --worker` and a client."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "waterseg_core.cli.main", "serve", "--worker"]
        words += ["--work-dir", str(folder / "jobs")]
        pipe = subprocess.PIPE
        self.began = time.perf_counter()
        self.process = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)
        assert self.process.stdout is not None
        line = json.loads(self.process.stdout.readline())
        self.announced = time.perf_counter() - self.began
        self.url = f"http://127.0.0.1:{line['port']}"
        self.headers = {"Authorization": f"Bearer {line['token']}"}
        self.http = httpx.Client(base_url=self.url, headers=self.headers, timeout=60)
        while self.http.get("/v1/info").json()["models"][0]["seconds_per_tile"] is None:
            time.sleep(0.05)
        self.warm = time.perf_counter() - self.began

    def stop(self) -> None:
        """Close its standard input, and wait for it to end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def watch(worker: Worker, stop: threading.Event, into: list[float]) -> None:
    """Ask for /v1/info again and again, on a connection of its own."""
    with httpx.Client(base_url=worker.url, headers=worker.headers, timeout=60) as http:
        while not stop.wait(SECONDS_BETWEEN):
            began = time.perf_counter()
            http.get("/v1/info").raise_for_status()
            into.append(time.perf_counter() - began)


def send(worker: Worker, scene: Path) -> dict[str, float]:
    """A whole job; seconds to the first polygon and to the result."""
    http, began = worker.http, time.perf_counter()
    with rasterio.open(scene) as source:
        words = {
            "source": scene.name,
            "height": source.height,
            "width": source.width,
            "georef": {"transform": list(source.transform)[:6], "crs": source.crs.to_wkt()},
            "pixels": {"dtype": "uint8", "bands": 3, "nodata": source.nodata},
        }
        job = http.post("/v1/jobs", json=words).json()
        path, tiles = f"/v1/jobs/{job['id']}", job["tiles"]
        if job["overview"]:
            shape = (3, job["overview"]["height"], job["overview"]["width"])
            http.put(f"{path}/overview", content=source.read(out_shape=shape).tobytes())
        after, first = 0, None
        while job["state"] not in ("done", "failed"):
            for number in job["wanted"][:8]:
                at = tiles[number]
                window = Window(at["col"], at["row"], at["width"], at["height"])
                http.put(f"{path}/tiles/{number}", content=source.read(window=window).tobytes())
            page = http.get(f"{path}/features", params={"after": after}).json()
            after = page["next"]
            if page["features"] and first is None:
                first = time.perf_counter() - began
            job = http.get(path, params={"tiles": False}).json()
            if not job["wanted"]:
                time.sleep(0.02)
    http.get(f"{path}/result").raise_for_status()
    return {"first": first or 0.0, "total": time.perf_counter() - began}


def direct(scene: Path) -> float:
    """Seconds of the same work on the file."""
    from waterseg_core import load_segmenter, segment_scene

    segmenter = load_segmenter()
    segmenter.segment([np.zeros((256, 256, 3), np.uint8)] * 8)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "water.gpkg"
        return segment_scene(scene, segmenter, output=output, work_dir=folder).seconds


def measure(scene: Path, folder: Path) -> dict[str, Any]:
    """All numbers for one scene."""
    worker = Worker(folder)
    told = send(worker, scene)
    stop, answers = threading.Event(), list[float]()
    watcher = threading.Thread(target=watch, args=[worker, stop, answers])
    watcher.start()
    send(worker, scene)
    stop.set()
    watcher.join()
    peak = psutil.Process(worker.process.pid).memory_info().rss
    worker.stop()
    again = [sys.executable, __file__, "--direct", str(scene)]
    alone = float(subprocess.run(again, check=True, capture_output=True, text=True).stdout)
    milliseconds = np.array(answers) * 1000
    return {
        "announced": round(worker.announced, 2),
        "warm": round(worker.warm, 2),
        "first_polygon": round(told["first"], 2),
        "http": round(told["total"], 2),
        "direct": round(alone, 2),
        "share_added": round(told["total"] / alone - 1, 3),
        "info_ms": [round(float(np.percentile(milliseconds, part)), 1) for part in (50, 99, 100)],
        "infos": len(answers),
        "memory_mb": round(peak / 1e6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sides", type=int, nargs="*", default=[2000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--direct", type=Path, help="segment this scene here (used by the above)")
    args = parser.parse_args()
    if args.direct:
        print(direct(args.direct))
        return
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    for side in args.sides:
        with tempfile.TemporaryDirectory() as folder:
            scene = Path(folder) / "scene.tif"
            make_scene(scene, side)
            print(side, json.dumps(measure(scene, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
