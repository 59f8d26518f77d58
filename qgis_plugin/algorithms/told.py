# SPDX-License-Identifier: GPL-3.0-or-later
"""What an algorithm that sends a set to the engine tells Processing."""


class Told:
    """Sentences once each, and how far it is: sending the set is a twentieth of the way."""

    SENDING = 5.0

    def __init__(self, feedback):
        self._feedback = feedback
        self._said = ""

    def say(self, sentence):
        """What is going on."""
        if sentence and sentence != self._said:
            self._said = sentence
            self._feedback.pushInfo(sentence)

    def sent(self, done, total):
        """Bytes of the set."""
        if total:
            self._feedback.setProgress(self.SENDING * done / total)

    def worked(self, done, total):
        """Steps of the work that follows."""
        share = min(done / total, 1.0)
        self._feedback.setProgress(self.SENDING + (100.0 - self.SENDING) * share)

    def ended(self, *sentences):
        """It is over, though the last steps may have gone by between two questions."""
        self._feedback.setProgress(100)
        for sentence in sentences:
            self._feedback.pushInfo(sentence)
