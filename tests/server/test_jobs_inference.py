# SPDX-License-Identifier: GPL-3.0-or-later
"""One thread for the tiles of all jobs: turns, company on CUDA, and failures that stay at home."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from live import PATIENCE_S
from pixelwise import PixelwiseSegmenter

from waterseg_core.errors import ModelError, OptionError
from waterseg_core.jobs_inference import KEPT, Inference
from waterseg_core.jobs_models import Models
from waterseg_core.options import SegmentOptions
from waterseg_core.segmentation import Segmentation


class Recording(PixelwiseSegmenter):
    """Notes the batches it gets, and who they are of: the images' red value. Waits at first."""

    def __init__(self, device: str, batch: int = 8) -> None:
        super().__init__(tile_size=8)
        self.device, self.batch = SimpleNamespace(type=device), batch
        self.batches: list[list[int]] = []
        self.go = threading.Event()

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        if images[0][0, 0, 0] != 128:  # the warm-up does not count
            self.batches.append([int(image[0, 0, 0]) for image in images])
            assert self.go.wait(PATIENCE_S)
        return super().segment(images)


def image(of: int) -> np.ndarray:
    return np.full((8, 8, 3), of, np.uint8)


@pytest.fixture
def inference() -> Iterator[Inference]:
    thread = Inference()
    yield thread
    thread.stop()


def ask_all(inference: Inference, model: Recording, asked: list[list[int]]) -> list[Any]:
    """Ask for the first batch, and when the model is at it for all others, in order."""
    shared = inference.model("model", lambda: model)
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = [pool.submit(shared.segment, [image(of) for of in asked[0]])]
        while not model.batches:
            pass
        for number, batch in enumerate(asked[1:], 1):
            answers.append(pool.submit(shared.segment, [image(of) for of in batch]))
            while inference.waiting < number:
                pass
        model.go.set()
        return [answer.result() for answer in answers]


def test_on_a_cpu_every_batch_stays_as_it_is(inference: Inference) -> None:
    model = Recording("cpu")
    asked = [[1], [2, 2], [3], [1], [2]]
    answers = ask_all(inference, model, asked)
    assert model.batches == asked
    assert [len(answer) for answer in answers] == [len(batch) for batch in asked]


def test_on_cuda_what_waits_together_is_answered_together(inference: Inference) -> None:
    model = Recording("cuda", batch=4)
    asked = [[1], [2, 2], [3], [4, 4], [5, 5, 5]]
    answers = ask_all(inference, model, asked)
    assert model.batches == [[1], [2, 2, 3], [4, 4], [5, 5, 5]]
    for batch, answer in zip(asked, answers, strict=True):
        (expected,) = {
            one.masks.tobytes() for one in PixelwiseSegmenter().segment([image(batch[0])])
        }
        assert [one.masks.tobytes() for one in answer] == [expected] * len(batch)


def test_a_failure_reaches_only_who_asked(inference: Inference) -> None:
    class Breaks(PixelwiseSegmenter):
        def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
            if images[0][0, 0, 0] == 13:
                raise ModelError("It broke.")
            return super().segment(images)

    shared = inference.model("model", Breaks)
    with pytest.raises(ModelError, match="It broke"):
        shared.segment([image(13)])
    assert len(shared.segment([image(1)])) == 1

    def no_model() -> Any:
        raise OptionError("There is no such model.")

    with pytest.raises(OptionError, match="no such model"):
        inference.model("other", no_model)
    assert len(shared.segment([image(1)])) == 1


def test_models_stay_loaded_up_to_a_number_and_come_back(inference: Inference) -> None:
    loaded: list[int] = []

    def model(number: int) -> Any:
        def load() -> Any:
            loaded.append(number)
            return PixelwiseSegmenter()

        return inference.model(number, load)

    first = model(0)
    model(0)
    assert loaded == [0]
    for number in range(1, KEPT + 1):
        model(number)
    assert loaded == list(range(KEPT + 1))
    assert len(first.segment([image(1)])) == 1, "it is loaded again for the job that has it"
    assert loaded == [*range(KEPT + 1), 0]


def test_what_is_loaded_is_no_longer_searched_for_garbage_but_a_model_that_went_is_freed(
    inference: Inference,
) -> None:
    class Circle(PixelwiseSegmenter):
        def __init__(self) -> None:
            super().__init__()
            self.itself = self

    gone: list[weakref.ref[Circle]] = []

    def load() -> Any:
        model = Circle()
        gone.append(weakref.ref(model))
        return model

    inference.model(0, load)
    assert gc.get_freeze_count() > 0
    for number in range(1, KEPT + 1):
        inference.model(number, PixelwiseSegmenter)
    assert gone[0]() is None
    assert gc.get_freeze_count() > 0


def test_jobs_with_the_same_model_share_it_and_seconds_are_measured() -> None:
    made: list[PixelwiseSegmenter] = []

    def load(name: str, **how: Any) -> Any:
        made.append(PixelwiseSegmenter(seconds=0.001))
        return made[-1]

    models = Models(load=load)
    assert models.cards()[0]["seconds_per_tile"] is None
    models.warm_up()
    models.segmenter(SegmentOptions(threshold=0.2))
    assert len(made) == 1
    assert models.cards()[0]["seconds_per_tile"] >= 0.001
    models.segmenter(SegmentOptions(prompt="segment river"))
    assert len(made) == 2
    models.stop()


def test_a_folder_is_offered_by_its_name_only(tmp_path: Any) -> None:
    (tmp_path / "ours").mkdir()
    names: list[str] = []

    def load(name: str, **how: Any) -> Any:
        names.append(name)
        return PixelwiseSegmenter()

    models = Models([str(tmp_path / "ours"), "nano"], load=load)
    assert [card["name"] for card in models.cards()] == ["ours", "nano"]
    assert str(tmp_path) not in str(models.cards())
    models.segmenter(SegmentOptions(model="ours"))
    assert names == [str(tmp_path / "ours")]
    with pytest.raises(OptionError, match="offers ours, nano"):
        models.check(SegmentOptions(model=str(tmp_path / "ours")))
    models.stop()
