# SPDX-License-Identifier: GPL-3.0-or-later
"""FollowRun: looks how far a training is until it is over, and hands on what people order.

It can be left at any time: the training goes on without it.
"""

import threading
import time

from qgis.core import QgsFeedback

from .errors import NotFound, PluginError, Stopped
from .finetune_patience import TICK, Patient
from .wire_studies import EARLY, NOW
from .words import tr

#: Seconds between two looks at a training.
PAUSE = 0.7
#: Seconds that an engine has to stop a training that is given up.
SHORT_PATIENCE = 10

START, STOP, RESUME = "start", "stop", "resume"


class FollowRun(Patient):
    """`go` follows the training until it is over and gives it, as `Training`.

    listener: say(sentence), changed(Training), curve_grew(Curve), samples_came(bytes).
    """

    def __init__(self, training_id, engine, feedback, listener):
        super().__init__(engine, feedback, listener)
        self._id = training_id
        self._orders = []
        self._awake = threading.Event()
        self._after = 0  # of the next call of the curve
        self._looks = 0  # how many are in the curve
        self._shown = 0  # how many had been made when samples came last
        self._is_known = False

    def order(self, what, how=""):
        """From any thread: START, STOP (with NOW or EPOCH) or RESUME."""
        self._orders.append((what, how))
        self._awake.set()

    def go(self):
        """Everything. Raises PluginError with a sentence, Stopped when it was left."""
        while True:
            training = self._patiently(self._step)
            if training.is_over and not self._orders:
                return training
            self._rest(PAUSE)

    def give_up(self):
        """Stop the training soon after it was cancelled here; the `Training`, or None."""
        if self._client is None:
            return None
        deadline = QgsFeedback()
        timer = threading.Timer(SHORT_PATIENCE, deadline.cancel)
        timer.start()
        try:
            return self._stopped(deadline)
        except PluginError as why:
            self._listener.say(str(why))
            return None
        finally:
            timer.cancel()

    def _stopped(self, deadline):
        training = self._client.training(self._id, deadline)
        if training.state in EARLY:
            training = self._client.cancel_training(self._id, deadline)
            self._client.forget_training(self._id, deadline)
            return training
        if not training.is_over:
            training = self._client.stop_training(self._id, NOW, deadline)
        while not training.is_over:
            if deadline.isCanceled():
                raise Stopped(tr("Cancelled."))
            time.sleep(TICK)
            training = self._client.training(self._id, deadline)
        return training

    def _step(self):
        training = None
        if self._lost and self._deaths:
            # The engine died and was started again: what it was at goes on.
            training = self._client.resume_training(self._id, self._feedback)
        while self._orders:
            training = self._obey(*self._orders[0])
            self._orders.pop(0)
        if training is None:
            training = self._client.training(self._id, self._feedback)
        if training.points > self._after or training.looks > self._looks or not self._is_known:
            self._fetch_curve(training)
        self._listener.changed(training)
        if training.looked > self._shown:
            self._fetch_samples(training)
        return training

    def _obey(self, what, how):
        if what == START:
            return self._client.start_training(self._id, self._feedback)
        if what == RESUME:
            return self._client.resume_training(self._id, self._feedback)
        return self._client.stop_training(self._id, how, self._feedback)

    def _fetch_curve(self, training):
        while True:
            curve = self._client.curve(self._id, self._after, self._feedback)
            self._listener.curve_grew(curve)
            self._looks, self._is_known = len(curve.looks), True
            if curve.next <= self._after:
                return
            self._after = curve.next
            if self._after >= training.points:
                return

    def _fetch_samples(self, training):
        try:
            picture = self._client.samples(self._id, None, self._feedback)
        except NotFound:  # it is still being drawn
            return
        self._shown = training.looked
        self._listener.samples_came(picture)

    def _rest(self, seconds):
        """Wait until it is time, or something is ordered."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._awake.wait(TICK):
            self._stop_if_cancelled()
        self._awake.clear()
        self._stop_if_cancelled()
