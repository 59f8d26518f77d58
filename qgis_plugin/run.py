# SPDX-License-Identifier: GPL-3.0-or-later
"""Run: from a layer's pixels to a file of polygons, without any window.

The story: start the engine, describe the job, then again and again send what is wanted, fetch
what is finished and look how far it is; at the end fetch the result. Every call may be repeated
without harm, so when a call fails the run looks where the job stands and goes on from there.
"""

import time
from dataclasses import dataclass, replace

from . import run_end
from .engine.engine import STOPPED
from .errors import Busy, NotFound, PluginError, Refused, Stopped, Unreachable
from .run_record import Record
from .run_upload import Uploader
from .settings import SERVER, Settings
from .wire import CANCELLED, DONE, FAILED
from .words import tr

#: Seconds between two looks at a job that wants nothing.
PAUSE = 0.25
#: How often in a row a call may fail before the run gives up, and the pause before each retry.
PATIENCE = (0.5, 2.0, 5.0)
#: How often an engine that died is started again in one run.
RESTARTS = 1
#: The engine's error for a raster in which nothing is valid.
NO_PIXELS = "NoPixelsError"


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    path: the result, or the polygons so far, or empty; message: for people; found: the line about
    the polygons in `path`, which took its time to add up.
    """

    path: str
    message: str
    cancelled: bool = False
    found: str = ""


class Run:
    """One run; `go` does it, in any one thread that is not the main thread of QGIS Desktop.

    feedback: a QgsRasterBlockFeedback, cancelled by whoever wants the run to stop. listener:
    gets progress_made(done, total, seconds_left, water), features_came(list), say(sentence).
    record: of the run that this one goes on with.
    """

    def __init__(self, request, engine, feedback, listener, record=None):
        self._request, self._engine = request, engine
        self._feedback, self._listener = feedback, listener
        self._record = record
        self._client = None
        self._uploader = None
        self._seen = 0  # the `after` of the next call of features
        self._water = 0
        self._lost = 0  # calls that failed in a row
        self._deaths = 0  # how often the engine on this computer died
        self._was_taken_up = False

    def go(self):
        """Everything; `Outcome`. Raises PluginError with a sentence; then the run can go on."""
        where = _engine_name()
        self._record = self._record or Record.of(self._request, where)
        self._record.begin()
        try:
            return self._go()
        except Stopped:
            return self._cancelled()
        except Exception as why:
            if self._record.job:
                self._record = self._record.changed(message=str(why))
            raise
        finally:
            self._record.end()
            if self._uploader is not None:
                self._uploader.close()

    def _go(self):
        self._listener.say(tr("Starting the engine…"))
        job = self._patiently(self._open)
        self._listener.say(self._at_work())
        while job.state != DONE:
            self._stop_if_cancelled()
            if job.state == FAILED:
                self._refuse_blank(job)
                raise Refused(job.message or tr("The engine gave up on the run."), job.error)
            if job.state == CANCELLED:
                job = self._patiently(self._take_up, job)
            job = self._patiently(self._step, job)
        self._refuse_blank(job)
        return self._finish(job)

    def _at_work(self):
        """What goes on while pixels travel, in a sentence."""
        return tr("Looking for water…")

    def _open(self):
        """Find the job that we go on with, or describe a new one."""
        self._client = self._engine.ensure_started(self._feedback)
        self._uploader = self._uploader or Uploader(self._request.pixels, self._feedback)
        job = None
        if self._record.job:
            try:
                job = self._client.resume(self._record.job, self._feedback)
            except NotFound:
                self._listener.say(
                    tr("The engine does not have this run any more; it starts anew.")
                )
        if job is None:
            # An order that was broken off leaves the engine a job that nobody knows.
            with run_end.lingering(self._feedback) as feedback:
                job = self._client.create_job(self._request.description(), feedback)
            self._record = self._record.changed(job=job.id, engine=_engine_name())
        self._uploader.begin(job)
        self._tell(job)
        return job

    def _take_up(self, job):
        """Go on with a job that somebody else cancelled: a late call of an earlier run. Once."""
        if self._was_taken_up:
            raise Stopped(tr("Cancelled."))
        self._client = self._client or self._engine.ensure_started(self._feedback)
        job = self._client.resume(job.id, self._feedback)
        self._was_taken_up = True
        return job

    def _step(self, job):
        """Send what is wanted, fetch what is new, look again."""
        if self._client is None:
            # The call before failed: the engine may have to be started again.
            self._client = self._engine.ensure_started(self._feedback)
            job = self._client.resume(job.id, self._feedback)
        sent = self._uploader.send(self._client, job)
        self._fetch_features(job)
        if not sent:
            self._wait(PAUSE)
        job = self._client.job(job.id, self._feedback)
        self._tell(job)
        self._lost = 0
        return job

    def _patiently(self, do, job=None):
        """Do a step; when the engine is out of reach, wait and let the next step look again."""
        while True:
            try:
                return do() if job is None else do(job)
            except Busy as why:
                self._listener.say(str(why))
                self._wait(why.retry_after)
            except Unreachable as why:
                self._stop_if_cancelled()
                if self._engine.state == STOPPED:
                    raise self._given_up(tr("The engine was stopped.")) from why
                self._deaths += bool(self._engine.obituary())
                if self._lost >= len(PATIENCE) or self._deaths > RESTARTS:
                    raise self._given_up(self._engine.obituary() or why) from why
                self._listener.say(tr("{why} Trying again…").format(why=why))
                self._wait(PATIENCE[self._lost])
                self._lost += 1
                self._client = None

    def _given_up(self, why):
        if not self._record.job:
            return Unreachable(str(why))
        return Unreachable(
            tr("{why} What is finished is kept: resume the run when it is back.").format(why=why)
        )

    def _tell(self, job):
        if job.total and job.done != self._record.done:
            self._record = self._record.changed(done=job.done, total=job.total)
        self._listener.progress_made(job.done, job.total, job.seconds_left, self._water)

    def _fetch_features(self, job):
        features, self._seen = self._client.features(job.id, self._seen, self._feedback)
        if features:
            self._water += len(features)
            self._listener.features_came(features)

    def _finish(self, job):
        """Fetch the result, forget the job, say what came of it."""
        self._fetch_features(job)
        self._tell(job)
        self._listener.say(tr("Writing the result…"))
        request = self._request
        for note in job.notes:
            self._listener.say(note)
        run_end.save(
            self._client, job.id, request, request.output, self._wait, feedback=self._feedback
        )
        self._forget(job.id)
        found = run_end.found_in(request.output)
        message = run_end.message(request, self._uploader.count, found)
        return Outcome(request.output, message, found=found)

    def _cancelled(self):
        """Stop the job, and keep the polygons so far if there are any."""
        if self._client is None or not self._record.job:
            return Outcome("", tr("Cancelled."), True)
        path = run_end.save_partial(self._client, self._record.job, self._request)
        said = tr("Cancelled. Resume the run to go on where it stopped.")
        return Outcome(path, said, True, run_end.found_in(path) if path else "")

    def _forget(self, job_id):
        try:
            self._client.forget(job_id, self._feedback)
        except PluginError as why:  # the result is ours already
            self._listener.say(str(why))
        self._record.discard()
        self._record = replace(self._record, job="")

    def _refuse_blank(self, job):
        """A layer that gave no picture at all is told as a failure, not as dry land."""
        pixels = self._request.pixels
        nothing = job.error == NO_PIXELS or (pixels.blank and pixels.blank == self._uploader.count)
        if pixels.remote and nothing:
            self._forget(self._record.job)
            raise run_end.blank_error(self._request)

    def _wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._stop_if_cancelled()
            time.sleep(min(0.05, seconds))

    def _stop_if_cancelled(self):
        if self._feedback.isCanceled():
            raise Stopped(tr("Cancelled."))


def _engine_name():
    settings = Settings.load()
    return settings.server_url if settings.mode == SERVER else "local"
