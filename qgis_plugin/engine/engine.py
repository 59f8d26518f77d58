# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine: the one place that knows who answers, this computer or a server, and starts it."""

import atexit
import threading

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..client import Client
from ..client_remote import Remote, know_qgis
from ..errors import EngineError, SettingsError
from ..settings import SERVER, Settings
from ..words import tr
from .pythons import interpreter
from .worker import Worker

LOG = "waterseg"
STOPPED, STARTING, READY, BROKEN = "stopped", "starting", "ready", "broken"


class Engine(QObject):
    """What answers the plugin's calls. Methods may be called from any thread.

    stateChanged(state) and logged(line) are told on the main thread. A server that the user
    set up is never started or stopped: for it the state only says whether it answered.
    """

    stateChanged = pyqtSignal(str)
    logged = pyqtSignal(str)

    def __init__(self):
        super().__init__()
        know_qgis()
        self._lock = threading.RLock()
        self._state = STOPPED
        self._worker = None
        self._client = None
        self._for = None  # the key of the settings that client and worker belong to
        self._info = None
        self.logged.connect(_to_log)

    @property
    def state(self):
        """STOPPED, STARTING, READY or BROKEN."""
        return self._state

    @property
    def last_words(self):
        """The last lines that the worker wrote, oldest first."""
        worker = self._worker
        return list(worker.last_words) if worker else []

    def is_set_up(self):
        """Whether there is something to start or to ask; quick."""
        settings = Settings.load()
        if settings.mode == SERVER:
            return bool(settings.server_url)
        return interpreter(settings) is not None

    def ensure_started(self, feedback=None):
        """A `Client` of what the user set up; started if need be.

        Blocks for seconds: not on the main thread of QGIS Desktop. Raises SettingsError,
        EngineError, WireError, and Stopped if `feedback` is cancelled.
        """
        with self._lock:
            settings = Settings.load()
            if self._is_ready_for(settings):
                return self._client
            self._end_worker()
            self._set(STARTING)
            try:
                self._client = self._connect(settings, feedback)
                self._info = self._client.info(feedback)
            except Exception as why:
                stopped = self._state == STOPPED
                self._end_worker()
                if stopped:
                    raise EngineError(tr("The engine was stopped.")) from why
                self._set(BROKEN)
                raise
            self._for = _key(settings)
            self._set(READY)
            return self._client

    def info(self, feedback=None):
        """`Info` of what answers, asked anew; starts it if need be. Blocks."""
        client = self.ensure_started(feedback)
        self._info = client.info(feedback)
        return self._info

    @property
    def known_info(self):
        """The `Info` asked last, or None; quick."""
        return self._info

    def stop(self, wait=False):
        """End the worker, if we started one; the next call starts another.

        It ends soon after, or before this returns if we `wait`, which takes tenths of a second.
        A start that goes on in another thread is broken off.
        """
        worker, self._for = self._worker, None
        self._set(STOPPED)
        if worker is not None:
            worker.stop() if wait else worker.ask_to_stop()

    def obituary(self):
        """Why the worker ended, in one sentence; empty where it did not end by itself."""
        worker = self._worker
        return worker.obituary() if worker is not None and not worker.is_running else ""

    def _connect(self, settings, feedback):
        if settings.mode == SERVER:
            if not settings.server_url:
                raise SettingsError(
                    tr("There is no server yet: give its address in the options of waterseg.")
                )
            return Client(Remote(settings.server_url, settings.auth_id))
        python = interpreter(settings)
        if python is None:
            raise SettingsError(
                tr(
                    "waterseg has no engine on this computer yet. Set it up, or connect to a "
                    "server, in the options of waterseg."
                )
            )
        self.logged.emit(tr("Starting the engine with {python}").format(python=python))
        self._worker = Worker(python, settings.worker_options, self.logged.emit, self._worker_gone)
        return Client(self._worker.transport(feedback))

    def _is_ready_for(self, settings):
        if self._client is None or self._for is None:
            return False
        if _key(settings) != self._for:
            return False
        return settings.mode == SERVER or (self._worker is not None and self._worker.is_running)

    def _end_worker(self):
        worker, client = self._worker, self._client
        self._worker = self._client = self._for = None
        if client is not None:
            client.close()
        if worker is not None:
            worker.stop()

    def _worker_gone(self):
        """In the worker's thread: told when its process has ended."""
        worker = self._worker
        if worker is not None and self._state == READY:
            self.logged.emit(worker.obituary())
            self._set(BROKEN)

    def _set(self, state):
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)


def _key(settings):
    """What makes another engine of it."""
    if settings.mode == SERVER:
        return settings.mode, settings.server_url, settings.auth_id
    return settings.mode, interpreter(settings), *settings.worker_options


def _to_log(line):
    QgsMessageLog.logMessage(line, LOG, Qgis.MessageLevel.Info, False)


_engine = []
_making = threading.Lock()


def the_engine():
    """The one engine of this QGIS; made at the first call, ended with QGIS."""
    with _making:
        if not _engine:
            made = Engine()
            made.moveToThread(QgsApplication.instance().thread())
            atexit.register(made.stop, wait=True)
            _engine.append(made)
        return _engine[0]
