# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind a company's proxy and certificates: what works in QGIS works for waterseg too.

Real pip in a real environment, a real proxy and real HTTPS. What PyTorch's index and PyPI are is
told by the proxy alone, and both are on this computer.
"""

import os
import re
import subprocess
from dataclasses import replace
from urllib.parse import quote

import pytest
from proxies import ForwardProxy, Front, Shelf, SocksProxy, make_authority, write_wheel
from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtNetwork import QSslCertificate
from servers import LiveServer
from test_tasks import ENDS, Signals, done

from qgis_plugin.client import Client
from qgis_plugin.client_remote import Remote
from qgis_plugin.engine import diagnostics, install
from qgis_plugin.engine import plan as planning
from qgis_plugin.engine.network import network_variables, without_secrets
from qgis_plugin.errors import NotFound, Unreachable
from qgis_plugin.request import SegmentRequest
from qgis_plugin.settings import Settings
from qgis_plugin.tasks import InfoTask, SegmentTask

TORCH, PYPI, SERVER = "download.pytorch.org", "pypi.org", "gpu.test"
#: As people choose them.
LOGIN = ("anna@firm", "p@:/s% ä?#")
OURS = ("PIP_", "SSL_CERT_")
#: An engine that starts if all that it needs was installed.
ENGINE = {
    "waterseg_core/__init__.py": "",
    "waterseg_core/cli/__init__.py": "",
    "waterseg_core/cli/main.py": "import torch, waterseg_tiny\ndef main(): print('all is there')\n",
}


@pytest.fixture(scope="module")
def made_authority(core_python, tmp_path_factory):
    """A function that makes an authority; skips where the core's environment cannot."""

    def make():
        hosts = (TORCH, PYPI, SERVER, "localhost")
        try:
            return make_authority(core_python, tmp_path_factory.mktemp("authority"), hosts)
        except subprocess.CalledProcessError:
            pytest.skip("the core's environment has no trustme (it is in the extra test)")

    return make


@pytest.fixture(scope="module")
def company(made_authority):
    """The company's authority, and the certificate with which it stands in for everybody."""
    return made_authority()


@pytest.fixture(scope="module")
def stranger(made_authority):
    """The certificate of an authority that has signed nothing here."""
    return made_authority()[0]


@pytest.fixture(scope="module")
def index(company, tmp_path_factory):
    """The port of both indexes of packages, over HTTPS: tiny ones of the names that we want."""
    folder = tmp_path_factory.mktemp("wheels")
    shelf = Shelf(tmp_path_factory.mktemp("index"))
    shelf.put(write_wheel(folder, "torch", "2.13.0", {"torch/__init__.py": ""}), "whl/cpu")
    shelf.put(write_wheel(folder, "torch", "2.12.0", {"torch/__init__.py": ""}), "whl/old")
    shelf.put(write_wheel(folder, "waterseg_tiny", "1.0", {"waterseg_tiny.py": ""}))
    front = Front(shelf.port, company[1])
    yield front.port
    front.close()
    shelf.close()


@pytest.fixture(scope="module")
def full_plan(qgis_app, tmp_path_factory):
    """A function that gives the real plan for a folder, with a tiny engine."""
    plugin = tmp_path_factory.mktemp("plugin")
    write_wheel(plugin, "waterseg_core", "0.0.1", ENGINE, ["waterseg-tiny"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "HERE", str(plugin))
        yield lambda folder: planning.make_plan(Settings(engine_folder=str(folder), device="cpu"))


@pytest.fixture(scope="module")
def quick_plan(full_plan, tmp_path_factory):
    """As `full_plan`, but the environment is copied from one that was made once: it takes long."""
    made = tmp_path_factory.mktemp("environment") / "made"
    plan = full_plan(made)
    subprocess.run([plan.python, *plan.steps[0][1]], check=True)
    copy = f"import shutil; shutil.copytree({str(made)!r}, %r, symlinks=True, dirs_exist_ok=True)"

    def planned(folder):
        first = ("environment", ("-I", "-c", copy % str(folder)))
        return replace(plan, folder=str(folder), steps=(first, *plan.steps[1:]))

    return planned


@pytest.fixture(autouse=True)
def _only_what_qgis_says(monkeypatch, tmp_path):
    """Neither who runs the tests nor an earlier test has a say in how pip goes out."""
    for name in list(os.environ):
        if name.startswith(OURS) or name.upper().endswith(("_PROXY", "_CA_BUNDLE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_RETRIES", "1")


@pytest.fixture
def proxies(index):
    """Makes proxies that lead to the indexes, or elsewhere."""
    made = []

    def make(login=None, leads=None, **how):
        made.append(ForwardProxy(leads or {TORCH: index, PYPI: index}, login, **how))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@pytest.fixture
def way_out(engine):
    """Sets QGIS's proxy, as its options do; without one again at the end."""
    store = QgsSettings()

    def choose(port=0, login=("", ""), kind="HttpProxy", **more):
        chosen = {"Enabled": True, "Type": kind, "Host": "127.0.0.1", "Port": str(port)}
        chosen.update(User=login[0], Password=login[1])
        for name, value in chosen.items():
            store.setValue(f"proxy/proxy{name}", value)
        for name, value in more.items():
            store.setValue(f"proxy/{name}", value)
        QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()

    yield choose
    store.remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


@pytest.fixture
def trust():
    """Adds an authority to QGIS, as its options do; it is gone again at the end."""
    manager, added = QgsApplication.authManager(), []

    def add(path):
        (certificate,) = QSslCertificate.fromPath(str(path))
        assert manager.storeCertAuthority(certificate)
        assert manager.initSslCaches()
        added.append(certificate)

    yield add
    for certificate in added:
        assert manager.removeCertAuthority(certificate)
    manager.initSslCaches()


def set_up(plan):
    """(the failure, or empty if it went well; all that is said anywhere)."""
    told = []
    log = QgsApplication.messageLog().messageReceived
    log.connect(lambda *words: told.append(" ".join(map(str, words))))
    task = install.InstallTask(plan)
    signals = Signals(task, "finishedWith", "failedWith", "logged", "step")
    done(task, signals)
    log.disconnect()
    told += [" ".join(map(str, words)) for _, *words in signals.told]
    failures = [sentence for (sentence,) in signals.named("failedWith")]
    return "".join(failures), "\n".join([*told, diagnostics.report()])


def asked(settings):
    """What comes of asking a server: ("answered", Info) or ("failedWith", sentence).

    In a task, as the plugin asks. QGIS asks its main thread what to think of a certificate or of
    a password that is not accepted, and a call that waits on that very thread may never end.
    """
    task = InfoTask(settings)
    signals = Signals(task, "answered", "failedWith")
    done(task, signals, ("answered", "failedWith"))
    return signals.told[0]


def has_none_of(login, text):
    return not [word for word in login for form in (word, quote(word, safe="")) if form in text]


def test_an_engine_is_set_up_through_the_proxy_and_with_the_certificates_of_qgis(
    full_plan, proxies, way_out, trust, company, tmp_path
):
    proxy = proxies(LOGIN)
    way_out(proxy.port, LOGIN)
    trust(company[0])
    failure, said = set_up(full_plan(tmp_path / "engine"))
    assert failure == ""
    assert "all is there" in said
    assert proxy.went == [TORCH, PYPI]
    assert proxy.refused == 0
    assert has_none_of(LOGIN, said)


def test_the_file_with_certificates_is_gone_after_the_installation(
    quick_plan, way_out, trust, company, tmp_path
):
    trust(company[0])
    task = install.InstallTask(replace(quick_plan(tmp_path / "e"), problem="No room."))
    file = task._variables["PIP_CERT"]
    assert os.path.isfile(file)
    done(task, Signals(task, "failedWith"), ["failedWith"])
    assert not os.path.exists(file)


@pytest.mark.parametrize("login", [(LOGIN[0], "not@this:ö"), ("", "")])
def test_a_wrong_password_of_the_proxy_is_told_and_shown_nowhere(
    quick_plan, proxies, way_out, trust, company, tmp_path, login
):
    proxy = proxies(LOGIN)
    way_out(proxy.port, login)
    trust(company[0])
    failure, said = set_up(quick_plan(tmp_path / "engine"))
    assert failure.startswith("The proxy does not accept the user and the password")
    assert proxy.refused > 0
    assert not (tmp_path / "engine").exists()
    assert has_none_of([word for word in login if word], said)


def test_without_the_companys_certificate_that_is_what_is_wanted(
    quick_plan, proxies, way_out, tmp_path
):
    way_out(proxies().port)
    failure, _ = set_up(quick_plan(tmp_path / "engine"))
    assert failure.startswith("The download is not trusted")


@pytest.mark.parametrize(
    ("name", "by_qgis"),
    [("PIP_CERT", True), ("PIP_CERT", False), ("REQUESTS_CA_BUNDLE", True)],
)
def test_certificates_of_qgis_and_those_that_the_user_named_for_pip_both_count(
    quick_plan, proxies, way_out, trust, company, stranger, tmp_path, monkeypatch, name, by_qgis
):
    way_out(proxies().port)
    trust(company[0] if by_qgis else stranger)
    monkeypatch.setenv(name, str(stranger if by_qgis else company[0]))
    assert set_up(quick_plan(tmp_path / "engine"))[0] == ""


def test_addresses_without_proxy_are_reached_without(
    quick_plan, proxies, way_out, trust, index, company, tmp_path, monkeypatch
):
    proxy = proxies()
    monkeypatch.setenv("PIP_INDEX_URL", f"https://localhost:{index}/simple")
    way_out(proxy.port, noProxyUrls=["https://intern.test", f"https://localhost:{index}/simple"])
    trust(company[0])
    assert set_up(quick_plan(tmp_path / "engine"))[0] == ""
    assert proxy.went == [TORCH]


def test_the_proxy_of_qgis_comes_before_those_of_the_environment(
    quick_plan, proxies, way_out, trust, company, tmp_path, monkeypatch
):
    proxy, other = proxies(), proxies()
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other.port}")
    way_out(proxy.port)
    trust(company[0])
    assert set_up(quick_plan(tmp_path / "engine"))[0] == ""
    assert (proxy.went, other.went) == ([TORCH, PYPI], [])


@pytest.mark.parametrize("name", ["https_proxy", "http_proxy", "all_proxy"])
def test_the_proxy_of_the_system_is_used_where_qgis_uses_it(
    quick_plan, proxies, way_out, trust, company, tmp_path, monkeypatch, name
):
    proxy = proxies(("anna", "secret"))
    monkeypatch.setenv(name, f"http://anna:secret@127.0.0.1:{proxy.port}")
    way_out(kind="DefaultProxy")
    trust(company[0])
    failure, said = set_up(quick_plan(tmp_path / "engine"))
    assert failure == ""
    assert proxy.went == [TORCH, PYPI]
    assert "secret" not in said


def test_a_login_from_an_authentication_of_qgis_is_used(
    quick_plan, proxies, way_out, trust, company, auth_id, tmp_path
):
    proxy = proxies(("waterseg", LOGIN[1]))
    way_out(proxy.port, authcfg=auth_id(LOGIN[1]))
    trust(company[0])
    failure, said = set_up(quick_plan(tmp_path / "engine"))
    assert failure == ""
    assert proxy.went == [TORCH, PYPI]
    assert has_none_of(LOGIN[1:], said)


def test_a_password_in_letters_beyond_latin_1_reaches_the_proxy(
    quick_plan, proxies, way_out, trust, company, tmp_path
):
    login = ("łukasz", "5€ ä")
    proxy = proxies(login)
    way_out(proxy.port, login)
    trust(company[0])
    failure, said = set_up(quick_plan(tmp_path / "engine"))
    assert failure == ""
    assert has_none_of(login, said)


@pytest.mark.parametrize(
    ("how", "kind", "sentence"),
    [
        ({"forbidden": [TORCH]}, "HttpProxy", rf"The proxy forbids the download.*{TORCH}"),
        ({"leads": {PYPI: 9}}, "HttpProxy", r"The proxy does not let the download through\."),
        ({}, "Socks5Proxy", r"pip cannot go through a SOCKS5 proxy\."),
    ],
)
def test_a_proxy_that_stands_in_the_way_is_told(
    quick_plan, proxies, way_out, trust, company, tmp_path, how, kind, sentence
):
    way_out(proxies(**how).port, kind=kind)
    trust(company[0])
    assert re.match(sentence, set_up(quick_plan(tmp_path / "engine"))[0])


def test_a_proxy_that_is_not_there_is_told(quick_plan, proxies, way_out, tmp_path):
    proxy = proxies()
    proxy.close()
    way_out(proxy.port)
    failure, _ = set_up(quick_plan(tmp_path / "engine"))
    assert "proxy" in failure  # pip itself says so up to some version before 26


def test_a_library_that_its_index_does_not_have_is_told(
    quick_plan, proxies, way_out, trust, company, tmp_path
):
    way_out(proxies().port)
    trust(company[0])
    plan = quick_plan(tmp_path / "engine")
    title, arguments = plan.steps[1]
    older = tuple(part.replace("/cpu", "/old") for part in arguments)
    failure, _ = set_up(replace(plan, steps=(plan.steps[0], (title, older))))
    assert failure.startswith("There is no package of PyTorch")


@pytest.mark.parametrize(
    ("host", "address"), [("::1", "http://[::1]:3128"), ("proxy.test", "http://proxy.test:3128")]
)
def test_a_proxy_is_named_as_an_address_is_spelt(way_out, host, address):
    way_out(3128, proxyHost=host)
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    assert network_variables()["HTTPS_PROXY"] == address


def test_neither_a_login_nor_its_spelling_in_an_address_is_shown():
    variables = {"HTTPS_PROXY": "http://an%40na:p%3Aw@proxy:3128", "NO_PROXY": ""}
    line = "http://an%40na:p%3Aw@proxy:3128 an%40na:p%3Aw an@na:p:w (p%3Aw) (p:w)"
    assert without_secrets(line, variables) == "proxy:3128 **** **** (****) (****)"


@pytest.fixture(scope="module")
def company_server(core_python, company, tmp_path_factory):
    """(port for HTTP, port for HTTPS, token) of one waterseg server."""
    server = LiveServer(core_python, tmp_path_factory.mktemp("server"))
    server.start()
    front = Front(server.port, company[1])
    yield server.port, front.port, server.token
    front.close()
    server.stop()


@pytest.mark.parametrize("scheme", ["http", "https"])
class TestAServerBehindTheProxy:
    @pytest.fixture
    def proxy(self, company_server, proxies, scheme):
        plain, safe, _ = company_server
        return proxies(LOGIN, {SERVER: plain if scheme == "http" else safe})

    @pytest.fixture
    def server_settings(self, company_server, auth_id, trust, company, scheme):
        trust(company[0])
        url, token = f"{scheme}://{SERVER}", company_server[2]
        return Settings(mode="server", server_url=url, auth_id=auth_id(token))

    @pytest.fixture
    def far(self, server_settings):
        return Client(Remote(server_settings.server_url, server_settings.auth_id))

    def test_is_reached(self, far, proxy, way_out):
        way_out(proxy.port, LOGIN)
        assert far.info().models
        with pytest.raises(NotFound):
            far.cancel("none")
        assert set(proxy.went) == {SERVER}

    def test_finds_water(self, far, proxy, way_out, server_settings, lake_layer, tmp_path):
        way_out(proxy.port, LOGIN)
        server_settings.save()
        task = SegmentTask(SegmentRequest.of(lake_layer, str(tmp_path / "w.gpkg")))
        signals = Signals(task, *ENDS)
        done(task, signals)
        assert signals.named("finishedWith")

    def test_is_reached_as_soon_as_the_password_is_right(self, proxy, way_out, server_settings):
        for login, end in (("anna", "hunter2"), "failedWith"), (LOGIN, "answered"):
            way_out(proxy.port, login)
            # QGIS does it in a thread that it has, which knows the proxy that it began with.
            assert asked(server_settings)[0] == end

    def test_is_reached_through_a_socks_proxy(self, far, company_server, way_out, scheme):
        plain, safe, _ = company_server
        proxy = SocksProxy({SERVER: plain if scheme == "http" else safe})
        way_out(proxy.port, kind="Socks5Proxy")
        assert far.info().models
        assert set(proxy.went) == {SERVER}
        proxy.close()

    def test_is_not_asked_again_with_a_wrong_password(self, proxy, way_out, server_settings):
        way_out(proxy.port, ("anna", "hunter2"))
        name, sentence = asked(server_settings)
        assert name == "failedWith"
        assert f"The proxy 127.0.0.1:{proxy.port} does not accept the user" in sentence
        assert "hunter2" not in sentence
        assert proxy.went == []

    def test_is_told_with_the_proxy_that_is_not_there(self, far, proxy, way_out):
        way_out(proxy.port, LOGIN)
        proxy.close()
        with pytest.raises(Unreachable, match=rf"through the proxy 127\.0\.0\.1:{proxy.port}: .*"):
            far.info()

    def test_is_told_without_a_proxy_that_is_not_used(self, far, proxy, way_out, scheme):
        way_out(proxy.port, LOGIN, noProxyUrls=[f"{scheme}://{SERVER}"])
        with pytest.raises(Unreachable, match=r"gpu\.test cannot be reached: [^:]*$"):
            far.info()
        assert proxy.went == []


def test_a_server_with_a_certificate_that_nobody_knows_is_not_trusted(company_server, auth_id):
    _, safe, token = company_server
    server = f"https://localhost:{safe}"
    name, sentence = asked(Settings(mode="server", server_url=server, auth_id=auth_id(token)))
    assert name == "failedWith"
    assert re.search(r"is not trusted: .*Authentication", sentence)


def test_the_engine_on_this_computer_is_never_asked_through_a_proxy(
    engine, proxies, way_out, monkeypatch
):
    proxy = proxies()
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    way_out(proxy.port)
    engine.stop(wait=True)
    assert engine.info().models
    assert (proxy.went, proxy.refused) == ([], 0)
