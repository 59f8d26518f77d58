# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters for tests, written with GDAL: any type, place and number of bands."""

import numpy as np
from osgeo import gdal, gdal_array, osr

gdal.UseExceptions()
PLACE = (500_000, 10, 0, 5_000_000, 0, -10)


def write_raster(path, pixels, place=PLACE, epsg=32633, nodata=None, options=(), mask=None):
    """Write (bands, h, w) or (h, w) as a GeoTIFF; its path as a text.

    place: GDAL's six numbers or None. mask: bool (h, w), True where valid.
    """
    bands = pixels if pixels.ndim == 3 else pixels[None]
    count, height, width = bands.shape
    kind = gdal_array.NumericTypeCodeToGDALTypeCode(bands.dtype)
    driver = gdal.GetDriverByName("GTiff")
    sink = driver.Create(str(path), width, height, count, kind, list(options))
    if place is not None:
        sink.SetGeoTransform(place)
    if epsg is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        sink.SetProjection(reference.ExportToWkt())
    for number, band in enumerate(bands, 1):
        sink.GetRasterBand(number).WriteArray(band)
        if nodata is not None:
            sink.GetRasterBand(number).SetNoDataValue(nodata)
    if mask is not None:
        sink.CreateMaskBand(gdal.GMF_PER_DATASET)
        sink.GetRasterBand(1).GetMaskBand().WriteArray(mask.astype(np.uint8) * 255)
    sink.FlushCache()
    return str(path)


def lakes(height, width, seed=0):
    """Land with texture and smooth dark lakes on a fifth of it: uint8 (3, height, width), no 0."""
    random = np.random.default_rng(seed)
    field = smooth(random.normal(size=(height, width)), 20)
    water = field > np.quantile(field, 0.8)
    texture = smooth(random.normal(size=(height, width)), 2)
    texture = 18 * (texture - texture.mean()) / texture.std()
    grain = random.normal(size=(3, height, width))
    land = np.array([110, 120, 85])[:, None, None] + texture + 6 * grain
    lake = np.array([25, 50, 70])[:, None, None] + 1.5 * grain
    return np.clip(np.where(water, lake, land), 1, 255).astype(np.uint8)


def smooth(field, radius):
    """Three running means along both axes, wrapped at the edges."""
    for _ in range(3):
        for axis in (0, 1):
            shifted = [np.roll(field, step, axis) for step in range(-radius, radius + 1)]
            field = sum(shifted) / len(shifted)
    return field
