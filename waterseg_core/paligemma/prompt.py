# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked: a prompt's text, and the labels that it looks for.

`segment lake ; river` looks for two things. A prompt without the word `segment` is asked as it
is and names one thing, itself (so are the prompts of RefCOCO checkpoints).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import OptionError
from ..vocabulary import Vocabulary

_TASKS = ("segment", "detect")


@dataclass(frozen=True)
class Prompt:
    """A prompt and what it looks for.

    Attributes
    ----------
    text
        What the model is asked, without the line break that ends it.
    labels
        What is looked for, at least one thing, each once.
    """

    text: str
    labels: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Prompt:
        """Read a prompt as a user writes it.

        Raises
        ------
        OptionError
            If it names nothing, names a thing twice, or holds what no prompt can hold.
        """
        words = " ".join(text.split())
        if "\n" in text.strip() or "<" in words or ">" in words:
            raise OptionError(f"--prompt is one line of plain words, not {text!r}.")
        task, _, rest = words.partition(" ")
        if task.lower() not in _TASKS:
            labels = [words]
        else:
            labels = [" ".join(part.split()) for part in rest.split(";")]
            words = f"{task} {' ; '.join(labels)}"
        if not all(labels) or any(";" in label for label in labels):
            raise OptionError(
                f"--prompt {text!r} names nothing to look for; write for example 'segment water'"
                " or 'segment lake ; river'."
            )
        if len(set(labels)) < len(labels):
            raise OptionError(f"--prompt {text!r} names the same thing twice.")
        return cls(words, tuple(labels))

    def singles(self) -> tuple[Prompt, ...]:
        """One prompt per label, for answers that can only speak of one thing at a time."""
        if len(self.labels) == 1:
            return (self,)
        task = self.text.partition(" ")[0]
        return tuple(Prompt(f"{task} {label}", (label,)) for label in self.labels)

    def prefix_ids(self, tokenizer: Any, vocabulary: Vocabulary) -> tuple[int, ...]:
        """The ids behind the image tokens: bos, the text, the line break (apart from the text)."""
        text = tokenizer.encode(self.text, add_special_tokens=False)
        return (vocabulary.bos, *text, *vocabulary.newline)
