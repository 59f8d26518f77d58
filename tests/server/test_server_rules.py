# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for every call: token, limits, and a sentence for every mistake."""

from __future__ import annotations

import io
import re
import socket
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from live import TOKEN, Client, Live, Raster, table
from PIL import Image
from pixelwise import lakes

from waterseg_core import errors
from waterseg_core.errors import WatersegError
from waterseg_core.jobs import Limits
from waterseg_core.server.statuses import STATUSES, status_of

MakeRaster = Callable[..., Path]
HEIGHT, WIDTH = 90, 130
WORDS: dict[str, Any] = {
    "name": "lake",
    "source": "lake.tif",
    "height": HEIGHT,
    "width": WIDTH,
    "georef": {"transform": [10, 0, 500_000, 0, -10, 5_000_000], "crs": "EPSG:32633"},
    "pixels": {"dtype": "uint8", "bands": 3},
    "options": {"min_area": 0},
}
BYTES = HEIGHT * WIDTH * 3


def words(**changes: Any) -> dict[str, Any]:
    """A description with some of it changed; `pixels__dtype` reaches inside."""
    made: dict[str, Any] = {k: dict(v) if isinstance(v, dict) else v for k, v in WORDS.items()}
    for name, value in changes.items():
        outer, _, inner = name.partition("__")
        if inner:
            made[outer][inner] = value
        else:
            made[outer] = value
    return made


@pytest.fixture
def live(serve: Any) -> Live:
    found: Live = serve()
    return found


@pytest.fixture
def client(live: Live) -> Client:
    return live.client


def told(reply: httpx.Response, status: int, error: str) -> str:
    """The sentence of an answer that tells this error."""
    assert reply.status_code == status, reply.text
    answer = reply.json()
    assert set(answer) == {"error", "message"}
    assert answer["error"] == error
    assert re.search(r"[.)]$", answer["message"]), answer
    message: str = answer["message"]
    return message


def routes(live: Live) -> Iterator[tuple[str, str]]:
    document = live.client.http.get("/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            yield method.upper(), path.format(id="0" * 32, n=0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
    ],
    ids=["none", "longer", "shorter", "empty", "basic", "bare"],
)
def test_every_route_but_alive_wants_the_token(live: Live, headers: dict[str, str]) -> None:
    asked = [*routes(live), ("GET", "/v1/openapi.json"), ("GET", "/docs"), ("GET", "/")]
    assert len(asked) > 10
    with httpx.Client(base_url=live.server.url, headers=headers) as stranger:
        for method, path in asked:
            reply = stranger.request(method, path)
            if path == "/v1/alive":
                assert reply.json() == {"alive": True}
            else:
                told(reply, 401, "Unauthorized")
                assert reply.headers["www-authenticate"] == "Bearer"


def test_the_token_of_a_letter_beyond_ascii_is_refused_like_any_other(live: Live) -> None:
    with socket.create_connection(("127.0.0.1", live.server.port)) as raw:
        raw.sendall(b"GET /v1/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")
        assert b" 401 " in raw.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"height": 0}, "OptionError", "height"),
        ({"pixels__dtype": "complex64"}, "OptionError", "pixels.dtype"),
        ({"pixels__bands": 4}, "OptionError", "pixels.bands"),
        ({"pixels__nodata": "black"}, "OptionError", "pixels.nodata"),
        ({"georef__transform": [1, 2, 3]}, "OptionError", "georef.transform"),
        ({"georef__transform": [1, 0, 0, 1, 0, 0]}, "GeoreferenceError", "area 0"),
        ({"georef__crs": "EPSG:0"}, "GeoreferenceError", "georef.crs"),
        ({"kind": "finetune"}, "OptionError", "kind"),
        ({"options__model": "../secret"}, "OptionError", "offers nano"),
        ({"options__aoi": "/etc/passwd"}, "OptionError", "options.aoi"),
        ({"options__codec": "/etc/passwd"}, "OptionError", "options.codec"),
        ({"options__threshold": 2}, "OptionError", "--threshold 2"),
        ({"options__bbox": [0, 0, 1, 1]}, "AreaError", "bbox"),
        ({"options__resolution": 3}, "OptionError", "resolution"),
        ({"options__nodata": "1.5"}, "OptionError", "nodata"),
        ({"aoi": {"type": "Point", "coordinates": [0, 0]}}, "AreaError", "aoi"),
        ({"aoi": {"type": "Polygon", "coordinates": "?"}}, "AreaError", "aoi"),
        ({"aoi": {}}, "AreaError", "aoi"),
        ({"colour": "blue"}, "OptionError", "colour"),
    ],
)
def test_a_description_that_makes_no_sense_is_told(
    client: Client, change: dict[str, Any], error: str, says: str
) -> None:
    reply = client.http.post("/v1/jobs", json=words(**change))
    assert says in told(reply, 422, error)
    assert client.http.get("/v1/jobs").json() == {"jobs": []}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"text"', b"null", b"1e999"])
def test_a_body_that_is_no_description_is_told(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    told(client.http.post("/v1/jobs", content=body, headers=headers), 422, "OptionError")


def test_nothing_is_left_of_a_job_that_was_refused(live: Live, tmp_path: Path) -> None:
    before = sorted((tmp_path / "server").rglob("*"))
    live.client.http.post("/v1/jobs", json=words(options__bbox=[0, 0, 1, 1]))
    assert sorted((tmp_path / "server").rglob("*")) == before


def test_a_job_that_does_not_exist_is_told(client: Client) -> None:
    for name in ("0" * 32, "x", "..", "%2e%2e", "a" * 65):
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/resume"), ("GET", "/result")):
            reply = client.http.request(method, f"/v1/jobs/{name}{path}")
            assert reply.status_code in (404, 405, 422), (name, path, reply.text)
            assert set(reply.json()) == {"error", "message"}
    told(client.http.get(f"/v1/jobs/{'0' * 32}"), 404, "NoSuchJobError")


def test_an_unknown_route_and_method_are_told(client: Client) -> None:
    told(client.http.get("/v2/info"), 404, "HTTPError")
    told(client.http.patch("/v1/info"), 405, "HTTPError")


@pytest.mark.parametrize("length", [1, BYTES - 1, BYTES + 1])
def test_a_tile_of_the_wrong_length_is_told(client: Client, length: int) -> None:
    job = client.create(words())
    says = told(client.put(job["id"], "tiles/0", bytes(length)), 422, "OptionError")
    assert f"{length} bytes instead of {BYTES}" in says
    assert client.job(job["id"])["wanted"] == [0]


@pytest.mark.parametrize("number", ["1", "-1", "99999999999999999999", "x"])
def test_a_tile_that_does_not_exist_is_told(client: Client, number: str) -> None:
    job = client.create(words())
    told(client.put(job["id"], f"tiles/{number}", bytes(BYTES)), 422, "OptionError")
    told(client.put(job["id"], "overview", bytes(BYTES)), 422, "OptionError")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(serve: Any) -> None:
    live = serve(max_body=1)
    job = live.client.create(words())
    large = bytes((1 << 20) + 1)
    told(live.client.put(job["id"], "tiles/0", large), 413, "TooLargeError")
    head = (
        f"PUT /v1/jobs/{job['id']}/tiles/0 HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {1 << 40}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", live.server.port)) as raw:
        raw.sendall(head.encode())  # not a byte of the body
        assert b" 413 " in raw.recv(4096).split(b"\r\n")[0]


def test_a_body_without_a_length_is_counted_while_it_arrives(serve: Any) -> None:
    live = serve(max_body=1)
    job = live.client.create(words())

    def pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield bytes(1 << 16)

    path = f"/v1/jobs/{job['id']}/tiles/0"
    told(live.client.http.put(path, content=pieces()), 413, "TooLargeError")
    reply = live.client.http.post(
        "/v1/jobs", content=pieces(), headers={"Content-Type": "application/json"}
    )
    told(reply, 413, "TooLargeError")


def test_a_description_of_megabytes_is_refused(client: Client) -> None:
    reply = client.http.post("/v1/jobs", json=words(name="x" * (9 << 20)))
    told(reply, 413, "TooLargeError")


def test_a_raster_that_is_too_large_is_refused(serve: Any) -> None:
    client = serve(limits=Limits(pixels=10_000)).client
    told(client.http.post("/v1/jobs", json=words()), 413, "TooLargeError")


def test_too_many_jobs_are_refused_until_one_is_over(serve: Any) -> None:
    client = serve(limits=Limits(jobs=2)).client
    first, _ = client.create(words()), client.create(words())
    reply = client.http.post("/v1/jobs", json=words())
    told(reply, 429, "BusyError")
    assert int(reply.headers["retry-after"]) >= 1
    client.cancel(first["id"])
    client.create(words())
    told(client.http.post(f"/v1/jobs/{first['id']}/resume"), 429, "BusyError")


def test_a_disk_without_room_is_told_before_anything_is_sent(serve: Any, tmp_path: Path) -> None:
    client = serve(limits=Limits(disk_reserve=1 << 62)).client
    before = sorted((tmp_path / "server").rglob("*"))
    told(client.http.post("/v1/jobs", json=words()), 507, "OutputError")
    assert sorted((tmp_path / "server").rglob("*")) == before


def test_pixels_for_a_job_that_is_over_are_refused(client: Client) -> None:
    job = client.create(words())
    client.cancel(job["id"])
    told(client.put(job["id"], "tiles/0", bytes(BYTES)), 409, "JobStateError")


def test_the_result_of_a_job_under_way_is_refused(client: Client) -> None:
    job = client.create(words())
    told(client.http.get(f"/v1/jobs/{job['id']}/result"), 409, "JobStateError")


def test_a_format_that_there_is_not_is_told(client: Client) -> None:
    job = client.create(words())
    for format in ("shp", "mask"):
        path = f"/v1/jobs/{job['id']}/result"
        told(client.http.get(path, params={"format": format}), 422, "OptionError")


def test_geojson_without_a_place_is_told(
    client: Client, make_raster: MakeRaster, tmp_path: Path
) -> None:
    raster = Raster(make_raster(np.moveaxis(lakes(80, 90), -1, 0), crs=None))
    job = client.segment(raster, tmp_path / "w.gpkg", min_area=0)
    path = f"/v1/jobs/{job['id']}/result"
    told(client.http.get(path, params={"format": "geojson"}), 422, "GeoreferenceError")


def pixels(alpha: bool) -> np.ndarray[Any, Any]:
    rgb = lakes(HEIGHT, WIDTH, smooth=4)
    plane = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
    plane[:20] = 0
    return np.concatenate([rgb, plane], axis=2) if alpha else rgb


def png(image: np.ndarray[Any, Any]) -> bytes:
    sink = io.BytesIO()
    Image.fromarray(image).save(sink, "PNG")
    return sink.getvalue()


@pytest.mark.parametrize("alpha", [False, True])
def test_a_tile_says_the_same_raw_deflated_and_as_png(
    client: Client, tmp_path: Path, alpha: bool
) -> None:
    image = pixels(alpha)
    raw = np.moveaxis(image, -1, 0).tobytes()
    ways = {
        "raw": (raw, {}),
        "deflate": (zlib.compress(raw), {"Content-Encoding": "deflate"}),
        "png": (png(image), {"Content-Type": "image/png"}),
    }
    found = {}
    for way, (body, headers) in ways.items():
        job = client.create(words(pixels__valid=alpha))
        assert client.put(job["id"], "tiles/0", body, **headers).status_code == 204
        while client.job(job["id"])["state"] != "done":
            pass
        found[way] = table(client.result(job["id"], tmp_path / f"{way}.parquet"))
    assert len(found["raw"]["id"]) > 3
    assert found["raw"] == found["deflate"] == found["png"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"no zlib", {"Content-Encoding": "deflate"}),
        (zlib.compress(bytes(BYTES + 1)), {"Content-Encoding": "deflate"}),
        (zlib.compress(bytes(1 << 26)), {"Content-Encoding": "deflate"}),
        (zlib.compress(bytes(BYTES))[:-9], {"Content-Encoding": "deflate"}),
        (bytes(BYTES), {"Content-Encoding": "br"}),
        (b"no png", {"Content-Type": "image/png"}),
        (png(pixels(False))[:-60], {"Content-Type": "image/png"}),
        (png(pixels(False)[:-1]), {"Content-Type": "image/png"}),
        (png(pixels(True)), {"Content-Type": "image/png"}),
    ],
)
def test_a_tile_that_cannot_be_read_is_told(
    client: Client, body: bytes, headers: dict[str, str]
) -> None:
    job = client.create(words())
    told(client.put(job["id"], "tiles/0", body, **headers), 422, "OptionError")


def test_a_raster_of_which_nothing_is_sent_has_no_water(client: Client, tmp_path: Path) -> None:
    job = client.create(words())
    assert client.put(job["id"], "tiles/0", b"").status_code == 204
    while client.job(job["id"])["state"] not in ("done", "failed"):
        pass
    job = client.job(job["id"])
    assert (job["state"], job["error"]) == ("failed", "NoPixelsError")
    assert "no valid pixel" in job["message"]
    assert table(client.result(job["id"], tmp_path / "none.parquet"))["id"] == []


def test_an_empty_tile_where_nothing_can_be_missing_is_refused(client: Client) -> None:
    job = client.create(words(options__nodata="none"))
    told(client.put(job["id"], "tiles/0", b""), 422, "OptionError")


def test_every_error_has_a_status() -> None:
    tree = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    for error in tree:
        assert 400 <= status_of(error("")) < 600
    assert set(STATUSES) <= set(tree)
    assert issubclass(WatersegError, Exception)


def test_info_says_what_a_client_needs(client: Client) -> None:
    about = client.info()
    assert about["protocol"] == 1
    (model,) = about["models"]
    assert model["name"] == "nano"
    assert model["default"]
    assert about["limits"]["body_bytes"] == 64 << 20
    assert about["formats"] == ["geojson", "gpkg", "fgb", "parquet"]
    options = {one["name"]: one for one in about["options"]}
    assert options["threshold"]["high"] == 1
    assert options["min_area"]["unit"] == "m²"
    assert not {"aoi", "codec", "device", "bands"} & options.keys()
