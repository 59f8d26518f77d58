# SPDX-License-Identifier: GPL-3.0-or-later
"""One training at a time: sent, looked after, ordered about, and how it ends."""

from dataclasses import replace

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..finetune_follow import RESUME, START, STOP
from ..finetune_memory import Memory
from ..finetune_task import Follower, SendTask
from ..wire_studies import CANCELLED, DONE, EPOCH, FAILED, FINISHING, NOW, RUNNING
from ..wire_studies import READY as ASKS
from ..words import tr
from . import finetune_bar as bars
from .background import start
from .finetune_verdict import in_a_line
from .messages import log

DROP = "drop"


class OneTraining(QObject):
    """Tells the dock what the engine tells about a training. idle(): the form is shown again.

    ended(): a training that was looked after is over, and there may be a new model.
    """

    idle = pyqtSignal()
    ended = pyqtSignal()

    def __init__(self, dock, messages, asker, base_of):
        super().__init__(dock)
        self._dock, self._work, self._bar = dock, dock.work, dock.bar
        self._messages, self._asker, self._base_of = messages, asker, base_of
        self._task = self._follower = self._request = None
        self._stopping = ""
        self._was_going = False
        self.training = None
        self.can_compare = False

    @property
    def is_busy(self):
        """Whether a training is shown, going on or over."""
        return self._bar.state != bars.FORM

    @property
    def base(self):
        """The name of the model that the shown training started from."""
        options = Memory.load().options if self.training.id == Memory.load().id else {}
        return self.training.base or str(options.get("model") or "") or self._base_of(self.training)

    def send(self, request, training_id=""):
        """Begin with a `FinetuneRequest`, or go on with sending its set."""
        self._messages.clear()
        self._request, self.training = request, None
        self._show(request.name, _about(request.base, request.folder))
        self._bar.set_state(bars.SENDING)
        self._task = task = SendTask(request, training_id)
        task.said.connect(self._work.tell)
        task.sent.connect(self._work.show_sent)
        task.arrived.connect(self._on_arrived)
        task.cancelledWith.connect(self._on_cancelled)
        task.failedWith.connect(self._on_send_failed)
        start(task)

    def follow(self, training, *orders):
        """Look after a training of the engine from now on."""
        self._leave()
        self.training = training
        self._stopping, self._was_going = "", False
        memory = Memory.load()
        if memory.id != training.id:
            memory = Memory(training.id, name=training.name)
            memory.save()
        about = _about(training.base or str(memory.options.get("model") or ""), memory.folder)
        self._show(training.name, about)
        self._bar.set_state(bars.PREPARING)
        self._follower = follower = Follower(training.id, self)
        follower.said.connect(self._work.tell)
        follower.changed.connect(self._on_changed)
        follower.curveGrew.connect(self._work.add_curve)
        follower.samplesCame.connect(self._work.show_samples)
        follower.ended.connect(self._on_ended)
        follower.failedWith.connect(self._on_failed)
        follower.start(*orders)

    def press(self, name):
        """A button of the bar."""
        {
            "train": self._begin,
            "cancel": self.cancel,
            "stop_epoch": lambda: self._stop(EPOCH),
            "stop_now": lambda: self._stop(NOW),
            "resume": self.resume,
            "anew": self.dismiss,
        }[name]()

    def _begin(self):
        self._bar.pause("train")
        self._work.estimate.hide()
        self._work.tell(tr("Starting…"))
        self._follower.order(START)

    def _stop(self, when):
        self._stopping = when
        self._bar.set_state(bars.STOPPING)
        if when == NOW:
            self._bar.pause("stop_now")
        self._work.show_stopping(when)
        self._follower.order(STOP, when)

    def cancel(self):
        """Nothing is trained; back to the form at once."""
        if self._task is not None:
            self._task.cancel()  # which forgets what was sent
            self._forget_task()
        elif self.training is not None:
            self._drop(self.training.id)
        self._back()

    def resume(self):
        """Go on with what was stopped or cut off."""
        if self.training is not None and not self.training.wanted:
            self.follow(self.training, (RESUME, ""))
            return
        memory = Memory.load()
        request = self._request or memory.request()
        if request is None:
            self._broken(tr("Its training set is not known here. Begin a new training."))
        else:
            self.send(request, memory.id)

    def dismiss(self):
        """Back to the form; a training that did not get to its end is forgotten."""
        if self._bar.state == bars.BROKEN:
            self._drop(self.training.id if self.training is not None else Memory.load().id)
        self._back()

    def _drop(self, training_id):
        def drop(client, feedback):
            client.cancel_training(training_id, feedback)
            client.forget_training(training_id, feedback)

        self._asker.ask(DROP, training_id, drop)

    def _back(self):
        self._leave()
        replace(Memory.load(), dismissed=True).save()
        self.training = None
        self._bar.set_state(bars.FORM)
        self._dock.show_form()
        self.idle.emit()

    def _show(self, name, about):
        self._work.clear(name, about)
        self._work.tell(tr("Starting…"))
        self._dock.show_work()

    def _on_arrived(self, training):
        Memory.of(training.id, self._request).save()
        self._forget_task()
        self.follow(training)

    def _on_cancelled(self, _sentence):
        self._forget_task()
        self._back()

    def _on_send_failed(self, sentence):
        training_id = self._task.training_id
        self._forget_task()
        if training_id:
            Memory.of(training_id, self._request).save()
            self._broken(sentence)
            return
        # Nothing has begun: what was wrong is put right in the form.
        self._back()
        self._bar.set_ready(True, sentence)
        self._messages.problem(sentence)

    def _on_changed(self, training):
        self.training = training
        if training.wanted and not training.is_over:
            self._leave()
            self._broken(tr("The training set has not arrived yet: it was cut off on its way."))
            return
        self._was_going = self._was_going or not training.is_over
        self._work.show_training(training)
        if training.state in (RUNNING, FINISHING):
            ends = self._stopping or training.state == FINISHING
            self._bar.set_state_if_other(bars.STOPPING if ends else bars.RUNNING)
            self._work.show_stopping(self._stopping)
        elif training.state == ASKS:
            if self._bar.state != bars.READY:
                self._bar.set_state(bars.READY)
                self._dock.raise_if_shown()
        elif not training.is_over:
            self._bar.set_state_if_other(bars.PREPARING)

    def _on_ended(self, training):
        self.training = training
        self._leave()
        self._work.show_end(training, self.can_compare)
        self._bar.set_state(bars.DONE if training.state == DONE else bars.BROKEN)
        for line in (*training.notes, training.verdict):
            if line:
                log(line)
        if self._was_going:
            self._tell(training)
            self.ended.emit()

    def _tell(self, training):
        name = training.model or training.name
        if training.state == DONE:
            tell = self._messages.info if training.gained is False else self._messages.success
            tell(in_a_line(training))
        elif training.state == CANCELLED:
            self._messages.info(tr("The training of {name} is stopped.").format(name=name))
        elif training.state == FAILED:
            self._messages.problem(training.message or tr("The training failed"))

    def _on_failed(self, sentence):
        self._leave()
        self._broken(sentence)

    def _broken(self, sentence):
        self._work.show_problem(sentence)
        self._bar.set_state(bars.BROKEN)
        self._messages.problem(sentence)

    def _forget_task(self):
        task, self._task = self._task, None
        if task is not None:
            for signal in (
                task.said,
                task.sent,
                task.arrived,
                task.cancelledWith,
                task.failedWith,
            ):
                signal.disconnect()

    def _leave(self):
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.leave()
            follower.deleteLater()

    def take_down(self):
        """Look away; what goes on on a server goes on."""
        if self._task is not None:
            self._task.cancel()
            self._forget_task()
        self._leave()
        Follower.wait_for_all()


def _about(base, folder):
    """From which model, on which set."""
    name = folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if base and name:
        return tr("From {base}, with the set {name}").format(base=base, name=name)
    return tr("From {base}").format(base=base) if base else name
