# SPDX-License-Identifier: GPL-3.0-or-later
"""The token ids of answers, and the grammar that says which id may follow.

The ids are looked up in the tokenizer at hand: nothing is assumed about their numbers. An answer
is nothing, or instances joined by a separator, then the end:

    answer    ::= eos | instance (separator instance)* eos
    instance  ::= y1 x1 y2 x2 code*16 label        with y1 < y2 and x1 < x2

`Grammar` is the plain state machine of that; the runtime walks the same path with tensors, and
tests hold both to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import GrammarError, ModelError
from .tokens import (
    CODE_COUNT,
    LOCATIONS,
    MAX_INSTANCES,
    SEGMENTS,
    SEPARATOR,
    Instance,
    bins_to_box,
    box_to_bins,
)

_BODY = 4 + CODE_COUNT


@dataclass(frozen=True)
class Vocabulary:
    """The token ids that answers are made of, looked up in the tokenizer at hand.

    Attributes
    ----------
    locations, segments
        Ids of ``<loc0000>``.. and ``<seg000>``.., in order.
    pad, eos, bos, image
        Ids of the special tokens.
    newline, separator
        Ids of the line break that ends a prompt, and of " ; " between instances.
    labels
        Label to the ids of " label".
    """

    locations: tuple[int, ...]
    segments: tuple[int, ...]
    pad: int
    eos: int
    bos: int
    image: int
    newline: tuple[int, ...]
    separator: tuple[int, ...]
    labels: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def names(self) -> dict[tuple[int, ...], str]:
        """The ids of " label" to the label."""
        return {ids: label for label, ids in self.labels.items()}

    @classmethod
    def of(cls, tokenizer: Any, labels: Sequence[str] = ()) -> Vocabulary:
        """The vocabulary of a Hugging Face tokenizer, with the ids of these labels.

        Raises
        ------
        ModelError
            If the tokenizer lacks PaliGemma's tokens.
        """
        locations = _known(tokenizer, [f"<loc{index:04d}>" for index in range(LOCATIONS)])
        segments = _known(tokenizer, [f"<seg{index:03d}>" for index in range(SEGMENTS)])
        (image,) = _known(tokenizer, ["<image>"])
        between = _between(tokenizer, segments[0], locations[0])
        separator = between(SEPARATOR)
        return cls(
            locations,
            segments,
            pad=_special(tokenizer, "pad"),
            eos=_special(tokenizer, "eos"),
            bos=_special(tokenizer, "bos"),
            image=image,
            newline=_encode(tokenizer, "\n"),
            separator=separator,
            labels={
                label: between(f" {label}{SEPARATOR}")[: -len(separator)]
                for label in labels
                if label
            },
        )


def _special(tokenizer: Any, name: str) -> int:
    value = getattr(tokenizer, f"{name}_token_id", None)
    if value is None:
        raise ModelError(f"The tokenizer has no {name} token: it is not PaliGemma's.")
    return int(value)


def _known(tokenizer: Any, tokens: list[str]) -> tuple[int, ...]:
    ids = tuple(tokenizer.convert_tokens_to_ids(tokens))
    unknown = getattr(tokenizer, "unk_token_id", None)
    if any(value is None or value == unknown for value in ids):
        missing = tokens[next(n for n, v in enumerate(ids) if v is None or v == unknown)]
        raise ModelError(f"The tokenizer does not know {missing}: it is not PaliGemma's.")
    return ids


def _encode(tokenizer: Any, text: str) -> tuple[int, ...]:
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _between(tokenizer: Any, before: int, behind: int) -> Callable[[str], tuple[int, ...]]:
    """A function: text to its ids as they stand between a segment and a location token."""

    def encode(text: str) -> tuple[int, ...]:
        ids = _encode(tokenizer, f"<seg000>{text}<loc0000>")
        if ids[0] != before or ids[-1] != behind:
            raise ModelError("The tokenizer splits <seg000> or <loc0000>: it is not PaliGemma's.")
        return ids[1:-1]

    return encode


@dataclass(frozen=True, slots=True)
class State:
    """Where an answer stands: whole instances so far, ids since the last one, and if it ended."""

    instances: int = 0
    written: tuple[int, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Grammar:
    """Which ids may follow, as a state machine over ids.

    Attributes
    ----------
    vocabulary
        The ids; its labels are those that may be said. Without labels none is.
    max_instances
        No more instances than these.
    optional_label
        Whether an instance may go without its label.
    """

    vocabulary: Vocabulary
    max_instances: int = MAX_INSTANCES
    optional_label: bool = False

    def allowed(self, state: State) -> frozenset[int]:
        """The ids that may follow; none after the end."""
        ids, count = self.vocabulary, len(state.written)
        if state.ended:
            return frozenset()
        if count < 2:
            first = {ids.eos} if count == 0 and state.instances == 0 else set()
            return frozenset(ids.locations[:-1]) | first
        if count < 4:
            low = ids.locations.index(state.written[count - 2])
            return frozenset(ids.locations[low + 1 :])
        if count < _BODY:
            return frozenset(ids.segments)
        return self._behind_codes(state)

    def _behind_codes(self, state: State) -> frozenset[int]:
        ids, rest = self.vocabulary, state.written[_BODY:]
        labels = set(ids.labels.values())
        if self.optional_label or not labels:
            labels.add(())
        found = set()
        for label in labels:
            whole = label + ids.separator
            if rest == label:
                found.add(ids.eos)
            if rest != whole[: len(rest)] or len(rest) == len(whole):
                continue
            if len(rest) < len(label) or state.instances + 1 < self.max_instances:
                found.add(whole[len(rest)])
        return frozenset(found)

    def advance(self, state: State, token: int) -> State:
        """The state after `token`.

        Raises
        ------
        GrammarError
            If the token may not follow.
        """
        if token not in self.allowed(state):
            raise GrammarError(f"Token {token} may not follow {list(state.written)}.")
        if token == self.vocabulary.eos:
            return replace(state, ended=True)
        written = (*state.written, token)
        separator = self.vocabulary.separator
        if len(written) > _BODY and written[-len(separator) :] == separator:
            return State(state.instances + 1)
        return replace(state, written=written)

    def forced(self, state: State) -> tuple[int, ...]:
        """The ids that follow without a choice, up to the next choice or the end."""
        ids: list[int] = []
        while len(allowed := self.allowed(state)) == 1:
            (token,) = allowed
            ids.append(token)
            state = self.advance(state, token)
        return tuple(ids)


def format_ids(instances: Iterable[Instance], vocabulary: Vocabulary) -> list[int]:
    """The ids of the answer that names these instances, with its eos.

    Raises
    ------
    GrammarError
        If a label is not among the vocabulary's.
    """
    ids: list[int] = []
    for instance in instances:
        if instance.label and instance.label not in vocabulary.labels:
            raise GrammarError(f"The label {instance.label!r} is not among the vocabulary's.")
        ids.extend(vocabulary.separator if ids else ())
        ids.extend(vocabulary.locations[value] for value in box_to_bins(instance.box))
        ids.extend(vocabulary.segments[code] for code in instance.codes)
        ids.extend(vocabulary.labels.get(instance.label, ()))
    return [*ids, vocabulary.eos]


def parse_ids(ids: Sequence[int], vocabulary: Vocabulary) -> list[Instance]:
    """The instances that an answer names, with confidence 1.

    Labels are those of the vocabulary or absent; padding behind the eos is passed over.

    Raises
    ------
    GrammarError
        If the ids are no whole answer.
    """
    grammar = Grammar(vocabulary, max_instances=len(ids) + 1, optional_label=True)
    state, found = State(), []
    for place, token in enumerate(ids):
        if state.ended and all(value == vocabulary.pad for value in ids[place:]):
            break
        after = grammar.advance(state, int(token))
        if after.ended or after.instances > state.instances:
            found += _instance(state.written, vocabulary)
        state = after
    if not state.ended:
        raise GrammarError("The answer has no end: its last token is not eos.")
    return found


def _instance(written: tuple[int, ...], ids: Vocabulary) -> list[Instance]:
    """The instance of these ids (a begun separator behind it is passed over), or none."""
    if not written:
        return []
    bins = [ids.locations.index(token) for token in written[:4]]
    codes = tuple(ids.segments.index(token) for token in written[4:_BODY])
    rest = written[_BODY:]
    names = ids.names
    cut = max(size for size in range(len(rest) + 1) if size == 0 or rest[:size] in names)
    return [Instance(bins_to_box(bins), codes, names.get(rest[:cut], ""))]
