# SPDX-License-Identifier: GPL-3.0-or-later
"""One PaliGemma, taken apart: images to features, with a prompt to a prefill, states to scores.

The vision tower and the projector are the modules of `transformers`; the language model is run
by `Gemma`. Nothing here decides anything: what is said is decided by the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..vocabulary import Vocabulary
from .cache import Cache
from .gelu import quicken
from .gemma import Gemma
from .graphs import Graphs
from .masks import prefix_mask
from .patches import in_rows


@dataclass(frozen=True, eq=False)
class Prefill:
    """What the model has read: an image and a prompt per row.

    Attributes
    ----------
    states
        `(B, wanted, hidden)`: the states that were asked for.
    cache
        Keys and values of the prefix, with room for the answer; None if no room was asked for.
    lengths
        Int64 `(B,)`: tokens of the prefix; the answer's first token has the position behind it.
    """

    states: Tensor
    cache: Cache | None
    lengths: Tensor


class Words:
    """The rows of the output matrix that an answer can use, and nothing else of it.

    Attributes
    ----------
    ids
        Int64 `(R,)`: token ids of the rows: locations, segments, eos, then separator and labels.
    rows
        Token id to row.
    segments, locations
        The slices of the rows with these tokens.
    """

    locations = slice(0, 1024)
    segments = slice(1024, 1152)
    eos = 1152

    def __init__(self, vocabulary: Vocabulary, weight: Tensor, softcap: float | None) -> None:
        others = {*vocabulary.separator, *(i for ids in vocabulary.labels.values() for i in ids)}
        first = (*vocabulary.locations, *vocabulary.segments, vocabulary.eos)
        ids = [*first, *sorted(others - set(first))]
        self.ids = torch.tensor(ids, device=weight.device)
        self.rows = {token: row for row, token in enumerate(ids)}
        self.vocabulary = vocabulary
        self._weight, self._all, self._softcap = weight[self.ids], weight, softcap

    def logits(self, states: Tensor, rows: slice) -> Tensor:
        """Raw scores `(..., rows)` of some of these words, good for choosing the best."""
        return functional.linear(states, self._weight[rows])

    def scores(self, states: Tensor) -> Tensor:
        """Float32 logarithms of probabilities `(..., R)` among these words."""
        return self._capped(functional.linear(states, self._weight)).log_softmax(dim=-1)

    def nothing(self, states: Tensor) -> Tensor:
        """Float32 `(...)`: P(eos) among all words of the model."""
        logits = self._capped(functional.linear(states, self._all))
        eos = logits[..., self.vocabulary.eos]
        return (eos - logits.logsumexp(dim=-1)).exp()

    def _capped(self, logits: Tensor) -> Tensor:
        logits = logits.float()
        if self._softcap is None:
            return logits
        return torch.tanh(logits / self._softcap) * self._softcap


class Engine:
    """A loaded PaliGemma, ready to be read with.

    Attributes
    ----------
    image_size
        Side of the square that the vision tower takes, pixels.
    image_tokens
        Tokens an image becomes.
    gemma
        The language model.
    graphs
        Decode with these CUDA graphs; None decodes kernel by kernel.
    """

    def __init__(self, model: Any) -> None:
        """`model`: a `PaliGemmaForConditionalGeneration`."""
        config, inner = model.config, model.model
        vision = config.vision_config
        self.image_size = int(vision.image_size)
        self.image_tokens = (self.image_size // int(vision.patch_size)) ** 2
        self._tower, self._projector = inner.vision_tower, inner.multi_modal_projector
        quicken(self._tower)
        in_rows(self._tower)
        self.gemma = Gemma(inner.language_model, config.text_config)
        self._out: Tensor = model.lm_head.weight.detach()
        self._softcap = getattr(config.text_config, "final_logit_softcapping", None)
        self.device, self.dtype = self.gemma.device, self.gemma.dtype
        self.graphs: Graphs | None = None

    def words(self, vocabulary: Vocabulary) -> Words:
        """The words that answers with this vocabulary use."""
        return Words(vocabulary, self._out, self._softcap)

    def pixels(self, images: Sequence[np.ndarray]) -> Tensor:
        """Images as the tower wants them: squashed to its square, `(B, 3, S, S)` in -1..1.

        Bilinear with antialiasing; an image of the right size stays as it is.
        """
        return torch.cat([self._square(image) for image in images])

    def _square(self, image: np.ndarray) -> Tensor:
        square = (self.image_size, self.image_size)
        # Not every device can resize with antialiasing; CUDA and the CPU can.
        near = self.device if self.device.type == "cuda" else torch.device("cpu")
        whole = torch.from_numpy(np.ascontiguousarray(image)).to(near)
        whole = whole.permute(2, 0, 1)[None].float() / 127.5 - 1
        if whole.shape[2:] != square:
            whole = functional.interpolate(whole, square, mode="bilinear", antialias=True)
        return whole.to(self.device, self.dtype)

    def features(self, pixels: Tensor) -> Tensor:
        """What the tower sees, in the language model's space: `(B, image_tokens, hidden)`."""
        seen: Tensor = self._projector(self._tower(pixels).last_hidden_state)
        return seen

    def prefill(
        self,
        features: Tensor,
        prefixes: Sequence[Sequence[int]],
        room: int = 0,
        want: str = "last",
    ) -> Prefill:
        """Read images and prompts, in one pass.

        Parameters
        ----------
        features
            `(B, image_tokens, hidden)`.
        prefixes
            The ids behind the image, per row; they may differ in length.
        room
            Slots for the answer; 0 keeps no cache.
        want
            `last`: the states of each row's last token. `image`: those of the image tokens.
        """
        lengths = torch.tensor([len(ids) for ids in prefixes]) + self.image_tokens
        width = int(lengths.max())
        text = torch.zeros(len(prefixes), width - self.image_tokens, dtype=torch.long)
        for row, ids in enumerate(prefixes):
            text[row, : len(ids)] = torch.tensor(ids)
        embeds = torch.cat([features, self.gemma.embed(text.to(self.device))], dim=1)
        positions = torch.arange(1, width + 1, device=self.device)[None]
        even = bool((lengths == width).all())
        lengths = lengths.to(self.device)
        cache = self._room(len(prefixes), width + room) if room else None
        wanted: Tensor | slice = slice(-1, None) if even else lengths - 1
        mask = None
        if not even:
            mask = prefix_mask(lengths, lengths, width)
            if cache is not None:
                cache.punch(torch.arange(width, device=self.device) < lengths[:, None])
        if want == "image":
            wanted = slice(0, self.image_tokens)
        return Prefill(self.gemma.run(embeds, positions, cache, mask, wanted), cache, lengths)

    def _room(self, rows: int, slots: int) -> Cache:
        gemma = self.gemma
        shape = (rows, gemma.kv_heads, slots, gemma.head_dim)
        return Cache(gemma.layers, shape, self.dtype, self.device)

    def bytes_per_image(self, room: int) -> int:
        """A generous estimate of what one image of a batch takes while it is read, in bytes."""
        gemma, tokens = self.gemma, self.image_tokens + 64
        size = self.dtype.itemsize
        cached = 2 * gemma.layers * gemma.kv_heads * gemma.head_dim * (tokens + room) * size
        wide = gemma.stack[0].gate_up.shape[0]
        passing = tokens * size * (2 * wide + 8 * gemma.hidden)
        scores = gemma.heads * tokens * tokens * (8 + size) if gemma.softcap else 0
        return int(cached + passing + scores)
