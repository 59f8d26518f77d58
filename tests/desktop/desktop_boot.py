# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by QGIS with --code, started by run_desktop.sh.

Maximises the main window, waits until the canvas has its size, runs the scenario script, and writes
`state.json` twice a second: where every named widget is on the screen, open modal dialogs, texts in
the message bar, and the Python errors so far. `log.txt` gets QGIS's message log and tracebacks.
"""

import json
import os
import sys
import time
import traceback

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QT_VERSION_STR, QPoint, QRect, QTimer
from qgis.PyQt.QtWidgets import QApplication, QMenu, QMenuBar, QToolButton, QWidget
from qgis.utils import active_plugins, iface

OUT = os.environ["GUI_OUT"]
STARTED = time.time()
window = iface.mainWindow()
errors = []
loop = {
    "last": time.perf_counter(),
    "cpu": time.thread_time(),
    "own": 0.0,
    "own_cpu": 0.0,
    "longest": 0.0,
}
scenario = {"__name__": "scenario", "__file__": os.environ["GUI_SCENARIO"], "done": False}


def log(*words):
    with open(os.path.join(OUT, "log.txt"), "a", encoding="utf-8") as file:
        file.write(f"{time.time() - STARTED:.2f} {' '.join(map(str, words))}\n")


def record_error(kind, value, trace):
    errors.append(f"{kind.__name__}: {value}")
    log("".join(traceback.format_exception(kind, value, trace)))


def on_screen(widget, rect=None):
    """Screen position as [x, y, width, height], of the widget or of a rectangle inside it."""
    rect = rect or QRect(0, 0, widget.width(), widget.height())
    corner = widget.mapToGlobal(QPoint(rect.x(), rect.y()))
    return [corner.x(), corner.y(), rect.width(), rect.height()]


def text_of(widget):
    for name in ("text", "currentText", "title"):
        try:
            return str(getattr(widget, name)())
        except (AttributeError, TypeError):
            continue
    return ""


def named_widgets():
    """Visible widgets by object name, those of dialogs before those of the main window."""
    found = {}
    top = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for parent in sorted(top, key=lambda w: w is window):
        for widget in [parent, *parent.findChildren(QWidget)]:
            if not widget.isVisible():
                continue
            action = widget.defaultAction() if isinstance(widget, QToolButton) else None
            name = (action.objectName() or action.text()) if action else widget.objectName()
            if name and not name.startswith("qt_"):
                found.setdefault(
                    name,
                    {
                        "rect": on_screen(widget),
                        "text": text_of(widget),
                        "enabled": widget.isEnabled(),
                    },
                )
            if isinstance(widget, (QMenu, QMenuBar)):
                for entry in widget.actions():
                    rect = widget.actionGeometry(entry)
                    name = entry.objectName() or entry.text().replace("&", "")
                    if name and not rect.isEmpty():
                        found.setdefault(
                            name, {"rect": on_screen(widget, rect), "text": entry.text()}
                        )
    return found


def watch_for_gaps():
    """Note how long the main loop was busy with one thing, other than with this script.

    The time that its thread computed is told beside: less than the gap on a crowded machine.
    """
    now, cpu = time.perf_counter(), time.thread_time()
    gap, work = now - loop["last"] - loop["own"], cpu - loop["cpu"] - loop["own_cpu"]
    if gap > 0.1:
        log(f"the window stood still for {gap * 1000:.0f} ms, {work * 1000:.0f} ms of it work")
    loop.update(last=now, cpu=cpu, own=0.0, own_cpu=0.0, longest=max(loop["longest"], work))


def modal_window():
    modal = QApplication.activeModalWidget()
    if modal is None:
        return ""
    return f"{type(modal).__name__}: {modal.windowTitle()} {text_of(modal)}"


def publish():
    began, began_cpu = time.perf_counter(), time.thread_time()
    state = {
        "qgis": Qgis.QGIS_VERSION,
        "qt": QT_VERSION_STR,
        "plugins": list(active_plugins),
        "scenario_done": scenario["done"],
        "main": on_screen(window),
        "canvas": on_screen(iface.mapCanvas()),
        "widgets": named_widgets(),
        "modal": modal_window(),
        "messages": [item.text() for item in iface.messageBar().items()],
        "errors": errors,
        "longest_work": round(loop["longest"], 3),
    }
    path = os.path.join(OUT, "state.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file)
    os.replace(path + ".new", path)
    loop["own"] += time.perf_counter() - began
    loop["own_cpu"] += time.thread_time() - began_cpu


def run_scenario():
    try:
        with open(scenario["__file__"], encoding="utf-8") as file:
            exec(compile(file.read(), scenario["__file__"], "exec"), scenario)
    except Exception:
        record_error(*sys.exc_info())
    scenario["done"] = True


qgis_hook = sys.excepthook


def on_error(*details):
    record_error(*details)
    qgis_hook(*details)


sys.excepthook = on_error
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: log(f"[{tag}]", text))
log("QGIS", Qgis.QGIS_VERSION, "Qt", QT_VERSION_STR, "plugins", active_plugins)
window.showMaximized()
window.state_timer = QTimer()  # kept alive by the window
window.state_timer.timeout.connect(publish)
window.state_timer.start(500)
window.gap_timer = QTimer()
window.gap_timer.timeout.connect(watch_for_gaps)
window.gap_timer.start(10)
QTimer.singleShot(1500, run_scenario)  # before that the canvas is only 100 x 30 pixels
