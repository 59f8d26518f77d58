# SPDX-License-Identifier: GPL-3.0-or-later
"""What setting up the engine would do, as a text for the person who decides."""

from html import escape

from qgis.PyQt.QtCore import QLocale

from ..words import tr
from .qt import short_path


def plan_html(plan):
    """A `Plan` in a few lines: with what, how much, where to, and what stands in the way."""
    head = tr(
        "waterseg needs a Python environment of its own. It goes into one folder; neither QGIS "
        "nor the Python of this computer is changed, and Remove in the options deletes it again."
    )
    rows = [
        (tr("Folder"), short_path(plan.folder)),
        (tr("Python"), f"{plan.python_version} ({short_path(plan.python)})"),
        (tr("PyTorch"), _torch(plan)),
        (tr("Download"), _download(plan)),
        (tr("On the disk"), _disk(plan)),
    ]
    cells = "".join(
        f"<tr><td style='padding-right:12px'><b>{escape(name)}</b></td><td>{escape(text)}</td></tr>"
        for name, text in rows
        if text
    )
    problem = f"<p><b>{escape(plan.problem)}</b></p>" if plan.problem else ""
    return f"<p>{escape(head)}</p><table cellspacing='3'>{cells}</table>{problem}"


def _torch(plan):
    name = (
        tr("for NVIDIA graphics cards") if plan.torch == "cuda" else tr("for the processor (CPU)")
    )
    return f"{name}: {plan.torch_reason}" if plan.torch_reason else name


def _download(plan):
    if plan.offline:
        return tr("Nothing: the wheels come from your folder")
    return tr("about {size}").format(size=_size(plan.download_bytes))


def _disk(plan):
    return tr("about {size}, {free} are free").format(
        size=_size(plan.disk_bytes), free=_size(plan.free_bytes)
    )


def _size(count):
    decimals = 1 if count >= 1e9 else 0
    return QLocale().formattedDataSize(
        int(count), decimals, QLocale.DataSizeFormat.DataSizeSIFormat
    )
