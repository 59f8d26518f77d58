# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies: the calls of docs/PROTOCOL.md about trainings, as a part of `Client`.

Those about evaluations are the same under another path: `client_evaluations`.
"""

from .wire_studies import Curve, Training

TRAININGS = "/v1/trainings"


class Studies:
    """One method per call, blocking, with the errors of `Client`; needs its `_json` and `_send`."""

    #: Where they are, what an answer becomes, and what a list of them is called.
    studies_at, told_as, list_name = TRAININGS, Training, "trainings"

    def create_training(self, description, feedback=None):
        """Describe a training (a dict as in the protocol); answers `Training` with wanted."""
        return self.told_as.of(self._json("POST", self.studies_at, description, feedback))

    def trainings(self, feedback=None):
        """Every `Training` that the engine knows, newest first."""
        answer = self._json("GET", self.studies_at, feedback=feedback)
        return [self.told_as.of(one) for one in answer.get(self.list_name) or ()]

    def training(self, training_id, feedback=None):
        """`Training` as it stands now."""
        return self.told_as.of(
            self._json("GET", f"{self.studies_at}/{training_id}", feedback=feedback)
        )

    def put_part(self, training_id, number, body, feedback=None):
        """Send part `number` of the zip; again is harmless."""
        where = f"{self.studies_at}/{training_id}/parts/{number}"
        self._send("PUT", where, body, "application/octet-stream", feedback=feedback)

    def start_training(self, training_id, feedback=None):
        """What waits for a yes begins; answers `Training`."""
        return self._about(training_id, "start", {}, feedback)

    def stop_training(self, training_id, when, feedback=None):
        """It stops, NOW or at the end of this EPOCH, with the best so far; answers `Training`."""
        return self._about(training_id, "stop", {"when": when}, feedback)

    def resume_training(self, training_id, feedback=None):
        """One that was cancelled or failed goes on; answers `Training`."""
        return self._about(training_id, "resume", {}, feedback)

    def cancel_training(self, training_id, feedback=None):
        """It stops and can be resumed; answers `Training`."""
        return self.told_as.of(
            self._json("DELETE", f"{self.studies_at}/{training_id}", feedback=feedback)
        )

    def forget_training(self, training_id, feedback=None):
        """The run is removed from the engine's disk; its model stays."""
        self._send("DELETE", f"{self.studies_at}/{training_id}?forget=true", feedback=feedback)

    def curve(self, training_id, after=0, feedback=None):
        """`Curve` from point number `after` on."""
        where = f"{self.studies_at}/{training_id}/curve?after={after}"
        return Curve.of(self._json("GET", where, feedback=feedback))

    def samples(self, training_id, look=None, feedback=None):
        """A PNG of validation chips after a look, else after the last. NotFound before one."""
        query = "" if look is None else f"?look={look}"
        where = f"{self.studies_at}/{training_id}/samples{query}"
        return self._send("GET", where, feedback=feedback).body

    def _about(self, training_id, what, content, feedback):
        where = f"{self.studies_at}/{training_id}/{what}"
        return self.told_as.of(self._json("POST", where, content, feedback))
