# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a model: one line for the hint, a few for the tooltip; only what is known."""

from html import escape

from qgis.PyQt.QtCore import QLocale

from ..words import tr

BUNDLED, OWN, HUB = "bundled", "own", "hub"
#: The order in which families of models are offered.
FAMILIES = (BUNDLED, OWN, HUB)


def family_title(family):
    """The heading above the models of a family."""
    return {
        BUNDLED: tr("Comes with waterseg"),
        OWN: tr("Your own"),
        HUB: tr("From the Hugging Face hub"),
    }.get(family, family)


def short(model):
    """By what models are compared at a glance: accuracy, size, needs, origin."""
    return _joined(_short_iou(model), _outcome(model), _size(model), _needs(model), origin(model))


def describe(model):
    """The line below the box: origin, accuracy, size, needs and speed."""
    return _joined(
        origin(model), _outcome(model), _iou(model), _size(model), _needs(model), _speed(model)
    )


def origin(model):
    """What an own model was trained from and on: "Trained from nano on ponds, 64 chips"."""
    if model.family != OWN or not (model.base or model.data):
        return ""
    if not model.data:
        return tr("Trained from {base}").format(base=model.base)
    if not model.base:
        return tr("Trained on {data}").format(data=model.data)
    return tr("Trained from {base} on {data}").format(base=model.base, data=model.data)


def tooltip(model):
    """Everything, as a small table."""
    own = model.family == OWN
    rows = [
        (tr("Size"), _size(model)),
        (tr("Trained from"), model.base if own else ""),
        (tr("Trained on"), model.data),
        (tr("Result"), _outcome(model)),
        (tr("IoU per image"), _measured(model.iou_per_image)),
        (tr("IoU pooled"), _measured(model.iou_pooled)),
        (tr("Needs"), needs_text(model.needs)),
        (tr("Speed here"), _speed(model)),
        (tr("Licence"), model.licence),
    ]
    cells = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td>{escape(str(value))}</td></tr>"
        for name, value in rows
        if value
    )
    note = ""
    if model.iou_per_image is not None or model.iou_pooled is not None:
        note = tr(
            "Measured on images that it did not learn from, of the kind that it learned from: "
            "numbers of models with other data cannot be compared."
        )
    head = f"<p><b>{escape(model.shown)}</b><br>{escape(family_title(model.family))}</p>"
    return f"{head}<table>{cells}</table>" + (f"<p>{escape(note)}</p>" if note else "")


def needs_text(needs):
    """What the engine says of devices, in the user's language."""
    if needs == "any computer":
        return tr("any computer")
    start, end = "a GPU with ", " GB"
    if needs.startswith(start) and needs.endswith(end):
        return tr("a GPU with {size} GB").format(size=needs[len(start) : -len(end)])
    return needs


def _joined(*parts):
    return " · ".join(part for part in parts if part)


def _outcome(model):
    """Said of a model that its training made no better; of others the numbers speak."""
    return tr("no better than the model before") if model.gained is False else ""


def _iou(model):
    each, pooled = model.iou_per_image, model.iou_pooled
    if each is None and pooled is None:
        return ""
    if pooled is None:
        return tr("IoU {value} on held-out images").format(value=_number(each))
    if each is None:
        return tr("IoU {value} pooled on held-out images").format(value=_number(pooled))
    return tr("IoU {value} per image, {pooled} pooled, on held-out images").format(
        value=_number(each), pooled=_number(pooled)
    )


def _short_iou(model):
    each, pooled = model.iou_per_image, model.iou_pooled
    if each is None or pooled is None:
        known = pooled if each is None else each
        return "" if known is None else tr("IoU {value}").format(value=_number(known))
    return tr("IoU {value} per image, {pooled} pooled").format(
        value=_number(each), pooled=_number(pooled)
    )


def _measured(value):
    return "" if value is None else _number(value)


def _size(model):
    if not model.parameters:
        return ""
    if model.parameters >= 1e9:
        billions = QLocale().toString(model.parameters / 1e9, "f", 1)
        return tr("{billions} billion parameters").format(billions=billions)
    millions = model.parameters / 1e6
    number = QLocale().toString(millions, "f", 1 if millions < 100 else 0)
    return tr("{millions} million parameters").format(millions=number)


def _needs(model):
    """Only what not every computer has is worth a word in the line."""
    text = needs_text(model.needs)
    if not text or model.needs == "any computer":
        return ""
    return tr("needs {device}").format(device=text)


def _speed(model):
    if not model.seconds_per_tile:
        return ""
    return tr("{seconds} s per tile").format(seconds=_number(model.seconds_per_tile))


def _number(value):
    return QLocale().toString(float(value), "f", 2)
