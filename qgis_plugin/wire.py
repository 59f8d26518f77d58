# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine answers, as small objects. Fields that this version does not know are dropped."""

from dataclasses import dataclass, field, fields

PROTOCOL = 1
WAITING, RUNNING, FINISHING = "waiting", "running", "finishing"
DONE, CANCELLED, FAILED = "done", "cancelled", "failed"


def known(cls, answer):
    """The dataclass `cls` from a JSON object; fields that are missing keep their default."""
    names = {f.name for f in fields(cls)}
    return cls(**{name: value for name, value in answer.items() if name in names})


@dataclass(frozen=True)
class Model:
    """One model that the engine offers; numbers are None where they are not known.

    tile_px: side of a tile. iou_per_image, iou_pooled: measured on held-out images, 0 to 1.
    seconds_per_tile: measured on that machine. kind: bundled, own or hub. base: the model that an
    own one was made of, or None. data, needs: what it learned from, and which device it wants, in
    words. gained: False where its training ended no better than it began, None if nobody knows.
    """

    name: str = ""
    title: str = ""
    tile_px: int = 256
    default: bool = False
    bundled: bool = False
    parameters: int = None
    licence: str = ""
    iou_per_image: float = None
    iou_pooled: float = None
    seconds_per_tile: float = None
    kind: str = ""
    base: str = None
    data: str = None
    needs: str = ""
    gained: bool = None

    @property
    def shown(self):
        """What people call it."""
        return self.title or self.name

    @property
    def family(self):
        """Bundled, own or hub; an engine that does not say knew only the first two."""
        return self.kind or ("bundled" if self.bundled else "own")


@dataclass(frozen=True)
class Option:
    """One option of `segment` or `finetune`, as the engine declares it."""

    name: str = ""
    kind: str = ""
    default: object = None
    low: float = None
    high: float = None
    unit: str = ""
    help: str = ""
    choices: tuple = ()


@dataclass(frozen=True)
class Info:
    """What the engine is. limits: body_bytes, pixels, jobs, tile_px, disk_bytes_free.

    permissions: what it lets people do, by name: train, upload.
    """

    protocol: int = 0
    version: str = ""
    device: str = ""
    device_name: str = ""
    models: tuple = ()
    limits: dict = field(default_factory=dict)
    formats: tuple = ()
    options: tuple = ()
    finetune_options: tuple = ()
    permissions: dict = field(default_factory=dict)

    @classmethod
    def of(cls, answer):
        """From the answer of /v1/info."""
        lists = {
            "models": tuple(known(Model, one) for one in answer.get("models", ())),
            "options": _options(answer, "options"),
            "finetune_options": _options(answer, "finetune_options"),
        }
        return known(cls, {**answer, **lists})

    @property
    def can_train(self):
        """Whether a model can be trained there; an older engine does not know how."""
        return bool(self.finetune_options) and bool(self.permissions.get("train", True))

    @property
    def default_model(self):
        """The model that is used if nobody chooses; None if there is none at all."""
        chosen = [model for model in self.models if model.default]
        return (chosen or list(self.models) or [None])[0]

    def model(self, name):
        """The model of that name, else the default one."""
        return next((one for one in self.models if one.name == name), self.default_model)


def _options(answer, name):
    return tuple(known(Option, one) for one in answer.get(name) or ())


@dataclass(frozen=True)
class TileWindow:
    """Which pixels the client sends as number `n`, counted from the raster's first row and column.

    These windows do not overlap; they are not the tiles that the model sees.
    """

    n: int
    row: int
    col: int
    height: int
    width: int


@dataclass(frozen=True)
class Job:
    """A job as the engine tells it.

    done, total: tiles that the model sees. empty: of these, tiles without data. notes: sentences
    about what was decided. overview: (height, width) of the thinned-out picture that is wanted
    first, or None. tiles: windows to send. wanted: numbers of those to send now, in order.
    seconds_left: None if nobody can say yet.
    """

    id: str
    kind: str = "segment"
    name: str = ""
    state: str = WAITING
    done: int = 0
    total: int = 0
    message: str = ""
    error: str = ""
    notes: tuple = ()
    empty: int = 0
    undecodable: int = 0
    water_pixels: int = 0
    features: int = 0
    created: str = ""
    seconds_left: float = None
    overview: tuple = None
    tiles: tuple = ()
    wanted: tuple = ()

    @classmethod
    def of(cls, answer):
        """From a `Job` of the wire."""
        shape = answer.get("overview")
        made = {
            "overview": (shape["height"], shape["width"]) if shape else None,
            "tiles": tuple(known(TileWindow, one) for one in answer.get("tiles") or ()),
            "wanted": tuple(answer.get("wanted") or ()),
            "notes": tuple(answer.get("notes") or ()),
        }
        return known(cls, {**answer, **made})

    @property
    def is_over(self):
        """Whether nothing happens any more unless somebody resumes it."""
        return self.state in (DONE, CANCELLED, FAILED)
