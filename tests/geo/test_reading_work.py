"""Reading does no work twice, and finds what GDAL's own masks find."""

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal

from mineco.geo.layers import Layer, open_layers
from mineco.geo.windows import ThreadWorkers, Window, windows
from tests.helpers.geo import written

RNG = np.random.default_rng(20261128)
SIDE = 64


def values(dtype):
    """Two bands with every number from 0 to 8."""
    return RNG.integers(0, 9, (2, SIDE, SIDE)).astype(dtype)


def layer(path, bands=(1, 2)):
    return Layer("some", path, "continuous", -np.inf, np.inf, bands)


@pytest.mark.parametrize(("dtype", "nodata"), [
    ("uint8", 0), ("uint8", 7), ("int16", 3), ("uint16", 8), ("int32", 5), ("uint8", None), ("float32", 4.0),
    ("float32", float("nan")), ("float64", 4.0)])
def test_what_a_file_says_has_no_data_is_what_its_mask_has(tmp_path, dtype, nodata):
    path = written(tmp_path / "some.tif", values(dtype), nodata=nodata)
    with rasterio.open(path) as file:
        masked = file.read(masked=True).astype(np.float64).filled(np.nan)
    found = open_layers([layer(path)]).read("some", Window(0, 0, SIDE, SIDE))
    assert_array_equal(found, masked)
    assert np.isnan(found).any() == (nodata is not None and nodata == nodata)


def test_a_mask_of_the_file_itself_holds(tmp_path):
    mask = RNG.random((SIDE, SIDE)) < 0.5
    path = written(tmp_path / "some.tif", values("uint8"))
    with rasterio.open(path, "r+") as file:
        file.write_mask(mask)
    found = open_layers([layer(path)]).read("some", Window(0, 0, SIDE, SIDE))
    assert_array_equal(np.isnan(found), np.stack([~mask, ~mask]))


def test_a_thread_opens_a_file_once_however_many_windows_it_reads_and_none_stays_open(tmp_path, monkeypatch):
    opened, one = [], open_layers([layer(written(tmp_path / "some.tif", values("int16")))])
    open_file = rasterio.open

    def counted(*given, **named):
        opened.append(open_file(*given, **named))
        return opened[-1]

    monkeypatch.setattr(rasterio, "open", counted)
    parts = windows(SIDE, SIDE, 16 * 16 * 8, 8)
    found = list(ThreadWorkers(2).map(lambda window: one.read("some", window), parts))
    assert (len(parts), len(found)) == (16, 16)
    assert 1 <= len(opened) <= 2
    one.read("some", parts[0])
    one.read("some", parts[0])
    assert len(opened) <= 4  # elsewhere a file is opened for each window, and closed behind it
    assert [file.closed for file in opened[-2:]] == [True, True]
