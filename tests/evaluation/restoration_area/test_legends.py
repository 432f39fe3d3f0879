"""Land cover by the legend of a product: classes without a table, and every value that is none is told."""

import csv

import numpy as np
import pytest
import rasterio

from mineco import views
from mineco.core.errors import BadInput
from mineco.core.labels import problem_text
from mineco.core.quantity import Factor
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.lineage import pool_quantities
from mineco.evaluation.restoration_area.restored import parcel_rows
from tests.helpers.worldcover import EXAMPLE, worldcover


def refusal(folder):
    with pytest.raises(BadInput) as refused:
        area.check(folder)
    return refused.value.problems


def painted(path, value):
    """A cover whose first 40 pixels have another value."""
    with rasterio.open(path) as file:
        band, kept = file.read(), file.profile
    band[0, 0, :40] = value
    with rasterio.open(path, "w", **kept) as file:
        file.write(band)


@pytest.mark.usefixtures("english")
def test_the_codes_of_a_product_give_what_the_same_land_gives_with_a_table_of_its_own(tmp_path):
    with_legend, with_table = area.check(worldcover(tmp_path)), area.check(EXAMPLE)
    assert with_legend.identified.classes_ha == with_table.identified.classes_ha
    assert with_legend.data.codes == (10, 20, 30, 40, 50, 60, 80, 95)  # those that are there, of eleven
    assert [zone.land for zone in with_legend.identified.zones] == [zone.land for zone in with_table.identified.zones]
    assert with_legend.carbon.mapped == pytest.approx(with_table.carbon.mapped, rel=1e-12)
    text = views.land.classes(with_legend.data, with_legend.rules).text
    assert "ESA WorldCover 2020, 2021 (its legend: " in text
    assert "land damaged by mining" in text
    assert "legend" not in views.land.classes(with_table.data, with_table.rules).text


def test_without_a_table_the_pit_is_bare_land_and_asks_for_its_baseline(tmp_path):
    problems = refusal(worldcover(tmp_path, own=""))
    assert {one.message for one in problems} == {"baseline_missing"}
    assert "bare" in {one.value for one in problems}


@pytest.mark.parametrize(("value", "message"), [(0, "class_is_no_data"), (77, "class_without_name")])
def test_a_value_that_the_legend_does_not_hold_or_holds_as_no_data_is_told_with_its_land(tmp_path, value, message):
    folder = worldcover(tmp_path)
    painted(folder / "rasters" / "cover_end.tif", value)
    problem = {one.message: one for one in refusal(folder)}[message]
    assert (problem.file, problem.value, problem.details["pixels"], problem.details["area"]) == (
        "cover_end.tif", value, 40, "3.60")
    for language in ("zh", "en"):
        assert "esa-worldcover" in problem_text(problem, language)


def test_an_unknown_legend_is_told_with_the_known_ones(tmp_path):
    folder = worldcover(tmp_path)
    path = folder / "rasters" / "area.yaml"
    path.write_text(path.read_text("utf-8").replace("esa-worldcover", "worldcover"), "utf-8")
    problem, *_ = refusal(folder)
    assert (problem.message, problem.row, problem.value) == ("not_in_list", "legend", "worldcover")
    assert "clcd" in problem.details["allowed"]


def test_names_are_looked_at_even_where_another_entry_is_wrong(tmp_path):
    folder = worldcover(tmp_path)
    path = folder / "rasters" / "area.yaml"
    text = path.read_text("utf-8").replace("esa-worldcover", "worldcover").replace("grass: 6000", "grass: six")
    text = text.replace("  sand-fixing:", "  sand-fixin:").replace("yuan_per_t_co2: 80.0, ", "")
    path.write_text(text.replace("draws: 2000", "draws: many"), "utf-8")
    told = {(one.message, one.column or one.row, one.value) for one in refusal(folder) if one.file == "area.yaml"}
    assert told == {
        ("not_a_number", "costs_yuan_per_ha.grass", "six"), ("not_a_whole_number", "draws", "many"),
        ("missing_key", "price.yuan_per_t_co2", ""), ("not_in_list", "legend", "worldcover"),
        ("not_in_list", "costs_yuan_per_ha", "sand-fixin")}


def test_a_point_may_name_a_class_of_the_product_that_is_on_no_map(tmp_path):
    folder = worldcover(tmp_path)
    path = folder / "rasters" / "points.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[-1]["cover_end"] = "90"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    pools = (folder / "rasters" / "pools.csv").read_text("utf-8")
    marsh = [f"90,{pool},1,0.1,2,assumed,assumed\n" for pool in ("above", "below", "dead", "soil")]
    (folder / "rasters" / "pools.csv").write_text(pools + "".join(marsh), "utf-8")
    found = area.check(folder)
    assert found.data.codes[-2:] == (90, 95)
    assert np.isfinite(found.carbon.end.value)


@pytest.mark.usefixtures("english")
def test_a_product_and_a_climate_zone_are_enough_for_carbon_and_the_report_says_whose_pools_they_are(tmp_path):
    folder = worldcover(tmp_path)
    own = [line for line in (folder / "rasters" / "pools.csv").read_text("utf-8").splitlines()
           if line.startswith(("class", "95,"))]  # reclaimed land has no default
    (folder / "rasters" / "pools.csv").write_text("\n".join(own) + "\n", "utf-8")
    assert "class_without_pools" in {one.message for one in refusal(folder)}
    path = folder / "rasters" / "area.yaml"
    path.write_text(f"default_pools: warm-temperate-dry\n{path.read_text('utf-8')}", "utf-8")
    found = area.check(folder)
    forest = found.accuracy.covers["cover_end"].adjusted.map_area[0]
    density = found.data.pools.mean[found.data.pools.classes.index(10)].sum()
    assert density == pytest.approx(30.6 + 9.1 + 2 + 24)
    assert found.carbon.mapped[1] > forest * density
    text = views.carbon.pools(found.data).text
    assert "28 of 32 pools are defaults of the climate zone warm temperate, dry" in text
    assert "data of this land" in text
    told = {one.message: one for met, one in found.noticed() if met}["pools_are_defaults"]
    assert (told.value, told.details["count"], told.details["of"]) == ("warm-temperate-dry", 28, 32)
    defaults = [one for one in pool_quantities(found) if isinstance(one.origin, Factor)]
    assert len(defaults) == 28
    assert defaults[0].origin.facets == {"zone": "warm-temperate-dry"}
    sources = {row["data_source"] for row in parcel_rows(found)}
    assert sources == {"restoration-area: transition.csv, default_pools.csv, pools.csv"}


def test_an_unknown_climate_zone_is_told_with_the_known_ones(tmp_path):
    folder = worldcover(tmp_path)
    path = folder / "rasters" / "area.yaml"
    path.write_text(f"default_pools: temperate\n{path.read_text('utf-8')}", "utf-8")
    problem, = refusal(folder)
    assert (problem.message, problem.row) == ("not_in_list", "default_pools")
    assert problem.details["allowed"].startswith("boreal, cool-temperate-dry")
