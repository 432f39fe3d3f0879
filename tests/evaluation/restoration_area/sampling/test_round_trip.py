"""A sample filled in with the truth of the example comes back as accuracy, areas and carbon that hold the truth."""

import csv
import datetime
import shutil
from pathlib import Path

import geopandas
import numpy as np
import pytest
from lxml import etree

from mineco.core.labels import problem_text, set_language
from mineco.core.workbooks.live import live_workbook
from mineco.evaluation.record.results import results_document
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.sampling.draw import lay_out, pixel_numbers
from mineco.evaluation.restoration_area.sampling.files import write_sample
from mineco.evaluation.restoration_area.sampling.judged import COVERS
from mineco.evaluation.restoration_area.sampling.strata import cell_codes, cell_of
from mineco.evaluation.restoration_area.views import accuracy as accuracy_views
from mineco.geo.windows import Window
from mineco.restoration.maps.strata import Strata, StratifiedAreas, count_in_strata
from tests.example_area import HA, NAMES, truth
from tests.helpers.land import FOLDER, refusal, rewritten, table, whole
from tests.helpers.office import holds_every_formula, is_in_one_language

TRUTH = truth()
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def sample():
    return lay_out(area.open_case(FOLDER))


def answers(sample):
    """What somebody sees who sees the truth, by the id of the point."""
    found = {}
    for number, (row, column) in enumerate(zip(sample.rows, sample.columns, strict=True), start=1):
        found[f"P{number:03}"] = {"restore": "yes" if TRUTH.restore[row, column] else "no"} | {
            f"cover_{name}": str(getattr(TRUTH, name)[row, column]) for name in ("start", "end")}
    return found


@pytest.fixture(scope="module")
def filled(sample, tmp_path_factory):
    """A copy of the example with the points of the sample in place of its own, judged in a table."""
    set_language("en")
    made, folder = tmp_path_factory.mktemp("filled") / "points", tmp_path_factory.mktemp("dossier") / "land"
    write_sample(sample, made)
    shutil.copytree(FOLDER, folder)
    seen = answers(sample)
    with (made / "points.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row | seen[row["id"]] for row in csv.DictReader(file)]
    with (folder / "rasters" / "points.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    shutil.copy(made / "strata.csv", folder / "rasters")
    for ending in ("gpkg", "kml"):
        shutil.copy(made / f"points.{ending}", folder.parent)
    return folder


@pytest.fixture(scope="module")
def found(filled):
    return area.check(filled)


@pytest.fixture
def copy(filled, tmp_path):
    """A copy of it, to spoil."""
    return Path(shutil.copytree(filled, tmp_path / "land"))


def holds(estimate, true, times=3):
    """Whether a value lies within so many standard errors of the truth; three of them fail once in 400."""
    return abs(float(estimate.value) - true) <= times * float(estimate.error) + 1e-9


# --- the truth comes back -----------------------------------------------------------------------------------------

def test_areas_by_the_strata_are_those_of_the_truth_within_their_errors(found):
    for name, when in (("cover_start", TRUTH.start), ("cover_end", TRUTH.end)):
        one = found.accuracy.covers[name].adjusted
        assert isinstance(one, StratifiedAreas)
        true = np.array([(when == code).sum() * HA for code in sorted(NAMES)])
        # of a class of which no point was wrong the error is 0, though some of the pixels left may be
        assert (np.abs(one.area.value - true) <= np.where(one.area.error > 0, 3 * one.area.error, 1.0)).all()
        assert one.area.value.sum() == pytest.approx(9216 * HA)


def test_accuracies_by_the_strata_are_those_of_all_pixels_within_their_errors(found):
    mapped, true = TRUTH.mapped_end, TRUTH.end
    one = found.accuracy.covers["cover_end"].adjusted
    assert abs(float(one.overall.value) - np.mean(mapped == true)) <= 3 * float(one.overall.error)
    for place, code in enumerate(sorted(NAMES)):
        for estimate, among in ((one.users, mapped == code), (one.producers, true == code)):
            share, error = np.mean((mapped == true)[among]), float(estimate.error[place])
            assert abs(estimate.value[place] - share) <= (3 * error or 0.05), code
    assert float(found.accuracy.restore.adjusted.overall.error) < 0.02


def test_carbon_by_the_strata_holds_the_truth(found):
    stock = {name: TRUTH.stock(getattr(TRUTH, name)) for name in ("start", "end")}
    assert holds(found.carbon.start, stock["start"])
    assert holds(found.carbon.end, stock["end"])
    assert holds(found.carbon.change, stock["end"] - stock["start"])


def test_a_change_judged_at_the_same_points_is_surer_than_two_dates_apart(found):
    change, covers = found.accuracy.change, found.accuracy.covers
    apart = sum(one.adjusted.area_covariance for one in covers.values())
    assert (np.diag(change.covariance) <= np.diag(apart) + 1e-9).all()
    assert np.diag(change.covariance).sum() < 0.8 * np.diag(apart).sum()


def test_intervals_of_many_samples_hold_the_truth_as_often_as_they_say(sample, found):
    # of 40 samples 95 % intervals of the area of forest hold the truth: 38 in mean, fewer than 33 once in 500
    classes, *covers = (whole(found.identified.maps, name).astype(int) for name in ("class", *COVERS))
    codes, order, hits = cell_codes(classes, covers, 3).ravel(), np.array(sorted(NAMES)), 0
    inside = [np.flatnonzero([one.holds(cell_of(code)) for code in codes.tolist()]) for one in sample.strata]
    points = [one.points for one in sample.strata]
    strata = Strata([one.area_ha for one in sample.strata], points, [one.pixels for one in sample.strata])
    place = np.repeat(np.arange(len(points)), points)
    for seed in range(40):
        numbers = pixel_numbers(Window(0, 0, 96, 96), seed).ravel()
        drawn = np.concatenate([pixels[np.argsort(numbers[pixels])[:count]]
                                for pixels, count in zip(inside, points, strict=True)])
        mapped, real = (np.searchsorted(order, given.ravel()[drawn]) for given in (TRUTH.mapped_end, TRUTH.end))
        forest = StratifiedAreas(strata, count_in_strata(place, mapped, real, (len(points), 8, 8)), np.ones(8)).area
        hits += forest.low[0] <= (TRUTH.end == 1).sum() * HA <= forest.high[0]
    assert hits >= 33


@pytest.mark.usefixtures("english")
def test_strata_stand_in_the_results_in_the_trace_and_in_the_report(found, sample):
    strata = results_document(found)["outcome"]["accuracy"]["strata"]
    assert [one["number"] for one in strata] == [one.number for one in sample.strata]
    assert [(one["judged"], one["points"]) for one in strata] == [(one.points, one.points) for one in sample.strata]
    assert strata[2] == {"number": 3, "restore": "yes", "cover": [4], "changed": "no", "pixels": 339, "area_ha": 30.51,
                         "points": 25, "judged": 25}
    behind = next(one for one in found.trace() if one[0] == "outcome.carbon.change_tc")[3]
    assert sum(float(one) for one in behind if one.name.startswith("stratum.")) == pytest.approx(829.44)
    assert "by the 15 strata of the sample" in accuracy_views.points(found.data, found.accuracy).text


# --- the other two files ------------------------------------------------------------------------------------------

def test_a_geopackage_and_a_kml_give_the_same_as_the_table(copy, filled, sample, found):
    seen = answers(sample)
    given = filled.parent / "points.gpkg"
    frame = geopandas.read_file(given, layer="points", engine="pyogrio")
    for name in ("restore", "cover_start", "cover_end"):
        frame[name] = [seen[point][name] for point in frame["id"]]
    (copy / "rasters" / "points.csv").unlink()
    frame.to_file(copy / "rasters" / "points.gpkg", layer="points")
    assert area.check(copy).told() == found.told()
    (copy / "rasters" / "points.gpkg").unlink()
    tree = etree.parse(filled.parent / "points.kml")
    for mark in tree.iter(f"{KML}Placemark"):
        text = mark.find(f"{KML}description")
        for name, answer in seen[mark.findtext(f"{KML}name")].items():
            text.text = text.text.replace(f"{name} = \n", f"{name} = {answer}\n", 1)
    tree.write(copy / "rasters" / "points.kml", encoding="utf-8")
    assert area.check(copy).told() == found.told()


def test_two_files_of_points_and_one_of_another_format_are_refused(copy, filled):
    shutil.copy(filled.parent / "points.kml", copy / "rasters")
    assert refusal(copy)["points_in_several_files"].value == "points.csv, points.kml"
    (copy / "rasters" / "points.csv").unlink()
    (copy / "rasters" / "points.kml").rename(copy / "rasters" / "points.kmz")
    assert refusal(copy)["points_of_other_format"].file == "points.kmz"


def test_answers_in_chinese_words_are_read_as_well(copy, found):
    words = {"yes": "是", "no": " 否"}
    table(copy / "rasters" / "points.csv", lambda rows: [row | {"restore": words[row["restore"]]} for row in rows])
    assert area.check(copy).told() == found.told()


# --- who breaks it ------------------------------------------------------------------------------------------------

def noticed(folder):
    return {one.message: one for one in area.check(folder).notices}


def test_an_honest_sample_has_nothing_told_of_its_strata(found):
    assert not {one.message for one in found.notices} & {"strata_differ", "points_of_other_strata", "points_not_judged"}


def test_a_stratum_whose_area_somebody_changed_is_told_with_both_areas(copy):
    table(copy / "rasters" / "strata.csv", lambda rows: [row | (
        {"area_ha": "45.72", "pixels": "508"} if row["stratum"] == "3" else {}) for row in rows])
    told = noticed(copy)["strata_differ"]
    assert told.details["changed"] == "3: 45.72 → 30.51"
    table(copy / "rasters" / "strata.csv", lambda rows: [row | (
        {"pixels": "339"} if row["stratum"] == "3" else {}) for row in rows])
    assert "stratum_area_uneven" in refusal(copy)


def test_points_that_were_taken_out_are_told_and_points_that_were_added_are_refused(copy):
    table(copy / "rasters" / "points.csv", lambda rows: [row for row in rows if row["id"] != "P001"])
    told = noticed(copy)["points_not_judged"]
    assert told.details["missing"] == 1
    table(copy / "rasters" / "points.csv", lambda rows: [*rows, *(
        rows[0] | {"id": f"own{number}", "x": str(600_016 + 30 * number), "y": "4049985"} for number in range(2))])
    assert "stratum_with_many_points" in refusal(copy)


def test_points_without_their_strata_and_strata_without_their_table_are_refused(copy):
    table(copy / "rasters" / "points.csv", lambda rows: [row | (
        {"stratum": "99"} if row["id"] == "P001" else {}) for row in rows])
    assert refusal(copy)["points_without_stratum"].value == "99"
    table(copy / "rasters" / "points.csv", lambda rows: [row | (
        {"stratum": "third"} if row["id"] == "P001" else {}) for row in rows])
    assert set(refusal(copy)) == {"points_without_stratum", "not_a_number"}
    (copy / "rasters" / "strata.csv").unlink()
    assert "strata_missing" in refusal(copy)


def test_maps_made_anew_keep_the_areas_of_the_strata_and_say_so(copy, found):
    def water(bands):
        bands[:, :10, :40] = 8  # a class that is drawn over others
        return bands
    rewritten(copy / "rasters" / "cover_end.tif", water)
    one = area.check(copy)
    messages = {notice.message for notice in one.notices}
    assert {"strata_differ", "points_of_other_strata"} <= messages
    assert one.accuracy.covers["cover_end"].adjusted.area.value == pytest.approx(
        found.accuracy.covers["cover_end"].adjusted.area.value)
    assert float(one.accuracy.covers["cover_end"].adjusted.overall.value) < float(
        found.accuracy.covers["cover_end"].adjusted.overall.value)


def test_a_stratum_of_two_points_leaves_accuracy_open_and_says_which(copy):
    data = area.read_land(area.open_case(copy))[1]
    ids = [row["id"] for row in data.points.cells if row["stratum"] == "3"][2:]
    table(copy / "rasters" / "points.csv", lambda rows: [row for row in rows if row["id"] not in ids])
    one = area.check(copy)
    assert one.accuracy is None
    assert not one.carbon.adjusted
    (told,) = [notice for notice in one.notices if notice.message == "stratum_with_few_points"]
    assert (told.value, told.details["points"]) == (3, 2)


def test_points_that_are_filled_in_by_half_are_told_and_leave_accuracy_open(copy):
    blank = {"restore": "", "cover_start": "", "cover_end": ""}
    table(copy / "rasters" / "points.csv", lambda rows: [row | (blank if place >= 120 else {})
                                                         for place, row in enumerate(rows)])
    one = area.check(copy)
    assert (one.accuracy, len(one.identified.zones)) == (None, 3)
    told = {notice.message: notice for notice in one.notices}["points_unfilled"]
    assert (told.details["filled"], told.details["of"]) == (120, 509)
    assert told.details["rows"].startswith("122, 123, 124")  # below the heading and 120 rows
    assert "has 120 of 509 reference points filled in" in problem_text(told, "en")


def test_a_row_that_is_filled_in_by_half_is_refused_with_its_cell(copy):
    spoilt = {"P007": {"cover_end": ""}, "P009": {"restore": "maybe"}}
    table(copy / "rasters" / "points.csv", lambda rows: [row | spoilt.get(row["id"], {}) for row in rows])
    assert {(one.row, one.column) for one in refusal(copy).values()} == {(8, "cover_end"), (10, "restore")}


def test_a_sample_is_drawn_of_a_dossier_without_points_of_maps_alone(tmp_path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "land"))
    for name in ("points", "plots", "pools", "controls"):
        (folder / "rasters" / f"{name}.csv").unlink()
    drawn = lay_out(area.open_case(folder))
    assert drawn.strata == lay_out(area.open_case(FOLDER)).strata
    write_sample(drawn, tmp_path / "points")
    shutil.copy(tmp_path / "points" / "points.csv", folder / "rasters")
    shutil.copy(tmp_path / "points" / "strata.csv", folder / "rasters")
    told = {notice.message: notice for notice in area.check(folder).notices}["points_unfilled"]
    assert (told.details["filled"], told.details["of"]) == (0, 509)


@pytest.mark.parametrize(("layers", "covers"), [
    ({"ndvi"}, []), ({"cover_end", "elevation", "ndvi"}, ["cover_end"]),
    ({"cover_start", "cover_end"}, ["cover_start", "cover_end"])])
def test_of_whichever_maps_there_are_points_ask_for_what_these_tell(tmp_path, layers, covers):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "land"))
    for name in ("points", "plots", "pools", "controls"):
        (folder / "rasters" / f"{name}.csv").unlink()
    table(folder / "rasters" / "layers.csv", lambda rows: [row for row in rows if row["layer"] in layers])
    drawn = lay_out(area.open_case(folder))
    write_sample(drawn, tmp_path / "points")
    for name in ("points", "strata"):
        shutil.copy(tmp_path / "points" / f"{name}.csv", folder / "rasters")
    seen = answers(drawn)
    table(folder / "rasters" / "points.csv", lambda rows: [row | {
        name: one for name, one in seen[row["id"]].items() if name in row} for row in rows])
    found = area.check(folder).accuracy
    assert list(found.covers) == covers
    assert (found.change is not None) == (len(covers) == 2)
    mapped = whole(area.evaluate(area.open_case(folder)).identified.maps, "class")
    right = np.mean(((mapped == 3) == TRUTH.restore)[mapped != 255])
    assert abs(float(found.restore.adjusted.overall.value) - right) <= 3 * float(found.restore.adjusted.overall.error)


# --- the workbook -------------------------------------------------------------------------------------------------

@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheets_count_to_what_was_found(found, tmp_path, language):
    set_language(language)
    book = live_workbook(found.sheets(), datetime.date(2025, 6, 30))
    holds_every_formula(book, tmp_path)
    is_in_one_language(book, language)
