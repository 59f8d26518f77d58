# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plugin adds to the command line, and how soon the first polygon comes.

    .venv/bin/python benchmarks/plugin_run.py 2000

Makes a scene as scale.py does. A process of QGIS's Python (.venv-qgis) does what the button does,
first with an engine that has to be started (cold), then again with the one that is there (warm):
seconds from the start of the run to the first polygon, and to the file. Drawing is not in it.
Then the same scene by `segment_scene` with a warm model, as in serve.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
QGIS = ROOT / ".venv-qgis" / "bin" / "python"


class Listener:
    """Notes when the first polygon came."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.first: float | None = None

    def progress_made(self, *_counts: object) -> None:
        """Of no interest here."""

    def features_came(self, _features: object) -> None:
        """A strip is finished."""
        self.first = self.first or time.perf_counter() - self.began

    def say(self, _sentence: str) -> None:
        """Of no interest here."""


def in_qgis(scene: str) -> None:
    """In QGIS's Python: a cold and a warm run; prints JSON."""
    from qgis.core import QgsApplication, QgsRasterBlockFeedback, QgsRasterLayer

    application = QgsApplication([], False)
    application.initQgis()
    sys.path.insert(0, str(ROOT))
    from qgis_plugin.engine import the_engine
    from qgis_plugin.request import SegmentRequest
    from qgis_plugin.run import Run

    layer = QgsRasterLayer(scene, "scene")
    told = {}
    for name in ("cold", "warm"):
        listener = Listener()
        output = str(Path(scene).with_name(f"{name}.gpkg"))
        request = SegmentRequest.of(layer, output)
        Run(request, the_engine(), QgsRasterBlockFeedback(), listener).go()
        total = time.perf_counter() - listener.began
        told[name] = {"first_polygon": round(listener.first or 0, 2), "file": round(total, 2)}
    the_engine().stop(wait=True)
    print(json.dumps(told), flush=True)
    os._exit(0)  # QGIS without a window may crash on its way out


def measure(scene: Path) -> dict[str, Any]:
    """All numbers for one scene."""
    core = ROOT / ".venv" / "bin" / "python"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "WATERSEG_PYTHON": str(core)}
    environment["QGIS_CUSTOM_CONFIG_PATH"] = str(scene.parent / "profile")
    words = [str(QGIS), __file__, "--in-qgis", str(scene)]
    ran = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
    told = json.loads(ran.stdout.splitlines()[-1])
    serve = str(ROOT / "benchmarks" / "serve.py")
    again = [sys.executable, serve, "--direct", str(scene)]
    direct = float(subprocess.run(again, check=True, capture_output=True, text=True).stdout)
    added = told["warm"]["file"] / direct - 1
    return {**told, "direct": round(direct, 2), "share_added": round(added, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", type=int, nargs="?", default=2000)
    parser.add_argument("--in-qgis", help="do the runs here (used by the above)")
    args = parser.parse_args()
    if args.in_qgis:
        in_qgis(args.in_qgis)
        return
    from scale import make_scene

    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "scene.tif"
        make_scene(scene, args.side)
        print(args.side, json.dumps(measure(scene)))


if __name__ == "__main__":
    main()
