# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer `objects`: the model chooses boxes and says sixteen codes for each, under the grammar.

All rows of a batch walk through an instance together: four coordinates, sixteen codes, then
label, separator or end. Only what may follow is scored. Tokens that must follow (the label, the
rest of a separator) are not waited for: they are read together with the next choice. A row that
has said its end leaves the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..tokens import CODE_COUNT, LOCATIONS, Instance, bins_to_box
from ..vocabulary import Grammar, State
from .engine import Engine, Prefill, Words
from .graphs import Steps
from .host import MOST_ROWS, HostSteps, suits

#: What stands for the body of an instance where only what follows it matters.
_BODY = (0,) * (4 + CODE_COUNT)


@dataclass(frozen=True, eq=False)
class Found:
    """The instances of one image, with the probabilities that their codes were chosen from.

    Attributes
    ----------
    instances
        In the order they were said.
    codes
        Float32 `(n, 16, 128)`: probabilities of the codes, for soft masks.
    presence
        1 - P(eos) at the first step, among all words of the model.
    """

    instances: tuple[Instance, ...]
    codes: Tensor
    presence: float


@dataclass
class _Said:
    """One instance of every row still in the batch."""

    rows: Tensor
    bins: Tensor
    codes: Tensor
    sureness: Tensor
    labels: list[str]


def room_for(words: Words, max_instances: int) -> int:
    """Slots that the longest answer takes, with the holes of rows that wait for others."""
    ids = words.vocabulary
    label = sum(len(tokens) for tokens in ids.labels.values())
    return max_instances * (len(_BODY) + 2 * label + 2 * len(ids.separator) + 2)


def answer(engine: Engine, prefill: Prefill, words: Words, max_instances: int) -> list[Found]:
    """Decode every row greedily under the grammar.

    Parameters
    ----------
    prefill
        With `want="last"` and the room of `room_for`; its cache is used up.
    max_instances
        No more instances than these per row.

    Returns
    -------
    list of Found
        One per row.
    """
    first = prefill.states[:, 0]
    presence = (1 - words.nothing(first)).clamp(0, 1).tolist()
    said = _Loop(engine, prefill, words, max_instances).run(first)
    found: list[list[Instance]] = [[] for _ in presence]
    codes: list[list[Tensor]] = [[] for _ in presence]
    for one in said:
        best = one.codes.argmax(dim=-1).tolist()
        sureness = one.sureness.exp().clamp(0, 1).tolist()
        for place, row in enumerate(one.rows.tolist()):
            box = bins_to_box(one.bins[place].tolist())
            found[row].append(Instance(box, tuple(best[place]), one.labels[place], sureness[place]))
            codes[row].append(one.codes[place])
    none = torch.zeros(0, CODE_COUNT, 128, device=first.device)
    return [
        Found(tuple(found[row]), torch.stack(codes[row]) if codes[row] else none, presence[row])
        for row in range(len(presence))
    ]


class _Loop:
    """The batch while it decodes: the cache, the rows still in it, and where each one is."""

    def __init__(self, engine: Engine, prefill: Prefill, words: Words, max_instances: int) -> None:
        assert prefill.cache is not None
        self.gemma, self.words, self.cache = engine.gemma, words, prefill.cache
        self.grammar = Grammar(words.vocabulary, max_instances)
        self.position = prefill.lengths + 1
        self.rows = torch.arange(prefill.cache.rows, device=engine.device)
        self.places = torch.arange(LOCATIONS, device=engine.device)
        self.graphs = engine.graphs
        self.steps: Steps | HostSteps | None = None
        self.on_host = suits(engine.gemma)

    def run(self, states: Tensor) -> list[_Said]:
        """Every instance that is said, from the states behind the prefix `(B, hidden)`."""
        said: list[_Said] = []
        scores = self.words.scores(states)
        speaks = scores[:, self.words.locations][:, :-1].amax(-1) >= scores[:, self.words.eos]
        states = states[self._keep(speaks)]
        for count in range(self.grammar.max_instances):
            if not len(self.rows):
                break
            self._begin()
            chosen, seen = self._body(states)
            self._end()
            tails = self._behind(self.words.ids[chosen[:, -1]], count)
            said.append(self._said(chosen, seen, [tail.label for tail in tails]))
            goes_on = [not tail.state.ended for tail in tails]
            self._keep(torch.tensor(goes_on, device=self.rows.device))
            if len(self.rows):
                unread = [tail.unread for tail in tails if not tail.state.ended]
                states = self._read_uneven(unread)
        return said

    def _said(self, chosen: Tensor, seen: Tensor, labels: list[str]) -> _Said:
        """An instance of every row: the words chosen `(b, 20)` in the states `(b, 20, hidden)`."""
        scores = self.words.scores(seen)
        sureness = scores.gather(2, chosen[:, :, None]).mean(dim=(1, 2))
        codes = scores[:, 4:, self.words.segments].softmax(dim=-1)
        return _Said(self.rows, chosen[:, :4], codes, sureness, labels)

    def _begin(self) -> None:
        """From here on one token at a time: with a graph, or on the CPU with few rows by hand."""
        if self.graphs is not None:
            self.steps = self.graphs.steps(self.cache)
        elif self.on_host and len(self.rows) <= MOST_ROWS:
            self.steps = HostSteps(self.gemma, self.cache)
        if self.steps is not None:
            self.steps.begin(self.cache, self.position)

    def _end(self) -> None:
        if self.steps is not None:
            self.steps.end(self.cache, len(_BODY) - 1)
            self.position = self.position + len(_BODY) - 1
            self.steps = None

    def _body(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Twenty tokens: the rows of the words chosen `(b, 20)`, and the states that chose them."""
        chosen: list[Tensor] = []
        seen = [states]
        while True:
            chosen.append(self._best(seen[-1], chosen))
            if len(chosen) == len(_BODY):
                return torch.stack(chosen, dim=1), torch.stack(seen, dim=1)
            seen.append(self._read(self.words.ids.index_select(0, chosen[-1])[:, None]))

    def _best(self, states: Tensor, chosen: list[Tensor]) -> Tensor:
        """The best word that may follow: a location behind the box's first corner, or a code."""
        place, words = len(chosen), self.words
        if place >= 4:
            return words.logits(states, words.segments).argmax(dim=-1) + words.segments.start
        near = words.logits(states, words.locations)
        if place < 2:
            near[:, -1] = float("-inf")
        else:
            near.masked_fill_(self.places <= chosen[place - 2][:, None], float("-inf"))
        return near.argmax(dim=-1)

    def _behind(self, last: Tensor, count: int) -> list[_Tail]:
        """Label, and separator or end, of every row; what is unread of it stays with the tail."""
        tails = [_Tail(self.grammar, State(count, _BODY), [int(token)]) for token in last.tolist()]
        for tail in tails:
            tail.follow()
        while any(tail.choosing for tail in tails):
            unread = [tail.unread if tail.choosing else [] for tail in tails]
            scores = self.words.scores(self._read_uneven(unread)).cpu()
            for row, tail in enumerate(tails):
                if tail.choosing:
                    tail.unread = []
                    tail.choose(scores[row], self.words.rows)
                    tail.follow()
        return tails

    def _keep(self, stays: Tensor) -> Tensor:
        """Drop the rows that have finished; which ones stay."""
        index = stays.nonzero()[:, 0]
        if len(index) < len(stays):
            self.rows, self.position = self.rows[index], self.position[index]
            self.cache.keep(index)
        return index

    def _read_uneven(self, unread: list[list[int]]) -> Tensor:
        """Read tokens that differ in number between rows: the last states `(b, hidden)`."""
        width = max(map(len, unread))
        ids = torch.zeros(len(unread), width, dtype=torch.long)
        valid = torch.zeros(len(unread), width, dtype=torch.bool)
        for row, tokens in enumerate(unread):
            if tokens:
                ids[row, -len(tokens) :] = torch.tensor(tokens)
                valid[row, -len(tokens) :] = True
        device = self.rows.device
        return self._read(ids.to(device), None if bool(valid.all()) else valid.to(device))

    def _read(self, ids: Tensor, valid: Tensor | None = None) -> Tensor:
        """Read `(b, n)` tokens, of which those not `valid` are holes: the last states."""
        if self.steps is not None:
            return self.steps.read(ids)
        count = ids.shape[1]
        if valid is not None:
            self.cache.punch(valid)
            positions = self.position[:, None] + (valid.cumsum(dim=1) - 1).clamp(min=0)
            self.position = self.position + valid.sum(dim=1)
        else:
            places = torch.arange(count, device=ids.device)
            positions = self.position[:, None] if count == 1 else self.position[:, None] + places
            self.position = self.position + count
        mask, last = self.cache.mask(count), None if count == 1 else slice(-1, None)
        return self.gemma.run(self.gemma.embed(ids), positions, self.cache, mask, last)[:, 0]


@dataclass
class _Tail:
    """What one row says behind the codes of an instance, token by token."""

    grammar: Grammar
    state: State
    unread: list[int]
    label: str = ""

    @property
    def choosing(self) -> bool:
        """Whether the row has more than one way to go on with this instance."""
        return not self.state.ended and bool(self.state.written)

    def follow(self) -> None:
        """Say what must be said."""
        self._name()
        for token in self.grammar.forced(self.state):
            self._say(token)

    def choose(self, scores: Tensor, rows: dict[int, int]) -> None:
        """Say the best of what may be said, by scores `(R,)` of the words."""
        allowed = sorted(self.grammar.allowed(self.state))
        best = scores[[rows[token] for token in allowed]].argmax()
        self._say(allowed[int(best)])

    def _say(self, token: int) -> None:
        self.unread.append(token)
        self.state = self.grammar.advance(self.state, token)
        self._name()

    def _name(self) -> None:
        rest = self.state.written[len(_BODY) :]
        self.label = self.grammar.vocabulary.names.get(rest, self.label)
