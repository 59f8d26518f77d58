# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's environment: planned, shown, made and removed, and nothing else is touched."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from qgis.PyQt.QtCore import QLockFile
from test_tasks import Signals, done

from qgis_plugin.engine import complaints, diagnostics, install, installer
from qgis_plugin.engine.child import Child, output_of
from qgis_plugin.engine.environ import clean
from qgis_plugin.engine.plan import Plan, make_plan
from qgis_plugin.engine.pythons import candidates, interpreter, probe, python_of
from qgis_plugin.errors import InstallError, Stopped
from qgis_plugin.settings import Settings

PYTHON = "/usr/bin/python3"


class Quiet:
    """Hears an installer and remembers the lines."""

    def __init__(self):
        self.lines = []

    def begun(self, title, share):
        self.lines.append(title)

    def heard(self, line):
        self.lines.append(line)


def small_plan(folder, *second):
    """A plan whose first step makes a real environment, and whose second does `second`."""
    steps = (
        ("environment", ("-I", "-m", "venv", "--without-pip", str(folder))),
        ("second", ("-I", "-c", *(second or ("print('fine')",)))),
    )
    return Plan(folder=str(folder), python=PYTHON, steps=steps, wheel="waterseg_core-9.whl")


def test_a_plan_says_what_how_much_and_where(engine, tmp_path):
    settings = Settings(engine_folder=str(tmp_path / "new" / "engine"), device="cpu")
    plan = make_plan(settings)
    assert plan.folder == str(tmp_path / "new" / "engine")
    assert plan.torch == "cpu"
    assert plan.free_bytes > 0
    assert plan.download_bytes < plan.disk_bytes
    assert probe(plan.python).can_make_environments
    making, torch, rest = plan.commands
    assert "-m venv" in making
    assert "torch==" in torch
    assert "--constraint" in rest
    assert not (tmp_path / "new").exists(), "a plan changes nothing"


def test_an_offline_plan_downloads_nothing(engine, tmp_path):
    plan = make_plan(Settings(wheel_folder=str(tmp_path), engine_folder=str(tmp_path / "e")))
    assert plan.offline
    assert plan.download_bytes == 0
    assert all("--no-index" in line and str(tmp_path) in line for line in plan.commands[1:])
    assert not any("http" in line for line in plan.commands)


def test_qgis_itself_is_never_taken_for_a_python():
    assert sys.executable not in candidates() or os.path.basename(sys.executable) in (
        "python3",
        "python",
    )
    assert not [path for path in candidates() if "qgis" in os.path.basename(path).lower()]


def test_an_environment_is_made_marked_last_and_found(engine, tmp_path):
    folder, quiet = tmp_path / "engine", Quiet()
    plan = small_plan(folder)
    with pytest.raises(InstallError, match="waterseg_core"):
        # The last check runs the engine, which this small plan does not install.
        installer.Installer(plan, {}, lambda: False, quiet).go()
    assert "fine" in quiet.lines
    assert not folder.exists(), "what is not whole is not left behind"


def test_cancel_leaves_nothing_behind(engine, tmp_path):
    folder = tmp_path / "engine"
    plan = small_plan(folder, "import time; time.sleep(60)")
    began = []

    class Listener(Quiet):
        def begun(self, title, share):
            began.append(title)

    with pytest.raises(Stopped):
        installer.Installer(plan, {}, lambda: "second" in began, Listener()).go()
    assert not folder.exists()
    assert not (tmp_path / "engine.lock").exists()


def test_two_installations_of_one_folder_do_not_meet(engine, tmp_path):
    lock = QLockFile(str(tmp_path / "engine.lock"))
    assert lock.tryLock(0)
    with pytest.raises(InstallError, match="Another QGIS"):
        installer.Installer(small_plan(tmp_path / "engine"), {}, lambda: False, Quiet()).go()
    lock.unlock()


def test_a_folder_that_is_not_ours_is_never_removed(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    with pytest.raises(InstallError, match="not made by waterseg"):
        installer.remove(str(precious))
    with pytest.raises(InstallError, match="not made by waterseg"):
        installer.Installer(small_plan(precious), {}, lambda: False, Quiet()).go()
    assert (precious / "thesis.txt").read_text() == "years of work"


def test_remove_takes_all_of_it_and_the_choice(engine, tmp_path):
    folder = tmp_path / "engine"
    (folder / "bin").mkdir(parents=True)
    (folder / installer.OURS).touch()
    (folder / installer.WHOLE).write_text("{}")
    (folder / "bin" / "python").touch()
    settings = Settings(engine_folder=str(folder), python=python_of(str(folder)))
    settings.save()
    assert install.is_installed()
    assert interpreter(settings) == python_of(str(folder))
    task = install.RemoveTask(str(folder))
    signals = Signals(task, "finishedWith", "failedWith")
    done(task, signals)
    assert signals.named("finishedWith")
    assert not folder.exists()
    assert Settings.load().python == ""


def test_a_plan_with_a_problem_is_not_carried_out(engine, tmp_path):
    plan = replace(small_plan(tmp_path / "engine"), problem="There is not enough room.")
    task = install.InstallTask(plan)
    signals = Signals(task, "finishedWith", "failedWith")
    done(task, signals)
    assert signals.named("failedWith") == [["There is not enough room."]]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED", "certificate"),
        ("ProxyError('Cannot connect to proxy.'", "proxy"),
        ("[WinError 4551] An Application Control policy has blocked this file", "policy"),
        ("Failed to establish a new connection: [Errno -2] Name or service", "download"),
        ("ERROR: No matching distribution found for torch", "package"),
        ("something else", "something else"),
    ],
)
def test_what_pip_says_becomes_a_sentence(line, word):
    assert word in complaints.sentence_for(["Collecting torch", line], "python")


def test_a_password_of_a_proxy_is_not_in_the_log(engine, tmp_path):
    quiet = Quiet()
    secret = "http://me:hidden@proxy:3128"  # pragma: allowlist secret
    plan = small_plan(tmp_path / "e", "import os; print(os.environ['HTTPS_PROXY'])")
    with pytest.raises(InstallError):
        installer.Installer(plan, {"HTTPS_PROXY": secret}, lambda: False, quiet).go()
    assert "proxy:3128" in quiet.lines
    assert not [line for line in quiet.lines if "hidden" in line]


def test_the_engines_environment_is_without_qgis():
    variables = {
        "PYTHONHOME": "/q",
        "PYTHONPATH": "/q",
        "PROJ_LIB": "/q",
        "GDAL_DATA": "/q",
        "QT_PLUGIN_PATH": "/q",
        "LD_LIBRARY_PATH": "/q",
        "VIRTUAL_ENV": "/q",
        "HOME": "/home/me",
        "HTTPS_PROXY": "http://p",
        "CUDA_VISIBLE_DEVICES": "0",
        "SSL_CERT_FILE": "/apps/qgis/certs.pem",
        "REQUESTS_CA_BUNDLE": "/company.pem",
        "PATH": os.pathsep.join(["/apps/qgis/bin", "/usr/bin"]),
    }
    cleaned = clean(variables, "/apps/qgis")
    assert set(cleaned) == {
        "HOME",
        "HTTPS_PROXY",
        "CUDA_VISIBLE_DEVICES",
        "REQUESTS_CA_BUNDLE",
        "PATH",
        "PYTHONNOUSERSITE",
        "PYTHONSAFEPATH",
        "PYTHONUTF8",
    }
    assert cleaned["PATH"] == "/usr/bin"
    assert clean({"PATH": "/usr/bin"}, "/usr")["PATH"] == "/usr/bin"


@pytest.mark.timeout(2700)
@pytest.mark.skipif(
    not os.environ.get("WATERSEG_TEST_INSTALL"),
    reason="downloads half a gigabyte; set WATERSEG_TEST_INSTALL=1 to run it",
)
def test_the_zip_sets_up_an_engine_that_answers(engine, packaged, tmp_path, monkeypatch):
    from qgis_plugin.engine import plan

    monkeypatch.setattr(plan, "HERE", str(packaged / "waterseg" / "engine"))
    settings = Settings(engine_folder=str(tmp_path / "engine"), device="cpu")
    settings.save()
    task = install.InstallTask(make_plan(settings))
    signals = Signals(task, "finishedWith", "failedWith")
    done(task, signals, ("finishedWith", "failedWith"), seconds=2400)
    assert signals.named("finishedWith") == [[python_of(str(tmp_path / "engine"))]]
    assert install.is_installed()
    assert not install.is_outdated()
    assert engine.info().models
    assert engine._worker.python == python_of(str(tmp_path / "engine"))
    installer.remove(str(tmp_path / "engine"))


def test_a_child_is_heard_line_by_line_also_the_last_one(qgis_app):
    words = "import sys; print('one'); print('two', file=sys.stderr); print('three', end='')"
    code, lines = output_of(PYTHON, ["-I", "-c", words])
    assert code == 0
    assert sorted(lines) == ["one", "three", "two"]


def test_a_child_that_does_not_exist_is_told(qgis_app):
    with pytest.raises(OSError, match=r"."):
        Child("/nowhere/python", [], print, print)


def test_the_worker_ends_when_qgis_is_killed(core_python, tmp_path):
    """A QGIS that crashes leaves no engine behind."""
    script = (
        "import sys, os, time; sys.path.insert(0, sys.argv[1])\n"
        "from qgis.core import QgsApplication\n"
        "app = QgsApplication([], False); app.initQgis()\n"
        "from qgis_plugin.engine import the_engine\n"
        "engine = the_engine(); engine.ensure_started()\n"
        "print(engine._worker.announced['pid'], flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {
        **os.environ,
        "WATERSEG_PYTHON": core_python,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
    }
    qgis = subprocess.run(
        [PYTHON, "-c", script, root], env=environment, capture_output=True, text=True
    )
    pid = int(qgis.stdout.split()[-1])
    for _ in range(1200):
        if not os.path.exists(f"/proc/{pid}"):
            return
        subprocess.run(["sleep", "0.1"], check=True)
    raise AssertionError("the worker outlived QGIS")


def test_the_report_has_no_secrets_and_no_home(engine, auth_id):
    Settings(
        mode="server",
        server_url="https://me:hidden@gpu.example.org:1",
        auth_id=auth_id("s3cret-token-0123456789"),
    ).save()
    text = diagnostics.report()
    assert "gpu.example.org" in text
    for secret in ("hidden", "s3cret", os.path.expanduser("~") + os.sep):
        assert secret not in text


def test_an_environment_of_another_version_is_called_outdated(qgis_app, tmp_path, monkeypatch):
    from qgis_plugin.engine import install as installing

    python = tmp_path / "engine" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(PYTHON)
    mark = tmp_path / "engine" / installer.WHOLE
    monkeypatch.setattr(installing, "bundled_wheel", lambda: "/zip/waterseg_core-0.2.0.whl")
    settings = Settings(engine_folder=str(tmp_path / "engine"), python=str(python))
    mark.write_text('{"wheel": "waterseg_core-0.1.0.whl"}')
    assert installing.uses_outdated(settings)
    assert not installing.uses_outdated(Settings(**{**vars(settings), "mode": "server"}))
    assert not installing.uses_outdated(Settings(**{**vars(settings), "python": PYTHON}))
    mark.write_text('{"wheel": "waterseg_core-0.2.0.whl"}')
    assert not installing.uses_outdated(settings)
