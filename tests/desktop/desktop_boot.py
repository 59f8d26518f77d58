# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by QGIS with --code, started by run_desktop.sh.

Maximises the main window, waits until it is at rest, runs the scenario script, and
writes `state.json` some times a second from the main loop. `log.txt` gets QGIS's message log and
tracebacks.

What is in the state:
- tick: how often it was written; scenario_done; qgis, qt: versions; plugins: the active ones
- widgets: name -> rect [x, y, width, height] on the screen, text, enabled, free (a click arrives
  there: no other dialog, menu or part of the window lies over its centre)
- modal, popup, active: the modal dialog, the open menu or list, the window that has the keyboard;
  focus, focus_text: the widget that has it; all "" where there is none
- canvas, main: rect; drawing: whether the map is being drawn; layers: their names
- messages: texts in the message bar; told: all that were there so far; errors: Python's so far
- longest_work: seconds that the main loop's thread worked on one thing
"""

import json
import os
import sys
import time
import traceback

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import QT_VERSION_STR, QPoint, QRect, QTimer
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QMenuBar,
    QPushButton,
    QToolButton,
    QTreeView,
    QWidget,
)
from qgis.utils import active_plugins, iface

OUT = os.environ["GUI_OUT"]
STARTED = time.time()
window = iface.mainWindow()
errors = []
told = []
published = {"tick": 0, "main": None}
EVERY = 300  # milliseconds
ROWS = 60  # of a list, at most
PATIENCE = 30  # seconds
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


def arrives(widget, rect=None):
    """Whether a click into the middle of the widget, or of a rectangle inside it, reaches it."""
    top = widget.window()
    popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None and top is not popup and not isinstance(widget, QMenu):
        return False
    if popup is None and modal is not None and top is not modal:
        return False
    centre = widget.mapTo(top, (rect or widget.rect()).center())
    child = top.childAt(centre) or top
    return child is widget or widget.isAncestorOf(child)


def entry_of(widget, rect=None, text=None, **more):
    """What the state says of a widget or of a rectangle inside it."""
    return {
        "rect": on_screen(widget, rect),
        "text": text_of(widget) if text is None else text,
        "free": arrives(widget, rect),
        **more,
    }


def name_of(widget):
    """By what a scenario knows it: its own name, its action's, or the text of a nameless button."""
    action = widget.defaultAction() if isinstance(widget, QToolButton) else None
    name = (action.objectName() or action.text()) if action else widget.objectName()
    if name and not name.startswith("qt_"):
        return name
    if isinstance(widget, QPushButton) and widget.text():
        return "button:" + widget.text().replace("&", "")
    return ""


def named_widgets():
    """Visible widgets by object name, those of dialogs before those of the main window."""
    found = {}
    top = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for parent in sorted(top, key=lambda w: w is window):
        for widget in [parent, *parent.findChildren(QWidget)]:
            if not widget.isVisible():
                continue
            name = name_of(widget)
            if name:
                found.setdefault(name, entry_of(widget, enabled=widget.isEnabled()))
            if isinstance(widget, (QMenu, QMenuBar)):
                for entry in widget.actions():
                    rect = widget.actionGeometry(entry)
                    name = entry.objectName() or entry.text().replace("&", "")
                    if name and not rect.isEmpty():
                        found.setdefault(
                            name, entry_of(widget, rect, entry.text(), enabled=entry.isEnabled())
                        )
            if isinstance(widget, QAbstractItemView) and shows_rows(widget):
                for text, rect in rows_of(widget):
                    found.setdefault(f"row:{text}", entry_of(widget.viewport(), rect, text))
    return found


def shows_rows(view):
    """Lists whose rows have names: those of the topmost window, and the tree of layers."""
    shown = QApplication.activePopupWidget() or QApplication.activeModalWidget() or window
    return view is iface.layerTreeView() or (shown is not window and view.window() is shown)


def rows_of(view):
    """(text, rect) of the first rows of a list or tree that can be seen."""
    model = view.model()
    if model is None:
        return
    index = model.index(0, 0, view.rootIndex())
    for _ in range(ROWS):
        if not index.isValid():
            return
        rect = view.visualRect(index).intersected(view.viewport().rect())
        if not rect.isEmpty():
            yield str(index.data() or ""), rect
        if isinstance(view, QTreeView):
            index = view.indexBelow(index)
        else:
            index = model.index(index.row() + 1, 0, view.rootIndex())


def watch_for_gaps():
    """Note how long the main loop was busy with one thing, other than with this script.

    The time that its thread computed is told beside: less than the gap on a crowded machine.
    """
    now, cpu = time.perf_counter(), time.thread_time()
    gap, work = now - loop["last"] - loop["own"], cpu - loop["cpu"] - loop["own_cpu"]
    if gap > 0.1:
        log(f"the window stood still for {gap * 1000:.0f} ms, {work * 1000:.0f} ms of it work")
    loop.update(last=now, cpu=cpu, own=0.0, own_cpu=0.0, longest=max(loop["longest"], work))


def named(widget):
    """Class, title and text of a window; "" for None."""
    if widget is None:
        return ""
    return f"{type(widget).__name__}: {widget.windowTitle()} {text_of(widget)}"


def messages():
    return [item.text() for item in iface.messageBar().items()]


def remember_messages(_item):
    """Those of success leave after some seconds; QGIS 3.22 hands a widget without a text."""
    told.extend(text for text in messages() if text not in told)


def publish():
    began, began_cpu = time.perf_counter(), time.thread_time()
    published["tick"] += 1
    focus = QApplication.focusWidget()
    state = {
        "tick": published["tick"],
        "qgis": Qgis.QGIS_VERSION,
        "qt": QT_VERSION_STR,
        "plugins": list(active_plugins),
        "scenario_done": scenario["done"],
        "main": on_screen(window),
        "canvas": on_screen(iface.mapCanvas()),
        "drawing": iface.mapCanvas().isDrawing(),
        "layers": [layer.name() for layer in QgsProject.instance().mapLayers().values()],
        "widgets": named_widgets(),
        "modal": named(QApplication.activeModalWidget()),
        "popup": named(QApplication.activePopupWidget()),
        "active": named(QApplication.activeWindow()),
        "focus": focus.objectName() if focus is not None else "",
        "focus_text": text_of(focus) if focus is not None else "",
        "messages": messages(),
        "told": told,
        "errors": errors,
        "longest_work": round(loop["longest"], 3),
    }
    path = os.path.join(OUT, "state.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file)
    os.replace(path + ".new", path)
    loop["own"] += time.perf_counter() - began
    loop["own_cpu"] += time.thread_time() - began_cpu


def begin_when_ready():
    """Run the scenario once the maximised window has come to rest."""
    now = on_screen(window)
    ready = window.isMaximized() and now == published["main"]
    published["main"] = now
    if not ready and time.time() - STARTED < PATIENCE:  # without a window manager: never maximised
        return
    window.start_timer.stop()
    run_scenario()


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
iface.messageBar().widgetAdded.connect(remember_messages)
window.state_timer = QTimer()  # kept alive by the window
window.state_timer.timeout.connect(publish)
window.state_timer.start(EVERY)
window.gap_timer = QTimer()
window.gap_timer.timeout.connect(watch_for_gaps)
window.gap_timer.start(10)
window.start_timer = QTimer()
window.start_timer.timeout.connect(begin_when_ready)
window.start_timer.start(500)
