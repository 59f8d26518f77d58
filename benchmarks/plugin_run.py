# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plugin adds to the command line, and how soon the first polygon comes.

    .venv/bin/python benchmarks/plugin_run.py 2000

Makes a scene as scale.py does. A process of QGIS's Python (.venv-qgis) does what the button does:
a task that reads and sends, a map of 1,000 x 700 pixels that shows the scene and, during the run,
the polygons so far, and in the end the styled result in the project. First with an engine that
has to be started (cold), then again with the one that is there (warm). Seconds from the click

    first_polygon   until the first polygons are handed to the map
    first_seen      until the map is drawn with them
    file            until the file is there
    drawn           until the result is on the map, drawn

Then the same scene by `segment_scene` with a warm model, as in serve.py. share_added is what the
way from the click to the drawn map takes longer; share_without_drawing that to the file.
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
MAP = 1000, 700
PATIENCE_MS = 600_000


def turn_until(enough: Any, *signals: Any) -> None:
    """Turn QGIS's main loop until `enough()` holds when one of the signals comes."""
    from qgis.PyQt.QtCore import QEventLoop, QTimer

    loop = QEventLoop()

    def look(*_: object) -> None:
        if enough():
            loop.quit()

    for signal in signals:
        signal.connect(look)
    impatient = QTimer()
    impatient.setSingleShot(True)
    impatient.timeout.connect(lambda: os._exit(1))
    impatient.start(PATIENCE_MS)
    loop.exec()
    impatient.stop()
    for signal in signals:
        signal.disconnect(look)


class Map:
    """A map as in QGIS's window: it shows the project's layers and is drawn anew by itself."""

    def __init__(self, layer: Any) -> None:
        from qgis.core import QgsProject
        from qgis.gui import QgsLayerTreeMapCanvasBridge, QgsMapCanvas

        self.project = QgsProject.instance()
        self.canvas = QgsMapCanvas()
        self.canvas.resize(*MAP)
        self.canvas.enableAntiAliasing(True)
        self.canvas.setCachingEnabled(True)
        self.canvas.setParallelRenderingEnabled(True)
        root = self.project.layerTreeRoot()
        self.bridge = QgsLayerTreeMapCanvasBridge(root, self.canvas)
        self.project.addMapLayer(layer)
        self.project.setCrs(layer.crs())
        self.canvas.setDestinationCrs(layer.crs())
        self.canvas.show()
        self.canvas.setExtent(layer.extent())
        self.when_drawn(lambda: True)

    def shows(self, layer: Any) -> bool:
        """Whether a layer is among those that are drawn."""
        return layer is not None and layer in self.canvas.layers()

    def when_drawn(self, what: Any) -> None:
        """Turn the main loop until the map was drawn while `what()` held, and is at rest."""
        turn_until(lambda: what() and not self.canvas.isDrawing(), self.canvas.mapCanvasRefreshed)


class Click:
    """One run from the click to the drawn result; `told` is what was measured, seconds."""

    def __init__(self, layer: Any, output: str, map: Map) -> None:
        from qgis_plugin.gui.preview import Preview
        from qgis_plugin.request import SegmentRequest
        from qgis_plugin.tasks import SegmentTask

        self._map = map
        self._began = time.perf_counter()
        self.told: dict[str, float] = {}
        self._request = SegmentRequest.of(layer, output)
        self._preview = Preview(layer.name(), layer.crs())
        self._task = SegmentTask(self._request)
        self._task.featuresArrived.connect(self._on_features)
        map.canvas.mapCanvasRefreshed.connect(self._on_drawn)

    def go(self) -> Any:
        """Do it, and answer the layer of the result."""
        from qgis.core import QgsApplication

        from qgis_plugin import results

        ended: list[tuple[str, str]] = []
        self._task.finishedWith.connect(lambda *how: ended.append(how))
        self._task.failedWith.connect(lambda why: ended.append(("", why)))
        QgsApplication.taskManager().addTask(self._task)
        turn_until(lambda: bool(ended), self._task.finishedWith, self._task.failedWith)
        self._note("file")
        path, message = ended[0]
        if not path:
            raise SystemExit(message)
        layer = results.add_result(path, self._request, message)
        results.summary(layer)
        self._preview.remove()
        self._map.when_drawn(lambda: self._map.shows(layer))
        self._note("drawn")
        self._map.canvas.mapCanvasRefreshed.disconnect(self._on_drawn)
        return layer

    def _note(self, what: str) -> None:
        self.told.setdefault(what, round(time.perf_counter() - self._began, 2))

    def _on_features(self, features: list[Any]) -> None:
        self._note("first_polygon")
        self._preview.add(features)

    def _on_drawn(self) -> None:
        if self._map.shows(self._preview.layer):
            self._note("first_seen")


def in_qgis(scene: str) -> None:
    """In QGIS's Python: a cold and a warm run; prints JSON."""
    from qgis.core import QgsApplication, QgsRasterLayer

    application = QgsApplication([], True)
    application.initQgis()
    sys.path.insert(0, str(ROOT))
    from qgis_plugin.engine import the_engine

    layer = QgsRasterLayer(scene, "scene")
    map = Map(layer)
    told = {}
    for name in ("cold", "warm"):
        click = Click(layer, str(Path(scene).with_name(f"{name}.gpkg")), map)
        result = click.go()
        told[name] = {**click.told, "polygons": result.featureCount()}
        map.project.removeMapLayer(result)
        map.canvas.refresh()
        map.when_drawn(lambda: map.canvas.layers() == [layer])
    the_engine().stop(wait=True)
    print(json.dumps(told), flush=True)
    os._exit(0)  # QGIS without a window may crash on its way out


def measure(scene: Path) -> dict[str, Any]:
    """All numbers for one scene."""
    core = ROOT / ".venv" / "bin" / "python"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "WATERSEG_PYTHON": str(core)}
    environment["QGIS_CUSTOM_CONFIG_PATH"] = str(scene.parent / "profile")
    words = [str(QGIS), __file__, "--in-qgis", str(scene)]
    ran = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    told = json.loads(ran.stdout.splitlines()[-1])
    serve = str(ROOT / "benchmarks" / "serve.py")
    again = [sys.executable, serve, "--direct", str(scene)]
    direct = float(subprocess.run(again, check=True, capture_output=True, text=True).stdout)
    shares = {
        "share_added": round(told["warm"]["drawn"] / direct - 1, 3),
        "share_without_drawing": round(told["warm"]["file"] / direct - 1, 3),
    }
    return {**told, "direct": round(direct, 2), **shares}


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
