# SPDX-License-Identifier: GPL-3.0-or-later
"""Client: the calls of docs/PROTOCOL.md, one method each. Blocking: never on the main thread.

How bytes travel is the business of a transport: `client_loopback.Loopback` to the engine on
this computer, `client_remote.Remote` to a server, on QGIS's own network stack.
"""

import json
import os

from .client_studies import Studies
from .errors import Busy, Denied, NotFound, Refused, Unreachable, WrongVersion
from .wire import PROTOCOL, Info, Job
from .words import tr

#: Seconds after which a busy server is asked again if it does not say when.
RETRY_AFTER = 1.0
#: A large result is fetched in parts of so many bytes.
PART_BYTES = 8 << 20


class Client(Studies):
    """Speaks to one engine. Every method raises `WireError`s, and `Stopped` when cancelled.

    transport: has `send(method, path, body=None, content_type="", encoding="", feedback=None)
    -> Reply` and `name`, what sentences call the engine.
    """

    def __init__(self, transport):
        self.transport = transport

    @property
    def name(self):
        """What sentences call the engine: "this computer" or the server's address."""
        return self.transport.name

    def close(self):
        """Close kept connections."""
        self.transport.close()

    def alive(self, feedback=None):
        """True if somebody answers; needs no token."""
        return bool(self._json("GET", "/v1/alive", feedback=feedback).get("alive"))

    def info(self, feedback=None):
        """`Info`; raises WrongVersion if the engine speaks another protocol."""
        info = Info.of(self._json("GET", "/v1/info", feedback=feedback))
        if info.protocol != PROTOCOL:
            raise WrongVersion(
                tr(
                    "{engine} runs waterseg {version}, which speaks protocol {theirs}; this "
                    "plugin speaks protocol {ours}. Update the older of the two."
                ).format(
                    engine=self.name,
                    version=info.version or "?",
                    theirs=info.protocol,
                    ours=PROTOCOL,
                )
            )
        return info

    def create_job(self, description, feedback=None):
        """Describe a job (a dict as in the protocol); answers `Job` with tiles and wanted."""
        return Job.of(self._json("POST", "/v1/jobs", description, feedback))

    def ask(self, path, content, feedback=None):
        """A question that is answered at once: a dict there, a dict back."""
        return self._json("POST", path, content, feedback)

    def ask_of_pixels(self, path, body, encoding="", feedback=None):
        """A question about pixels that is answered at once: bytes there, a dict back."""
        kind = "application/octet-stream"
        return self._answer(self._send("PUT", path, body, kind, encoding, feedback))

    def jobs(self, feedback=None):
        """Every `Job` that the engine knows, newest first."""
        return [Job.of(one) for one in self._json("GET", "/v1/jobs", feedback=feedback)["jobs"]]

    def job(self, job_id, feedback=None, tiles=False):
        """`Job` as it stands now; with its `tiles`, which never change, only if asked for."""
        query = "" if tiles else "?tiles=false"
        return Job.of(self._json("GET", f"/v1/jobs/{job_id}{query}", feedback=feedback))

    def put_overview(self, job_id, body, encoding="", feedback=None):
        """Send the thinned-out picture: bytes laid out like a tile."""
        self._put(f"/v1/jobs/{job_id}/overview", body, encoding, feedback)

    def put_tile(self, job_id, number, body, encoding="", feedback=None):
        """Send tile `number`: bands one after another; empty bytes for a tile without data."""
        self._put(f"/v1/jobs/{job_id}/tiles/{number}", body, encoding, feedback)

    def features(self, job_id, after=0, feedback=None):
        """(GeoJSON features finished since `after`, the `after` of the next call)."""
        answer = self._json("GET", f"/v1/jobs/{job_id}/features?after={after}", feedback=feedback)
        return answer.get("features", []), answer.get("next", after)

    def save_result(self, job_id, path, file_format="gpkg", feedback=None):
        """Write the result to `path`: whole or not at all. Raises OSError where it cannot."""
        reply = self._send(
            "GET", f"/v1/jobs/{job_id}/result?format={file_format}", feedback=feedback
        )
        part = f"{path}.part"
        try:
            with open(part, "wb") as file:
                file.write(reply.body)
            os.replace(part, path)
        finally:
            if os.path.exists(part):
                os.remove(part)

    def save_large(self, job_id, path, file_format, feedback=None):
        """As `save_result`, in parts: nothing large sits in memory, and no call takes long."""
        self.save_parts(f"/v1/jobs/{job_id}/result?format={file_format}", path, feedback)

    def save_parts(self, where, path, feedback=None):
        """Write what a route answers to `path`, part by part, whole or not at all."""
        part = f"{path}.part"
        done, total = 0, None
        try:
            with open(part, "wb") as file:
                while total is None or done < total:
                    wanted = (done, done + PART_BYTES - 1)
                    reply = self._send("GET", where, feedback=feedback, part=wanted)
                    file.write(reply.body)
                    done += len(reply.body)
                    total = done if reply.total is None else reply.total
            os.replace(part, path)
        finally:
            if os.path.exists(part):
                os.remove(part)

    def resume(self, job_id, feedback=None):
        """A cancelled or failed job goes on; answers `Job`."""
        return Job.of(self._json("POST", f"/v1/jobs/{job_id}/resume", feedback=feedback))

    def cancel(self, job_id, feedback=None):
        """The job stops; what is finished stays. Answers `Job`."""
        return Job.of(self._json("DELETE", f"/v1/jobs/{job_id}", feedback=feedback))

    def forget(self, job_id, feedback=None):
        """The job is removed from the engine's disk."""
        self._send("DELETE", f"/v1/jobs/{job_id}?forget=true", feedback=feedback)

    def _put(self, path, body, encoding, feedback):
        self._send("PUT", path, body, "application/octet-stream", encoding, feedback)

    def _json(self, method, path, content=None, feedback=None):
        body = None if content is None else json.dumps(content).encode("utf-8")
        kind = "" if content is None else "application/json"
        return self._answer(self._send(method, path, body, kind, feedback=feedback))

    def _answer(self, reply):
        try:
            answer = json.loads(reply.body.decode("utf-8"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unreachable(
                tr(
                    "{engine} answered something that waterseg does not understand. Is it a "
                    "waterseg server?"
                ).format(engine=self.name)
            )
        return answer

    def _send(
        self, method, path, body=None, content_type="", encoding="", feedback=None, part=None
    ):
        how = {} if part is None else {"part": part}
        reply = self.transport.send(method, path, body, content_type, encoding, feedback, **how)
        if not 200 <= reply.status < 300:
            raise self._error(reply)
        return reply

    def _error(self, reply):
        """The error that an answer stands for; the sentence is the server's own if it has one."""
        said = _said(reply.body)
        message = str(said.get("message") or "")
        if reply.status == 401 or (reply.status == 403 and not message):
            return Denied(
                tr(
                    "{engine} does not accept the token. Choose the right authentication in the "
                    "options of waterseg."
                ).format(engine=self.name)
            )
        if reply.status == 429:
            return Busy(
                message or tr("{engine} is busy.").format(engine=self.name),
                reply.retry_after or RETRY_AFTER,
            )
        if reply.status == 404 and said:
            return NotFound(message or tr("The engine does not have this run any more."))
        if not said:
            return Unreachable(
                tr(
                    "{engine} answered with HTTP status {status} and no word from waterseg. Check "
                    "the address of the server and what stands between."
                ).format(engine=self.name, status=reply.status)
            )
        if not message:
            said_status = tr("{engine} refused with HTTP status {status}.")
            message = said_status.format(engine=self.name, status=reply.status)
        return Refused(message, str(said.get("error", "")), reply.status)


def _said(body):
    """The error object in an answer; empty where there is none."""
    try:
        said = json.loads(body.decode("utf-8"))
    except ValueError:
        return {}
    return said if isinstance(said, dict) and ("error" in said or "message" in said) else {}
