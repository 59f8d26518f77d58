# SPDX-License-Identifier: GPL-3.0-or-later
"""Models: which models a server offers, under which names, and the segmenters made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.jobs_inference import Inference
from waterseg_core.options import SegmentOptions
from waterseg_core.segmenter import Segmenter, card, load_segmenter

__all__ = ["Models"]


class Models:
    """The models on offer; the first one is the default.

    names: as `load_segmenter` takes them. A folder is offered under its last name, so that no
    request ever names a path. device, dtype: where and how all of them compute. load: makes a
    segmenter from the arguments of `load_segmenter`.
    """

    def __init__(
        self,
        names: Sequence[str] = ("nano",),
        *,
        device: str = "auto",
        dtype: str = "auto",
        load: Callable[..., Segmenter] = load_segmenter,
    ) -> None:
        self._names = {_public(name): name for name in names}
        self._how = {"device": device, "dtype": dtype}
        self._load = load
        self._inference = Inference()
        self._cards = {public: _card(public, name) for public, name in self._names.items()}

    @property
    def default(self) -> str:
        """The model of whoever names none."""
        return next(iter(self._names))

    def check(self, options: SegmentOptions) -> None:
        """Raise OptionError for a model that is not on offer."""
        if options.model not in self._names:
            raise OptionError(
                f"options.model {options.model}: this server offers {', '.join(self._names)}."
            )

    def tile_px(self, options: SegmentOptions) -> int | None:
        """The side of a tile, if it can be said before the model is loaded."""
        side: int | None = options.tile or self._cards[options.model]["tile_px"]
        if options.answer == "auto" or options.tile:
            return side
        return card(self._names[options.model], options.answer)["tile_px"]  # type: ignore[no-any-return]

    def segmenter(self, options: SegmentOptions) -> Segmenter:
        """The segmenter for these options, loaded if it is not; raises what loading raises."""
        self.check(options)
        key = (options.model, options.prompt, options.answer)
        return self._inference.model(
            key,
            lambda: self._load(
                self._names[options.model],
                prompt=options.prompt,
                answer=options.answer,
                **self._how,
            ),
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
                "seconds_per_tile": self._inference.seconds_per_tile(
                    (name, usual.prompt, usual.answer)
                ),
            }
            for name, facts in self._cards.items()
        ]

    def stop(self) -> None:
        """End the thread of the models."""
        self._inference.stop()


def _card(public: str, name: str) -> dict[str, Any]:
    facts = card(name)
    return {**facts, "title": public if facts["title"] == name else facts["title"]}


def _public(name: str) -> str:
    folder = Path(name).expanduser()
    return folder.resolve().name if folder.is_dir() else name
