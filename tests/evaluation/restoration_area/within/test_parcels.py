"""Results by parcel: counted again from the whole maps, and adding up to the study area whatever is counted."""

import csv
import itertools

import geopandas
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mineco import views
from mineco.core.workers import ProcessWorkers, SerialWorkers
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.outputs import shared_rows, write_parcels, write_table
from mineco.evaluation.restoration_area.sheets.parcels import parcels_sheet
from mineco.evaluation.restoration_area.within.parcels import share_land
from mineco.evaluation.restoration_area.within.told import SUMS
from mineco.geo.windows import ThreadWorkers
from mineco.restoration.maps.area import NEVER, NO_CLASS
from tests import example_area as example
from tests.helpers.drawn import SIDE, block, drawn
from tests.helpers.land import FOLDER, whole, without
from tests.helpers.printed import numbers, row

pytestmark = pytest.mark.usefixtures("english")

HA = example.HA
# the border between the two runs through the middle of column 40; nothing is drawn to the east of column 70
PARCELS = {"王家村": (0, 0, 40.5, 96), "赵庄": (40.5, 0, 70, 96)}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return area.check(drawn(tmp_path_factory.mktemp("parcels"), parcels=PARCELS, mask=(30, 30, 45, 40)))


def weights():
    """The share of each pixel that lies in each parcel, and in none, by hand."""
    first, second, none = np.zeros((3, SIDE, SIDE))
    first[:, :40], first[:, 40] = 1, 0.5
    second[:, 40], second[:, 41:70] = 0.5, 1
    none[:, 70:] = 1
    return first, second, none


def test_every_figure_of_a_parcel_is_that_of_its_share_of_each_pixel(found):
    maps, data = found.identified.maps, found.data
    classes, zones, before, after = (whole(maps, name) for name in ("class", "zone", "cover_start", "cover_end"))
    for parcel, share in zip(found.parcels.parts, weights(), strict=True):
        assert parcel.area_ha == pytest.approx(share.sum() * HA)
        assert list(parcel.classes_ha.values()) == pytest.approx([share[classes == one].sum() * HA for one in range(4)])
        assert sum(parcel.never_ha.values()) == pytest.approx(share[classes == NEVER].sum() * HA)
        assert parcel.never_ha["water"] == pytest.approx(share[after == 8].sum() * HA)
        assert parcel.unknown_ha == pytest.approx(share[classes == NO_CLASS].sum() * HA)
        for zone in found.identified.zones:
            assert parcel.zones_ha.get(zone.id, 0) == pytest.approx(share[zones == zone.id].sum() * HA)
        for name in ("index", "cover", "soil_loss"):
            values = whole(maps, name)
            known = ~np.isnan(values) & ((classes != NEVER) | (name == "cover"))
            assert getattr(parcel, name) == pytest.approx((share * np.nan_to_num(values))[known].sum()
                                                          / share[known].sum())
        for name, codes in (("cover_start", before), ("cover_end", after)):
            assert parcel.covers_ha[name].tolist() == pytest.approx(
                [share[codes == code].sum() * HA for code in data.codes])


def test_parcels_and_the_land_in_none_add_up_to_everything(found):
    parts, identified = found.parcels.parts, found.identified
    assert sum(one.area_ha for one in parts) == pytest.approx(sum(identified.parts_ha), rel=1e-12)
    for name, total in identified.classes_ha.items():
        assert sum(one.classes_ha[name] for one in parts) == pytest.approx(total, rel=1e-12)
    for kind, total in identified.never_ha.items():
        assert sum(one.never_ha[kind] for one in parts) == pytest.approx(total, rel=1e-12)
    for zone in identified.zones:
        assert sum(one.zones_ha.get(zone.id, 0) for one in parts) == pytest.approx(zone.area_ha, rel=1e-12)
    for axis, name in ((1, "cover_start"), (0, "cover_end")):
        assert sum(one.covers_ha[name] for one in parts).tolist() == pytest.approx(
            identified.transitions_ha.sum(axis=axis).tolist(), rel=1e-12)
    assert {name: value for name, value, _ in found.checks() if name.startswith("check_parcel")} == pytest.approx(
        dict.fromkeys(["check_parcel_land", "check_parcel_zones", "check_parcel_carbon", "check_parcel_gains"], 0),
        abs=1e-6)


def test_carbon_and_gain_of_a_parcel_by_hand(found):
    density = {code: sum(mean for mean, _ in pools) for code, pools in example.POOLS.items()}
    after = whole(found.identified.maps, "cover_end")
    zones = whole(found.identified.maps, "zone")
    for told, share in zip(found.by_parcel(), weights(), strict=True):
        stock = sum(share[after == code].sum() * HA * tonnes for code, tonnes in density.items())
        assert told["end_tc"] == pytest.approx(stock)
        assert told["change_tc"] == told["end_tc"] - told["start_tc"]
        gain = sum(plan.cumulated[plan.chosen].mean[-1] * share[zones == plan.zone].sum() / (zones == plan.zone).sum()
                   for plan in found.potential.plans)
        assert told["gain_t_co2"] == pytest.approx(gain)


def test_windows_of_another_size_share_out_the_same(found):
    small = area.evaluate(found.case, memory=2 ** 20)
    assert len(small.identified.maps.windows) > 4
    for one, other in zip(small.by_parcel(), found.by_parcel(), strict=True):
        assert one["classes_ha"] == pytest.approx(other["classes_ha"], rel=1e-6)
        assert {name: one[name] for name in SUMS} == pytest.approx({name: other[name] for name in SUMS}, rel=1e-6)


@pytest.mark.slow
def test_whoever_does_the_windows_shares_out_the_same_to_the_last_bit(tmp_path):
    case = area.open_case(drawn(tmp_path, boundary=(0, 0, 75.5, 90), parcels=PARCELS, mask=(30, 30, 45, 40)))
    processes = ProcessWorkers(2)
    try:
        one, other, third = (area.evaluate(case, doing, memory=2 ** 21).outcome().model_dump_json(exclude_unset=True)
                             for doing in (SerialWorkers(), ThreadWorkers(2), processes))
    finally:
        processes.close()
    assert one == other == third


def test_parcels_that_tile_the_study_area_leave_nothing_in_none(tmp_path):
    tiles = {"a": (0, 0, 33.3, 90), "b": (33.3, 0, 75.5, 41.7), "c": (33.3, 41.7, 75.5, 90),
             "beyond": (75.5, 0, 90, 90)}
    found = area.check(drawn(tmp_path, boundary=(0, 0, 75.5, 90), parcels=tiles))
    assert found.parcels.in_none.area_ha == 0
    assert [one.area_ha for one in found.parcels.parcels][3] == 0
    assert sum(one.area_ha for one in found.parcels.parcels) == pytest.approx(sum(found.identified.parts_ha), rel=1e-12)
    # of column 75 half lies within; its pixels count whole, since their centres do
    assert found.parcels.parcels[0].area_ha == pytest.approx(33.3 * 90 * HA, rel=1e-6)
    assert found.parcels.parcels[1].area_ha == pytest.approx((76 - 33.3) * 41.7 * HA, rel=1e-6)
    (told,) = [one for is_so, one in found.noticed() if is_so and one.message == "parcels_in_part"]
    assert told.value == "beyond"


@pytest.fixture(scope="module")
def measured():
    return area.check(FOLDER)


@settings(max_examples=15)
@given(st.lists(st.floats(0.1, 95.9), min_size=1, max_size=4, unique=True).map(sorted), st.booleans())
def test_wherever_the_borders_run_the_parts_add_up(measured, cuts, tiling):
    ends = [0.0, *cuts, float(SIDE)]
    shapes = [block(left, 0, right, SIDE) for left, right in itertools.pairwise(ends)]
    shapes = shapes if tiling else shapes[1:]
    frame = geopandas.GeoDataFrame({"id": [str(one) for one in range(len(shapes))], "name": ""}, geometry=shapes,
                                   crs=example.CRS)
    data = type(measured.data)(**vars(measured.data) | {
        "study": type(measured.data.study)(**vars(measured.data.study) | {"parcels": frame})})
    parcels = share_land(data, measured.rules, measured.identified, ThreadWorkers(1))
    for name, total in measured.identified.classes_ha.items():
        assert sum(one.classes_ha[name] for one in parcels.parts) == pytest.approx(total, rel=1e-9)
    assert parcels.in_none.area_ha == pytest.approx(0 if tiling else cuts[0] * SIDE * HA, rel=1e-4, abs=1e-12)


def test_parcels_are_told_as_far_as_the_dossier_goes(tmp_path):
    bare = without(tmp_path / "bare", "points", "plots", "controls", "pools", "baseline", "leakage", "price",
                   "cover_start", "cover_end", "classes")
    found = area.check(drawn(tmp_path, of=bare, boundary=(0, 0, 75.5, 90), parcels=PARCELS))
    first, second, none = found.by_parcel()
    assert first["area_ha"] == pytest.approx(40.5 * 90 * HA)
    assert second["area_ha"] + none["area_ha"] == pytest.approx(35.5 * 90 * HA)
    assert {one[name] for one in (first, second, none) for name in ("start_tc", "end_tc", "gain_t_co2")} == {None}
    assert [name for name, *_ in found.checks() if "parcel" in name] == ["check_parcel_land", "check_parcel_zones"]
    shown = views.parcels.table(found.data, found.identified, found.parcels, None, None)
    assert "gain" not in shown.text.lower()  # a column of dashes tells nothing
    (sheet,) = parcels_sheet(found)
    assert sheet.rows[-1][7] == "—"
    told = found.outcome().model_dump(mode="json", exclude_unset=True)
    assert told["parcels"][0]["change_tc"] is None
    write_table(tmp_path / "parcels.csv", shared_rows(found))
    of_one_map = without(tmp_path / "one", "cover_start", "points")
    alone = area.check(drawn(tmp_path / "drawn", of=of_one_map, parcels=PARCELS))
    assert sum(one["end_tc"] for one in alone.by_parcel()) == pytest.approx(alone.carbon.mapped[-1])
    assert alone.by_parcel()[0]["change_tc"] is None


def test_the_table_lists_parcels_by_what_is_to_restore_and_sums_up(found):
    shown = views.parcels.table(found.data, found.identified, found.parcels, found.carbon, found.potential)
    whole_land = row(shown, "sum")
    assert numbers(whole_land["Area (ha)"]) == pytest.approx([SIDE * SIDE * HA], rel=1e-3)
    assert numbers(whole_land["Of it to restore (ha)"]) == pytest.approx(
        [found.identified.classes_ha["restore"]], rel=1e-3)
    assert row(shown, "in no parcel")
    assert shown.text.index("王家村") < shown.text.index("赵庄")  # the forest lost a pit
    assert "draws no parcels" in views.parcels.table(found.data, found.identified, None, found.carbon,
                                                     found.potential).text


def test_parcels_are_handed_on_as_a_table_and_as_polygons(found, tmp_path):
    write_table(tmp_path / "parcels.csv", shared_rows(found))
    with (tmp_path / "parcels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [one["parcel"] for one in rows] == ["王家村", "赵庄", ""]
    parts = ("low_ha", "medium_ha", "high_ha", "restore_ha", "never_ranked_ha", "unknown_ha")
    for one in rows:
        assert sum(float(one[name]) for name in parts) == pytest.approx(float(one["area_ha"]))
    (path,) = write_parcels(found, tmp_path)
    frame = geopandas.read_file(path, layer="parcels")
    assert frame["gain_t_co2"].tolist() == pytest.approx([float(one["gain_t_co2"]) for one in rows[:2]])
    assert frame.area.tolist() == pytest.approx([40.5 * 96 * 900, 29.5 * 96 * 900])


def test_the_sheet_counts_changes_and_sums_again(found):
    (sheet,) = parcels_sheet(found)
    assert sheet.rows[1][6].text == "F2-E2"
    assert sheet.rows[-1][2].text == "SUM(C2:C4)"
    assert sheet.rows[-1][2].value == pytest.approx(SIDE * SIDE * HA)
    assert not parcels_sheet(area.check(FOLDER))


def test_results_have_parcels_and_their_trace_only_where_they_are_drawn(found, measured):
    told = found.outcome().model_dump(mode="json", exclude_unset=True)
    assert [one["id"] for one in told["parcels"]] == ["王家村", "赵庄"]
    assert told["in_no_parcel"]["id"] == ""
    assert "outcome.parcels" in [path for path, *_ in found.trace()]
    assert not {"parcels", "in_no_parcel"} & set(measured.outcome().model_dump(exclude_unset=True))
