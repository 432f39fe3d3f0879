"""Land seen in part, years that do not fit, files, bands and points that count twice: told, or refused."""

import shutil

import numpy as np
import pytest

from mineco.core.labels import problem_text
from mineco.evaluation.restoration_area import evaluate as area
from tests.helpers.land import FOLDER, refusal, rewritten, table

pytestmark = pytest.mark.usefixtures("english")


def told(folder):
    return {one.message: one for one in area.check(folder).notices}


def with_rows(folder, file, change):
    table(folder / "rasters" / file, lambda rows: [change(row) for row in rows])


def test_the_example_tells_none_of_this():
    assert set(told(FOLDER)) <= {"text_in_other_language", "base_year_recent"}


def test_a_cover_of_part_of_the_map_is_told_with_the_share_that_is_missing(copy):

    rewritten(copy / "rasters" / "erodibility.tif", lambda bands: np.where(np.arange(96) < 58, bands, 65535))
    problem = told(copy)["layer_covers_part"]
    assert (problem.file, problem.value) == ("erodibility.tif", "erodibility")
    assert float(problem.details["share"].removesuffix(" %")) == pytest.approx(100 * 38 / 96, abs=0.1)


def test_ndvi_of_another_time_than_the_covers_is_refused_and_of_few_years_beside_told(copy):
    with_rows(copy, "layers.csv", lambda row: row | (
        {"year": str(int(row["year"]) - 10)} if row["layer"] in ("ndvi", "rain") else {}))
    assert told(copy)["periods_apart"].details == {"first": 2013, "last": 2024}  # 2003 to 2014 beside 2013 to 2024
    with_rows(copy, "layers.csv", lambda row: row | (
        {"year": str(int(row["year"]) - 2)} if row["layer"] in ("ndvi", "rain") else {}))
    problem = refusal(copy)["periods_without_common_year"]
    assert (problem.value, problem.details) == ("2001–2012", {"first": 2013, "last": 2024})


def test_a_year_that_a_series_lacks_is_told(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [
        row for row in rows if (row["layer"], row["year"]) != ("ndvi", "2018")])
    assert told(copy)["series_with_gaps"].value == "2018"


def test_one_band_for_two_years_is_refused_with_the_row_that_has_it(copy):
    table(copy / "rasters" / "layers.csv", lambda rows: [rows[0], rows[1] | {"band": "1"}, *rows[2:]])
    problem = refusal(copy)["band_twice"]
    assert (problem.file, problem.row, problem.value, problem.details["first"]) == ("layers.csv", 3, "1", 2)


def test_one_map_for_both_dates_is_refused(copy):
    with_rows(copy, "layers.csv", lambda row: row | (
        {"file": "cover_end.tif"} if row["layer"] == "cover_start" else {}))
    assert "band_twice" in refusal(copy)


def test_a_copy_of_a_file_under_another_name_is_told(copy):
    shutil.copy(copy / "rasters" / "cover_end.tif", copy / "rasters" / "cover_start.tif")
    table(copy / "rasters" / "points.csv", lambda rows: [{**row, "cover_start": row["cover_end"]} for row in rows])
    problem = told(copy)["files_alike"]
    assert {problem.value, problem.details["other"]} == {"cover_start.tif", "cover_end.tif"}


@pytest.mark.parametrize("file", ["points.csv", "plots.csv", "controls.csv"])
def test_two_points_at_one_place_are_refused_with_both(copy, file):
    table(copy / "rasters" / file, lambda rows: [*rows[:-1], rows[-1] | {"x": rows[0]["x"], "y": rows[0]["y"]}])
    problem = refusal(copy)["points_at_one_place"]
    with (copy / "rasters" / file).open(encoding="utf-8") as lines:
        ids = [line.split(",")[0] for line in lines]
    assert (problem.file, problem.value, problem.details["other"]) == (file, ids[-1].strip(), ids[1])
    assert "stands at the place of" in problem_text(problem)


def test_two_test_points_of_one_pixel_are_told_with_both(copy):
    def near(rows):
        rows[101].update(x=str(float(rows[100]["x"]) + 4), y=rows[100]["y"], restore=rows[100]["restore"],
                         cover_start=rows[100]["cover_start"], cover_end=rows[100]["cover_end"])
        return rows

    table(copy / "rasters" / "points.csv", near)
    problem = told(copy)["points_of_one_pixel"]
    assert (problem.value, problem.details["other"]) == ("P101", "P100")
