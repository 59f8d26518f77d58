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

from ..tokens import CODE_COUNT, Instance, bins_to_box
from ..vocabulary import Grammar, State
from .engine import Engine, Prefill, Words
from .graphs import Steps

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
        self.graphs = engine.graphs
        self.steps: Steps | None = None

    def run(self, states: Tensor) -> list[_Said]:
        """Every instance that is said, from the states behind the prefix `(B, hidden)`."""
        said: list[_Said] = []
        scores = self.words.scores(states)
        speaks = scores[:, self.words.locations][:, :-1].amax(-1) >= scores[:, self.words.eos]
        scores = self._keep(speaks, scores)
        for count in range(self.grammar.max_instances):
            if not len(self.rows):
                break
            self._begin()
            bins, sure_of_box, states = self._box(scores)
            codes, sure_of_codes, last = self._codes(states)
            self._end()
            sureness = (sure_of_box + sure_of_codes) / len(_BODY)
            tails = self._behind(last, count)
            said.append(_Said(self.rows, bins, codes, sureness, [tail.label for tail in tails]))
            goes_on = [not tail.state.ended for tail in tails]
            self._keep(torch.tensor(goes_on, device=self.rows.device), scores)
            if len(self.rows):
                unread = [tail.unread for tail in tails if not tail.state.ended]
                scores = self.words.scores(self._read_uneven(unread))
        return said

    def _begin(self) -> None:
        """From here on one token at a time: with a graph, if there are graphs."""
        if self.graphs is not None:
            self.steps = self.graphs.steps(self.cache)
            self.steps.begin(self.cache, self.position)

    def _end(self) -> None:
        if self.steps is not None:
            self.steps.end(self.cache, len(_BODY) - 1)
            self.position = self.position + len(_BODY) - 1
            self.steps = None

    def _box(self, scores: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Bins `(b, 4)`, the sum of their log probabilities, and the states behind them."""
        places = torch.arange(1024, device=scores.device)
        chosen: list[Tensor] = []
        total = torch.zeros(len(scores), device=scores.device)
        states = scores
        for side in range(4):
            near = scores[:, self.words.locations]
            taken = places[None] == 1023 if side < 2 else places[None] <= chosen[side - 2][:, None]
            best, index = near.masked_fill(taken, float("-inf")).max(dim=-1)
            total = total + best
            chosen.append(index)
            states = self._read(self.words.ids[index][:, None])
            scores = self.words.scores(states)
        return torch.stack(chosen, dim=1), total, states

    def _codes(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Code probabilities `(b, 16, 128)`, the sum of the best ones' logs, the last token."""
        said: list[Tensor] = []
        total = torch.zeros(len(states), device=states.device)
        token = states
        for step in range(CODE_COUNT):
            near = self.words.scores(states)[:, self.words.segments]
            best, index = near.max(dim=-1)
            total = total + best
            said.append(near.softmax(dim=-1))
            token = self.words.ids[self.words.segments][index]
            if step + 1 < CODE_COUNT:
                states = self._read(token[:, None])
        return torch.stack(said, dim=1), total, token

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

    def _keep(self, stays: Tensor, scores: Tensor) -> Tensor:
        """Drop the rows that have finished; the scores of those that stay."""
        if bool(stays.all()):
            return scores
        index = stays.nonzero()[:, 0]
        self.rows, self.position = self.rows[index], self.position[index]
        self.cache.keep(index)
        return scores[index]

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
        if valid is None:
            count = torch.arange(ids.shape[1], device=ids.device)
            positions = self.position[:, None] + count
            self.position = self.position + ids.shape[1]
        else:
            self.cache.punch(valid)
            positions = self.position[:, None] + (valid.cumsum(dim=1) - 1).clamp(min=0)
            self.position = self.position + valid.sum(dim=1)
        mask = self.cache.mask(ids.shape[1])
        embeds = self.gemma.embed(ids)
        return self.gemma.run(embeds, positions, self.cache, mask, slice(-1, None))[:, 0]


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
