# SPDX-License-Identifier: GPL-3.0-or-later
"""A small map server: one picture as WMS, WMTS and XYZ, written with the standard library and GDAL.

It is a real HTTP server with real projections: what a client asks for is cut out of a raster by
GDAL, so that the answers are right or visibly wrong.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from osgeo import gdal

HALF = 20037508.342789244
CAPABILITIES = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"
 xmlns:xlink="http://www.w3.org/1999/xlink"><Service><Name>WMS</Name><Title>t</Title>
<OnlineResource xlink:href="{url}"/></Service><Capability><Request>
<GetCapabilities><Format>text/xml</Format></GetCapabilities>
<GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="{url}"/></Get>
</HTTP></DCPType></GetMap></Request><Exception><Format>XML</Format></Exception>
<Layer queryable="0"><Name>lakes</Name><Title>lakes</Title><CRS>EPSG:32633</CRS>
<EX_GeographicBoundingBox><westBoundLongitude>15</westBoundLongitude>
<eastBoundLongitude>15.1</eastBoundLongitude><southBoundLatitude>45.1</southBoundLatitude>
<northBoundLatitude>45.2</northBoundLatitude></EX_GeographicBoundingBox>
<BoundingBox CRS="EPSG:32633" minx="{0}" miny="{1}" maxx="{2}" maxy="{3}"/>
</Layer></Capability></WMS_Capabilities>"""
WMTS = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><Contents>
<Layer><ows:Title>lakes</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>15 45.1</ows:LowerCorner>
<ows:UpperCorner>15.1 45.2</ows:UpperCorner></ows:WGS84BoundingBox>
<ows:Identifier>lakes</ows:Identifier><Style isDefault="true"><ows:Identifier>default
</ows:Identifier></Style><Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>web
</TileMatrixSet></TileMatrixSetLink><ResourceURL format="image/png" resourceType="tile"
 template="{url}/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.png"/></Layer>
<TileMatrixSet><ows:Identifier>web</ows:Identifier>
<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{matrices}</TileMatrixSet>
</Contents></Capabilities>"""
MATRIX = """<TileMatrix><ows:Identifier>{z}</ows:Identifier>
<ScaleDenominator>{scale!r}</ScaleDenominator><TopLeftCorner>-20037508.3427892 20037508.3427892
</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>{n}</MatrixWidth>
<MatrixHeight>{n}</MatrixHeight></TileMatrix>"""
SCALE = 559082264.0287178


class MapServer:
    """Serves the raster at `path`. answer: "picture", "nothing" (404), "white" or "hang up"."""

    def __init__(self, path):
        self.path = path
        self.answer = "picture"
        self.asked = 0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"maps": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def wms(self):
        """The layer's address for QGIS's provider wms."""
        return f"crs=EPSG:32633&format=image/png&layers=lakes&styles=&url={self.url}/wms"

    @property
    def xyz(self):
        """The same as XYZ tiles."""
        return f"type=xyz&url={self.url}/{{z}}/{{x}}/{{y}}.png&zmin=0&zmax=18"

    @property
    def wmts(self):
        """The same as WMTS."""
        return (
            "crs=EPSG:3857&format=image/png&layers=lakes&styles=default&tileMatrixSet=web"
            f"&url={self.url}/wmts.xml"
        )

    def close(self):
        """Stop serving: from now on nobody answers."""
        self._server.shutdown()
        self._server.server_close()

    def picture(self, box, srs, width, height):
        """PNG bytes of a rectangle (left, bottom, right, top), transparent outside the raster."""
        if self.answer == "white":
            return _png_of(_blank(width, height))
        with self._lock:
            drawn = gdal.Warp(
                "",
                self.path,
                format="MEM",
                dstSRS=srs,
                outputBounds=box,
                width=width,
                height=height,
                dstAlpha=True,
                resampleAlg="near",
            )
            return _png_of(drawn)

    def bounds(self):
        """(left, bottom, right, top) of the raster."""
        raster = gdal.Open(self.path)
        left, x_size, _, top, _, y_size = raster.GetGeoTransform()
        return (left, top + raster.RasterYSize * y_size, left + raster.RasterXSize * x_size, top)


class _Handler(BaseHTTPRequestHandler):
    maps = None

    def do_GET(self):
        maps = self.maps
        maps.asked += 1
        path = urlsplit(self.path)
        if path.path == "/wmts.xml":
            return self._send("text/xml", _wmts(maps.url))
        query = {name.lower(): values[0] for name, values in parse_qs(path.query).items()}
        if query.get("request") == "GetCapabilities":
            told = CAPABILITIES.format(*maps.bounds(), url=f"{maps.url}/wms?")
            return self._send("text/xml", told.encode())
        if maps.answer == "nothing":
            return self.send_error(404)
        if maps.answer == "hang up":
            return self.connection.close()
        if path.path == "/wms":
            box = [float(number) for number in query["bbox"].split(",")]
            size = int(query["width"]), int(query["height"])
            return self._send("image/png", maps.picture(box, query["crs"], *size))
        z, x, y = (int(part) for part in path.path.strip("/").removesuffix(".png").split("/"))
        side = 2 * HALF / 2**z
        box = (-HALF + x * side, HALF - (y + 1) * side, -HALF + (x + 1) * side, HALF - y * side)
        return self._send("image/png", maps.picture(box, "EPSG:3857", 256, 256))

    def _send(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def _wmts(url):
    matrices = "".join(MATRIX.format(z=z, scale=SCALE / 2**z, n=2**z) for z in range(19))
    text = WMTS.format(url=url, matrices=matrices)
    return text.replace("\n</", "</").encode()


def _blank(width, height):
    blank = gdal.GetDriverByName("MEM").Create("", width, height, 3)
    for band in (1, 2, 3):
        blank.GetRasterBand(band).Fill(255)
    return blank


def _png_of(raster):
    name = f"/vsimem/{threading.get_ident()}.png"
    gdal.GetDriverByName("PNG").CreateCopy(name, raster)
    size = gdal.VSIStatL(name).size
    file = gdal.VSIFOpenL(name, "rb")
    body = bytes(gdal.VSIFReadL(1, size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(name)
    return body
