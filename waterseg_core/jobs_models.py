# SPDX-License-Identifier: GPL-3.0-or-later
"""Models: which models a server offers, under which names, and the segmenters made of them.

Those that it was started with come first, then the own models that are on the list of
`model_list`, which is read anew every time: what was trained or sent a moment ago is on offer, a
folder that is gone is not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from waterseg_core import model_list
from waterseg_core.errors import ModelError, OptionError
from waterseg_core.jobs_inference import Inference
from waterseg_core.options import SegmentOptions
from waterseg_core.segmenter import Segmenter, card, load_segmenter

__all__ = ["Models"]

Stamp = tuple[tuple[str, int, int], ...]


class Models:
    """The models on offer; the first one is the default.

    names: as `load_segmenter` takes them. A folder is offered under its last name, so that no
    request ever names a path. device, dtype: where and how all of them compute. load: makes a
    segmenter from the arguments of `load_segmenter`. own: the own models beside them.
    """

    def __init__(
        self,
        names: Sequence[str] = ("nano",),
        *,
        device: str = "auto",
        dtype: str = "auto",
        load: Callable[..., Segmenter] = load_segmenter,
        own: Callable[[], Mapping[str, Path]] = model_list.own,
    ) -> None:
        self._first = {_public(name): name for name in names}
        self._how = {"device": device, "dtype": dtype}
        self._load, self._own = load, own
        self._inference = Inference()
        self._lock = threading.Lock()
        self._cards: dict[str, tuple[Stamp, dict[str, Any]]] = {}
        for public, name in self._first.items():  # a broken one shall be told at the start
            self._cards[public] = _stamp(name), _card(public, name)

    @property
    def default(self) -> str:
        """The model of whoever names none."""
        return next(iter(self._first))

    @property
    def started_with(self) -> tuple[str, ...]:
        """The names of those that are not own models of the list."""
        return tuple(self._first)

    def sources(self) -> dict[str, str]:
        """What is on offer now: name to what `load_segmenter` takes, without what is broken."""
        return {public: name for public, (name, _) in self._offered().items()}

    def source(self, name: str) -> str:
        """What `load_segmenter` takes for a name. Raises OptionError if it is not on offer."""
        sources = self.sources()
        if name not in sources:
            raise OptionError(f"options.model {name}: this server offers {', '.join(sources)}.")
        return sources[name]

    def check(self, options: SegmentOptions) -> None:
        """Raise OptionError for a model that is not on offer."""
        self.source(options.model)

    def tile_px(self, options: SegmentOptions) -> int | None:
        """The side of a tile, if it can be said before the model is loaded."""
        side: int | None = (
            options.tile or card(self.source(options.model), options.answer)["tile_px"]
        )
        return side

    def segmenter(self, options: SegmentOptions) -> Segmenter:
        """The segmenter for these options, loaded if it is not; raises what loading raises."""
        source = self.source(options.model)
        return self._inference.model(
            _key(options.model, source, options),
            lambda: self._load(source, prompt=options.prompt, answer=options.answer, **self._how),
        )

    def warm_up(self) -> None:
        """Load the default model with the default options, so that the first job need not wait."""
        self.segmenter(SegmentOptions(model=self.default))

    def cards(self) -> list[dict[str, Any]]:
        """What a client may know of each model."""
        usual = SegmentOptions()
        return [
            {
                "name": name,
                **facts,
                "default": name == self.default,
                "seconds_per_tile": self._inference.seconds_per_tile(_key(name, source, usual)),
            }
            for name, (source, facts) in self._offered().items()
        ]

    def stop(self) -> None:
        """End the thread of the models."""
        self._inference.stop()

    def _offered(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Name to source and card of all that is on offer and can be used."""
        own = {name: str(path) for name, path in sorted(self._own().items())}
        found = {}
        with self._lock:
            for public, source in (self._first | own | self._first).items():
                try:
                    found[public] = source, self._card(public, source)
                except (ModelError, OSError):  # broken, or on its way out of the folder
                    continue
        return found

    def _card(self, public: str, source: str) -> dict[str, Any]:
        """The card, read again when the model's files are other ones."""
        now = _stamp(source)
        before, facts = self._cards.get(public, (None, {}))
        if before != now or facts["tile_px"] is None:
            facts = _card(public, source)
            self._cards[public] = now, facts
        return facts


def _key(public: str, source: str, options: SegmentOptions) -> tuple[Any, ...]:
    """What a loaded model goes by: a newer training of the same name is another model."""
    return (public, _stamp(source), options.prompt, options.answer)


def _stamp(source: str) -> Stamp:
    return model_list.stamp(source)


def _card(public: str, name: str) -> dict[str, Any]:
    facts, listed = card(name), model_list.about(name)
    return {
        **facts,
        "title": public if facts["title"] == name else facts["title"],
        "licence": listed.licence,
        "parameters": listed.parameters,
        "kind": listed.kind,
        "base": _public(listed.base) if listed.base else None,
        "data": listed.data,
        "needs": listed.needs,
        "answers": list(listed.answers),
    }


def _public(name: str) -> str:
    folder = Path(name).expanduser()
    return folder.resolve().name if folder.is_dir() else name
