# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error that the plugin raises on purpose: its text is a sentence for the user.

PluginError
  SettingsError        something has to be set up first
  LayerError           a layer's pixels cannot be used
  EngineError          the engine on this computer does not start, or died
  InstallError         the engine's Python environment cannot be made
  WireError            a call to the engine failed
    Unreachable        no answer, half an answer or a late one; the call may be repeated
    Denied             the token is wrong or missing, or a proxy's password
    WrongVersion       the server speaks another protocol
    Busy               the server's queue is full (`retry_after`, seconds)
    NotFound           there is no such job any more
    Refused            the server says what is wrong (`error`, `status`)
  Stopped              the user cancelled; what is done is kept
"""


class PluginError(Exception):
    """Root of the tree; its text is shown to the user as it is."""


class SettingsError(PluginError):
    """Something has to be set up first."""


class LayerError(PluginError):
    """A layer's pixels cannot be used."""


class EngineError(PluginError):
    """The engine on this computer does not start, or died."""


class InstallError(PluginError):
    """The engine's Python environment cannot be made."""


class WireError(PluginError):
    """A call to the engine failed."""


class Unreachable(WireError):
    """No answer, half an answer or a late one. The same call may be repeated."""


class Denied(WireError):
    """The token is wrong or missing, or a proxy's password. The same call is not repeated."""


class WrongVersion(WireError):
    """The server speaks another protocol."""


class Busy(WireError):
    """The server's queue is full; ask again after `retry_after` seconds."""

    def __init__(self, message, retry_after):
        super().__init__(message)
        self.retry_after = retry_after


class NotFound(WireError):
    """There is no such job any more."""


class Refused(WireError):
    """The server says what is wrong: `error` is its class, `status` the HTTP status."""

    def __init__(self, message, error="", status=0):
        super().__init__(message)
        self.error = error
        self.status = status


class Stopped(PluginError):
    """The user cancelled; what is done is kept."""
