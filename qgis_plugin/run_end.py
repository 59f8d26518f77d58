# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run ends: the result on disk, and a sentence about what came of it."""

import threading
import time
from contextlib import contextmanager

from qgis.core import QgsFeedback
from qgis.PyQt.QtCore import Qt

from . import results
from .errors import Busy, LayerError, PluginError
from .words import tr

#: Seconds that a result may take to be written by the engine; and that of a cancelled run, for
#: which nobody wants to wait.
PATIENCE, SHORT_PATIENCE = 3600, 10


def save(client, job_id, request, path, wait, patience=PATIENCE, feedback=None):
    """Fetch the polygons of a job into `path`. wait: a function that waits some seconds.

    Raises WireError, LayerError where the file cannot be written, and what `wait` raises.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return client.save_result(job_id, path, request.format, feedback)
        except Busy as why:
            if time.monotonic() > until:
                raise
            wait(why.retry_after)
        except OSError as why:
            raise LayerError(
                tr("{path} cannot be written: {why}. Resume the run to try again.").format(
                    path=path, why=why.strerror or why
                )
            ) from why


def save_partial(client, job_id, request):
    """The polygons of a cancelled job: the path, or empty if there are none to be had soon."""
    deadline = QgsFeedback()
    timer = threading.Timer(SHORT_PATIENCE, deadline.cancel)
    timer.start()
    try:
        job = client.cancel(job_id, deadline)
        if not job.done:
            return ""
        path = partial_path(request.output)
        save(client, job_id, request, path, time.sleep, SHORT_PATIENCE, deadline)
    except PluginError:  # the engine may be gone: cancelling must end all the same
        return ""
    finally:
        timer.cancel()
    return path


def partial_path(output):
    """Where the polygons of a cancelled run go: water.partial.gpkg beside water.gpkg."""
    stem, dot, ending = output.rpartition(".")
    return f"{stem}.partial{dot}{ending}"


@contextmanager
def lingering(feedback):
    """A QgsFeedback that is cancelled SHORT_PATIENCE seconds after another one."""
    later = QgsFeedback()
    timer = threading.Timer(SHORT_PATIENCE, later.cancel)
    # Direct, because the thread of the run has no event loop.
    direct = Qt.ConnectionType.DirectConnection
    connection = feedback.canceled.connect(lambda: timer.start(), direct)
    try:
        yield later
    finally:
        feedback.canceled.disconnect(connection)
        timer.cancel()


def found_in(path):
    """How much water is in a result, in a line; empty for a format that QGIS cannot read.

    It looks at every water body: not on the main thread.
    """
    try:
        return results.summary(results.open_result(path, ""))
    except PluginError:
        return ""


def message(request, windows, found):
    """What came of it, and where it is not known. windows: how many were read."""
    pixels = request.pixels
    said = [tr("{found} found.").format(found=found) if found else tr("Done.")]
    if found == results.no_water():  # many files have their bands the other way round
        said.append(tr("If there is some, check that the bands are red, green and blue."))
    if pixels.remote and pixels.blank:
        said.append(
            tr(
                "{blank} of {all} pictures of {layer} were blank: there it is not known whether "
                "there is water."
            ).format(blank=pixels.blank, all=windows, layer=request.layer_name)
        )
    return " ".join(said)


def blank_error(request):
    """The error for a layer that gave no picture at all."""
    said = tr(
        "{layer} gave no picture of this area: its server does not answer, or has none at this "
        "place and resolution. {trouble}"
    )
    pixels = request.pixels
    return LayerError(said.format(layer=request.layer_name, trouble=pixels.trouble).strip())
