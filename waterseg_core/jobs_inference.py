# SPDX-License-Identifier: GPL-3.0-or-later
"""Inference: one thread that looks at the tiles of every job, so that jobs share the models.

A job has one batch in the queue at most, and the queue is served in order, so jobs take turns.
Models stay loaded between jobs; the one that was unused for the longest goes when there are too
many. On CUDA, batches of several jobs that wait for the same model are answered together: half
a batch takes nearly as long as a whole one there. On a CPU it would gain nothing and change the
last bits of the answers, so there each batch stays as it is.
"""

from __future__ import annotations

import gc
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from waterseg_core.errors import ModelError
from waterseg_core.segmentation import Segmentation
from waterseg_core.segmenter import Segmenter

__all__ = ["Inference", "Load", "Shared"]

#: What makes a segmenter; equal keys share one.
Load = Callable[[], Segmenter]
#: Models that stay loaded.
KEPT = 3
#: A batch counts this much in the running mean of the seconds for a tile.
NEWEST = 0.2


@dataclass
class _Request:
    """Images that wait for their masks; `images` None asks for the model to be loaded."""

    key: Any
    load: Load
    images: Sequence[np.ndarray] | None
    answer: Future[Any] = field(default_factory=Future)


class Shared:
    """A segmenter whose images go through the queue; everything else is the model's own."""

    def __init__(self, inference: Inference, key: Any, load: Load, segmenter: Segmenter) -> None:
        self._inference, self._key, self._load_first = inference, key, load
        self._about = {
            name: getattr(segmenter, name, None)
            for name in ("prompt", "answer", "device", "dtype", "batch")
        }
        self.name, self.revision = segmenter.name, segmenter.revision
        self.tile_size, self.labels = segmenter.tile_size, segmenter.labels
        self.threshold = segmenter.threshold

    def __getattr__(self, name: str) -> Any:
        about = self.__dict__.get("_about", {})
        if about.get(name) is None:
            raise AttributeError(name)
        return about[name]

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """Wait in the queue, and for the answer; raises what the model raises."""
        answers: list[Segmentation] = self._inference.ask(self._key, self._load, images)
        return answers

    def _load(self) -> Segmenter:
        """The same again, when it had to go meanwhile; half a raster by another one is nothing."""
        segmenter = self._load_first()
        if segmenter.revision != self.revision:
            raise ModelError(
                f"The model {self.name} was replaced by another one while the job was at work "
                f"({self.revision}, now {segmenter.revision}). Resume the job: it begins anew."
            )
        return segmenter


class Inference:
    """The thread and its queue. `stop` ends it after the batch that it is working on."""

    def __init__(self) -> None:
        self._queue: queue.Queue[_Request | None] = queue.Queue()
        self._models: OrderedDict[Any, Segmenter] = OrderedDict()
        self._seconds: dict[Any, float] = {}
        self._thread = threading.Thread(target=self._work, name="waterseg-model", daemon=True)
        self._thread.start()

    def model(self, key: Any, load: Load) -> Shared:
        """The segmenter that `load` makes, made once; raises what `load` raises."""
        return Shared(self, key, load, self.ask(key, load, None))

    def ask(self, key: Any, load: Load, images: Sequence[np.ndarray] | None) -> Any:
        """Queue a request and wait for its answer."""
        request = _Request(key, load, images)
        self._queue.put(request)
        return request.answer.result()

    def seconds_per_tile(self, key: Any) -> float | None:
        """How long the model takes for a tile, measured; None before it was loaded."""
        return self._seconds.get(key)

    @property
    def waiting(self) -> int:
        """How many requests are in the queue."""
        return self._queue.qsize()

    def stop(self) -> None:
        """Answer what is queued, then end."""
        self._queue.put(None)

    def _work(self) -> None:
        held: _Request | None = None
        while True:
            first = held or self._queue.get()
            held = None
            if first is None:
                return
            group = [first]
            try:
                segmenter = self._loaded(first)
                if first.images is None:
                    first.answer.set_result(segmenter)
                    continue
                if _gains_by_company(segmenter):
                    held = self._company(group, getattr(segmenter, "batch", 0))
                self._answer(segmenter, group)
            except BaseException as error:  # it belongs to whoever asked, not to this thread
                for request in group:
                    if not request.answer.done():
                        request.answer.set_exception(error)

    def _loaded(self, request: _Request) -> Segmenter:
        """The model of a request; loaded and shown one image if it is not there."""
        if request.key not in self._models:
            self._make_room()
            segmenter = request.load()
            self._models[request.key] = segmenter
            self._warm_up(request.key, segmenter)
            # What is there now stays. Python would look for garbage in half a million objects of
            # the libraries every so often, a quarter of a second in which nobody is answered.
            gc.freeze()
        self._models.move_to_end(request.key)
        return self._models[request.key]

    def _make_room(self) -> None:
        """Let go of models until one more may be kept."""
        if len(self._models) < KEPT:
            return
        while len(self._models) >= KEPT:
            self._models.popitem(last=False)
        gc.unfreeze()
        gc.collect()

    def _warm_up(self, key: Any, segmenter: Segmenter) -> None:
        """The first look takes longer than any later one; the second one is worth a measurement."""
        side = segmenter.tile_size
        image = np.full((side, side, 3), 128, np.uint8)
        segmenter.segment([image])
        began = time.perf_counter()
        segmenter.segment([image])
        self._seconds.setdefault(key, time.perf_counter() - began)

    def _company(self, group: list[_Request], most: int) -> _Request | None:
        """Add what already waits for the same model, up to a batch; what does not fit is held."""
        assert group[0].images is not None
        room = most - len(group[0].images)
        while room > 0:
            try:
                request = self._queue.get_nowait()
            except queue.Empty:
                return None
            if request is None:
                self._queue.put(None)
                return None
            if request.key != group[0].key or request.images is None or len(request.images) > room:
                return request
            group.append(request)
            room -= len(request.images)
        return None

    def _answer(self, segmenter: Segmenter, group: list[_Request]) -> None:
        images = [image for request in group for image in request.images or ()]
        began = time.perf_counter()
        answers = segmenter.segment(images)
        seconds = (time.perf_counter() - began) / max(len(images), 1)
        key = group[0].key
        before = self._seconds.get(key, seconds)
        self._seconds[key] = before + NEWEST * (seconds - before)
        start = 0
        for request in group:
            stop = start + len(request.images or ())
            # A model that answers too few is found out by whoever counts its own.
            request.answer.set_result(answers[start:stop])
            start = stop


def _gains_by_company(segmenter: Segmenter) -> bool:
    return getattr(getattr(segmenter, "device", None), "type", "") == "cuda"
