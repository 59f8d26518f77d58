# SPDX-License-Identifier: GPL-3.0-or-later
"""A real server on a real socket, and a small client that sends a raster file to it."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas
import httpx
import numpy as np
import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window

from waterseg_core.jobs import Limits, Models
from waterseg_core.options_serve import ServeOptions
from waterseg_core.server.serve import Server
from waterseg_core.silence import without
from waterseg_core.studies import StudyLimits

TOKEN = "a-token-for-the-tests-of-the-server"
OVER = ("done", "cancelled", "failed")
#: Nothing here takes that long, on a crowded machine either; a test that hangs shall end.
PATIENCE_S = 600.0


class Live:
    """A server in this process, with segmenters that `load` makes."""

    def __init__(
        self,
        work: Path,
        load: Callable[..., Any],
        limits: Limits,
        study_limits: StudyLimits | None = None,
        **options: Any,
    ):
        how = ServeOptions(port=0, work_dir=str(work), **options)
        models = Models(load=load)
        self.server = Server(how, TOKEN, models, limits, study_limits=study_limits)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        self.client = Client(self.server.url, TOKEN)

    def stop(self) -> None:
        """End as after Ctrl-C."""
        self.client.http.close()
        self.server.stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A raster file, also one without a place. The server's threads silence warnings as well."""
    with without(NotGeoreferencedWarning):
        source = rasterio.open(path)
    with source:
        yield source


class Raster:
    """A raster file as a client sees it: how it is described, and its bytes."""

    def __init__(self, path: Path, bands: tuple[int, ...] | None = None) -> None:
        self.path = path
        with opened(path) as source:
            self.bands = bands or ((1, 2, 3) if source.count >= 3 else (1,))
            flags = source.mask_flag_enums[0]
            self.has_mask = MaskFlags.per_dataset in flags
            self.shape = source.shape
            nodata = source.nodata
            self.pixels = {
                "dtype": np.result_type(*source.dtypes).name,
                "bands": len(self.bands),
                "nodata": "nan" if nodata is not None and np.isnan(nodata) else nodata,
                "valid": self.has_mask,
                "lossy": source.compression is not None and source.compression.name == "jpeg",
            }
            # A file without a place is shown below the x axis, as QGIS does.
            transform = source.transform
            numbers = [1, 0, 0, 0, -1, 0] if transform.is_identity else list(transform)[:6]
            self.georef = {"transform": numbers, "crs": source.crs and source.crs.to_wkt()}

    def words(self, options: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """The description of a job."""
        return {
            "name": self.path.stem,
            "source": self.path.name,
            "height": self.shape[0],
            "width": self.shape[1],
            "georef": self.georef,
            "pixels": self.pixels,
            "options": dict(options or {}),
            **more,
        }

    def bytes(self, tile: Mapping[str, int] | None, size: Mapping[str, int] | None = None) -> bytes:
        """A tile, or the whole raster thinned out to `size`."""
        window = tile and Window(tile["col"], tile["row"], tile["width"], tile["height"])
        shape = size and (size["height"], size["width"])
        with opened(self.path) as source:
            values = source.read(
                list(self.bands), window=window, out_shape=shape and (len(self.bands), *shape)
            )
            body: bytes = values.astype(values.dtype.newbyteorder("<")).tobytes()
            if self.has_mask:
                body += source.read_masks(1, window=window, out_shape=shape).tobytes()
        return body


class Client:
    """The calls of the protocol."""

    def __init__(self, url: str, token: str, **how: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S, **how)

    def info(self) -> dict[str, Any]:
        return self.ok(self.http.get("/v1/info"))

    def create(self, words: Mapping[str, Any]) -> dict[str, Any]:
        return self.ok(self.http.post("/v1/jobs", json=words))

    def job(self, id: str, tiles: bool = False) -> dict[str, Any]:
        return self.ok(self.http.get(f"/v1/jobs/{id}", params={"tiles": tiles}))

    def put(self, id: str, what: str, body: bytes, **headers: str) -> httpx.Response:
        return self.http.put(f"/v1/jobs/{id}/{what}", content=body, headers=headers)

    def cancel(self, id: str) -> dict[str, Any]:
        return self.ok(self.http.delete(f"/v1/jobs/{id}"))

    def resume(self, id: str) -> dict[str, Any]:
        return self.ok(self.http.post(f"/v1/jobs/{id}/resume"))

    def features(self, id: str, after: int = 0) -> tuple[list[dict[str, Any]], int]:
        answer = self.ok(self.http.get(f"/v1/jobs/{id}/features", params={"after": after}))
        return answer["features"], answer["next"]

    def result(self, id: str, path: Path) -> Path:
        """Fetch the result in the format that the path's ending says."""
        how = {"format": path.suffix[1:]}
        reply = self.http.get(f"/v1/jobs/{id}/result", params=how)
        assert reply.status_code == 200, reply.text
        path.write_bytes(reply.content)
        return path

    @staticmethod
    def ok(reply: httpx.Response) -> dict[str, Any]:
        assert 200 <= reply.status_code < 300, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def send(
        self,
        raster: Raster,
        job: dict[str, Any],
        until: Callable[[dict[str, Any]], bool] = lambda job: False,
        chance: random.Random | None = None,
    ) -> dict[str, Any]:
        """Send what is wanted until the job is over, or `until` says so; the job.

        chance: send it in random order, some of it twice.
        """
        tiles = job["tiles"] or self.job(job["id"], tiles=True)["tiles"]
        limit = time.monotonic() + PATIENCE_S
        while not (job["state"] in OVER or until(job)):
            assert time.monotonic() < limit, job
            numbers = list(job["wanted"])
            if chance is not None:
                numbers += chance.sample(range(len(tiles)), min(2, len(tiles)))
                chance.shuffle(numbers)
            for number in numbers:
                reply = self.put(job["id"], f"tiles/{number}", raster.bytes(tiles[number]))
                assert reply.status_code in (204, 409, 429), reply.text
            if job["overview"]:
                self.put(job["id"], "overview", raster.bytes(None, job["overview"]))
            job = self.job(job["id"])
            time.sleep(0.005)
        return job

    def segment(self, raster: Raster, output: Path, **options: Any) -> dict[str, Any]:
        """A whole job, from the description to the result in `output`."""
        job = self.send(raster, self.create(raster.words(options)))
        assert job["state"] == "done", job
        self.result(job["id"], output)
        return job


def table(path: Path) -> Any:
    """What a file of polygons says, but for when it was made."""
    frame = geopandas.read_parquet(path).drop(columns="created")
    return frame.to_wkb().fillna({"area_m2": -1.0, "perimeter_m": -1.0}).to_dict("list")
