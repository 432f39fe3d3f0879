"""What a run on restoration areas hands on: maps that other programs read, and rows that the dossier takes."""

import csv
import math
import shutil
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio

from mineco.core import kit
from mineco.core.labels import label
from mineco.evaluation.ledgers import compute_restoration
from mineco.evaluation.record.archived import MANIFEST
from mineco.evaluation.restoration_area import evaluate as ra
from mineco.evaluation.restoration_area.outputs import FOLDER, restored_land, write_outputs, write_zones
from mineco.evaluation.restoration_carbon_sink import evaluate as rcs
from tests.helpers.land import table

EXAMPLE = kit.parameters() / "mines" / "example-restoration-area"
SMALL = 2 ** 22  # bytes: several windows, none of which is a multiple of a tile


@pytest.fixture(scope="module")
def found():
    return ra.evaluate(ra.open_case(EXAMPLE))


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    results = tmp_path_factory.mktemp("run") / "results.json"
    write_outputs(found, results)
    return results.with_name(FOLDER)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_a_place_for_results_nothing_is_written_and_that_is_said(found, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_outputs(found, "").text == label("outputs_not_written")
    assert list(tmp_path.iterdir()) == []


def test_in_a_finished_run_nothing_is_written_and_each_file_that_differs_is_named(found, folder, tmp_path):
    (tmp_path / "kit" / "parameters").mkdir(parents=True)
    (tmp_path / MANIFEST).touch()
    shutil.copytree(folder, tmp_path / FOLDER)
    assert "16 个文件与存档中的全部相同" in write_outputs(found, tmp_path / "results.json").text
    (tmp_path / FOLDER / "index.tif").write_bytes(b"another map")
    (tmp_path / FOLDER / "zones.csv").unlink()
    (tmp_path / FOLDER / "zones.csv.bak").touch()
    assert write_outputs(found, tmp_path / "results.json").text.endswith(
        "与存档中不同的文件有 outputs/index.tif, outputs/zones.csv, outputs/zones.csv.bak。")
    assert (tmp_path / FOLDER / "index.tif").read_bytes() == b"another map"
    assert not (tmp_path / FOLDER / "zones.csv").exists()


def test_every_map_is_a_cloud_optimised_geotiff_on_the_grid(found, folder):
    maps = sorted(folder.glob("*.tif"))
    assert [path.stem for path in maps] == ["change", "class", "cover", "index", "residual_trend", "slope",
                                            "soil_loss", "trend", "zone"]
    for path in maps:
        with rasterio.open(path) as file:
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert (file.transform, file.width, file.height) == (
                found.data.layers.grid.transform, found.data.layers.grid.width, found.data.layers.grid.height)
            assert file.crs.to_string() == found.data.layers.grid.crs


def test_pixels_of_the_map_of_classes_add_up_to_the_areas_told(found, folder):
    with rasterio.open(folder / "class.tif") as file:
        codes = file.read(1)
    counted = [float((codes == place).sum()) * 0.09 for place in range(4)]
    assert counted == pytest.approx(list(found.identified.classes_ha.values()))
    assert float((codes == 255).sum()) * 0.09 == pytest.approx(found.identified.unknown_ha)


def test_zones_are_polygons_with_the_area_and_the_pixels_of_their_map(found, folder):
    zones = geopandas.read_file(folder / "zones.gpkg")
    assert zones.crs.to_string() == "EPSG:32649"
    assert (zones.area / 10_000).tolist() == pytest.approx([one.area_ha for one in found.identified.zones])
    assert zones["zone"].tolist() == [1, 2, 3]
    with rasterio.open(folder / "zone.tif") as file:
        numbers = file.read(1)
        values = [int(value[0]) for value in file.sample(
            [(shape.x, shape.y) for shape in zones.representative_point()])]
    assert values == [1, 2, 3]
    assert [float((numbers == zone).sum()) * 0.09 for zone in (1, 2, 3)] == pytest.approx(zones["area_ha"].tolist())


def test_the_table_of_transitions_adds_up_to_the_land_and_to_the_change_of_carbon(found, folder):
    table = rows(folder / "transition.csv")
    assert sum(float(row["area_ha"]) for row in table) == pytest.approx(96 * 96 * 0.09)
    change = found.carbon.mapped[1] - found.carbon.mapped[0]
    assert sum(float(row["carbon_change_tc"]) for row in table) == pytest.approx(change)


def test_the_last_year_of_a_gain_is_the_gain_of_the_zone(folder):
    zones = {row["zone"]: row for row in rows(folder / "zones.csv")}
    last = [row for row in rows(folder / "gains.csv") if row["chosen"] == "yes" and row["year"] == "20"]
    assert {row["zone"]: row["cumulated_mean_t_co2"] for row in last} == {
        name: row["gain_mean_t_co2"] for name, row in zones.items()}


def test_land_reclaimed_between_the_maps_is_found_and_single_wrong_pixels_are_not(found):
    (pair, (area, longitude, latitude)), = restored_land(found).items()
    assert pair == (4, 6)
    # the dump is 22 by 18 pixels of 0.09 ha, 35.64 ha, of which the maps have about six in a hundred wrong
    assert 0.9 * 35.64 < area < 35.64
    # its middle in the plane is x = 600,000 + 49 * 30, y = 4,050,000 - 41 * 30
    assert (longitude, latitude) == pytest.approx((112.1342, 36.5790), abs=2e-4)


def test_rows_for_the_dossier_are_read_by_the_second_standard_and_give_the_sink_by_hand(found, folder, tmp_path):
    copy = Path(shutil.copytree(kit.parameters() / "mines" / "changcun-coal", tmp_path / "changcun-coal"))
    shutil.copyfile(folder / "restoration.csv", copy / "restoration.csv")
    table(copy / "restoration.csv", lambda given: [{**row, "leakage_t_co2e": "0"} for row in given])
    kept = compute_restoration(rcs.open_case(copy))
    (area, *_), = restored_land(found).values()
    assert float(kept.area) == pytest.approx(area)
    # mined land holds 7 tC/ha, all of it soil; reclaimed land 6 + 2 living, 0.6 dead, 16 soil. Plants and litter over
    # the 11 years between the maps, soil over 20: 8.6 / 11 + 9 / 20 = 1.231818 tC/(ha yr)
    assert float(kept.removals) == pytest.approx(area * (8.6 / 11 + 9 / 20) * 44 / 12)


def test_figures_for_the_dossier_are_those_of_the_land(found, folder):
    told = {row["metric"]: float(row["value"]) for row in rows(folder / "metrics.csv")}
    land = {one.code: area for one, area in zip(found.data.classes, found.identified.transitions_ha.sum(axis=0),
                                                strict=True)}
    assert told["total_area"] == pytest.approx(sum(land.values()))
    assert told["greenable_area"] == pytest.approx(told["total_area"] - land[7] - land[8])  # village and water
    assert told["green_area"] == pytest.approx(told["greenable_area"] - land[4] - land[5])  # mined, turned to sand
    with rasterio.open(EXAMPLE / "rasters" / "cover_end.tif") as file:
        cover_end = file.read(1)
    with rasterio.open(folder / "soil_loss.tif") as file:
        loss = file.read(1, masked=True)
    there = np.isin(cover_end, (7, 8), invert=True)  # neither the village nor the lake
    assert told["soil_loss"] == pytest.approx(100 * float(loss[there].astype(float).mean()), rel=1e-5)
    assert told["background_soil_loss"] < told["soil_loss"]
    for metric in told:
        assert math.isfinite(told[metric])


def test_figures_for_the_dossier_are_read_by_the_second_standard(folder, tmp_path):
    copy = Path(shutil.copytree(kit.parameters() / "mines" / "changcun-coal", tmp_path / "changcun-coal"))
    given = rows(copy / "metrics.csv")
    ours = {row["metric"]: row for row in rows(folder / "metrics.csv")}
    with (copy / "metrics.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(given[0]))
        table.writeheader()
        table.writerows(ours.get(row["metric"], row) if row["year"] == "2024" else row for row in given)
    cover = rcs.check(copy).indicators["SE.3"].value
    assert float(cover) == pytest.approx(
        100 * float(ours["green_area"]["value"]) / float(ours["greenable_area"]["value"]))


def test_the_same_evaluation_hands_on_the_same_bytes(found, folder, tmp_path):
    write_outputs(ra.evaluate(ra.open_case(EXAMPLE)), tmp_path / "results.json")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / FOLDER / path.name).read_bytes(), path.name


def test_smaller_windows_change_no_byte_of_a_map_and_no_corner_of_a_zone(folder, tmp_path):
    again = ra.evaluate(ra.open_case(EXAMPLE), memory=SMALL)
    assert len(again.identified.maps.windows) > 1
    write_outputs(again, tmp_path / "results.json")
    for path in folder.glob("*.tif"):
        assert path.read_bytes() == (tmp_path / FOLDER / path.name).read_bytes(), path.name
    ours, theirs = (geopandas.read_file(one / "zones.gpkg") for one in (folder, tmp_path / FOLDER))
    assert ours.geometry.to_wkb().tolist() == theirs.geometry.to_wkb().tolist()
    assert ours["index"].tolist() == pytest.approx(theirs["index"].tolist(), rel=1e-12)  # sums in another order


def test_a_map_without_zones_hands_on_no_polygons(found, tmp_path):
    bare = replace(found, identified=replace(found.identified, zones=()),
                   potential=replace(found.potential, plans=()))
    assert list(write_zones(bare, tmp_path)) == []
