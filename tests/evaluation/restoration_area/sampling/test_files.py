"""What `mineco sample` writes: the same points three times over, blind, whole or not at all, never over answers."""

import csv
import re

import geopandas
import pyogrio
import pytest
from click.testing import CliRunner
from lxml import etree

from mineco.cli.main import main
from mineco.core.labels import set_language
from mineco.dossier.cells import tables
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.sampling.draw import lay_out
from mineco.evaluation.restoration_area.sampling.files import asked, class_rows, write_sample
from mineco.geo.vectors import read_points
from tests.helpers.land import FOLDER
from tests.helpers.refusals import refused_with

CHINESE = re.compile("[\u4e00-\u9fff]")
KML = "{http://www.opengis.net/kml/2.2}"
FILES = ["README.md", "points.csv", "points.gpkg", "points.kml", "strata.csv"]


@pytest.fixture(scope="module")
def sample():
    return lay_out(area.open_case(FOLDER), fit_share=0.1)


@pytest.fixture(scope="module")
def folder(sample, tmp_path_factory):
    set_language("en")
    made = tmp_path_factory.mktemp("sample") / "points"
    write_sample(sample, made)
    return made


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_three_files_hold_the_same_points_which_are_those_that_were_drawn(folder, sample):
    grid, known = sample.data.layers.grid, tables("rasters")["points.csv"]
    wanted = [[name for name, one in known.items() if name not in ("id", "x", "y") and one.optional == optional]
              for optional in (False, True)]
    found = [read_points(folder / f"points.{ending}", grid, sample.data.settings.crs, *wanted)
             for ending in ("csv", "gpkg", "kml")]
    for one in found:
        assert (one.rows.tolist(), one.columns.tolist()) == (sample.rows.tolist(), sample.columns.tolist())
        assert [row["use"] for row in one.cells] == ["fit" if fit else "test" for fit in sample.fit]
        assert [int(row["stratum"]) for row in one.cells] == sample.stratum.tolist()
        assert [row["id"] for row in one.cells] == [f"P{number:03}" for number in range(1, len(sample.rows) + 1)]
        assert {row[name] for row in one.cells for name in (*asked(sample.data), "interpreter")} == {""}


def test_points_are_blind(folder, sample):
    # of a point its file has id, place, use and a bare number, and nothing by which the map calls its land
    given = [{name: text for name, text in row.items() if text} for row in rows(folder / "points.csv")]
    assert {tuple(one) for one in given} == {("id", "x", "y", "use", "stratum")}
    marks = list(etree.parse(folder / "points.kml").iter(f"{KML}Placemark"))
    assert len({mark.findtext(f"{KML}description") for mark in marks}) == 1  # the same questions at every point
    data = [[(one.get("name"), one.findtext(f"{KML}value")) for one in mark.iter(f"{KML}Data")] for mark in marks]
    assert data == [[("use", row["use"]), ("stratum", row["stratum"])] for row in rows(folder / "points.csv")]


def test_the_kml_is_read_by_gdal_in_folders_of_fifty_where_the_points_lie(folder, sample):
    layers = [name for name, _ in pyogrio.list_layers(folder / "points.kml")]
    assert layers[0] == "P001–P050"
    assert len(layers) == -(-len(sample.rows) // 50)
    shapes = geopandas.read_file(folder / "points.kml", layer=layers[0], engine="pyogrio")
    x, y = sample.places
    seen = shapes.to_crs(sample.data.layers.grid.crs).geometry
    assert abs(seen.x.to_numpy() - x[:50]).max() < 0.01  # m
    assert abs(seen.y.to_numpy() - y[:50]).max() < 0.01


@pytest.mark.usefixtures("english")
def test_what_a_code_means_stands_in_every_file_and_beside(folder, sample):
    classes = class_rows(sample.data)
    assert classes[3] == (4, "mined land")
    table = pyogrio.read_dataframe(folder / "points.gpkg", layer="classes")
    assert list(zip(table["code"].tolist(), table["name"], strict=True)) == classes
    for text in ((folder / "README.md").read_text("utf-8"), (folder / "points.kml").read_text("utf-8")):
        assert all(f"{code}: {name}" in text for code, name in classes)
        assert "in 2013, in truth" in text
    assert "`mineco sample --error 0.02 --least 25 --fit 0.1 --seed 0`" in (folder / "README.md").read_text("utf-8")


def test_strata_are_kept_with_their_pixels_area_and_points(folder, sample):
    kept = rows(folder / "strata.csv")
    assert list(kept[0]) == list(tables("rasters")["strata.csv"])
    assert sum(int(one["pixels"]) for one in kept) == 96 * 96
    assert sum(float(one["area_ha"]) for one in kept) == pytest.approx(829.44)
    assert sum(int(one["points"]) for one in kept) == int((~sample.fit).sum())


def test_the_same_sample_is_the_same_bytes(folder, sample, tmp_path):
    set_language("en")
    write_sample(sample, tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_answers_are_never_overwritten(sample, tmp_path):
    (tmp_path / "points.csv").write_text("id,restore\nP001,yes\n")
    with refused_with("folder_not_empty"):
        write_sample(sample, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]
    assert (tmp_path / "points.csv").read_text() == "id,restore\nP001,yes\n"


# --- the command --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_tells_the_strata_and_what_to_do_in_one_language(language, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(main, ["sample", str(FOLDER), "--least", "10", "--seed", "3", "--lang", language])
    assert said.exit_code == 0, said.output
    folder = tmp_path / "example-restoration-area-points"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert f"{len(rows(folder / 'points.csv'))} " in said.output
    assert "strata.csv" in said.output.splitlines()[-1]
    for text in (said.output, (folder / "README.md").read_text("utf-8"), (folder / "points.kml").read_text("utf-8")):
        assert bool(CHINESE.search(text)) == (language == "zh")


def test_the_command_refuses_before_it_works_and_leaves_with_2(tmp_path):
    (tmp_path / "points").mkdir()
    (tmp_path / "points" / "answers").touch()
    said = CliRunner().invoke(main, ["sample", str(FOLDER), "--out", str(tmp_path / "points"), "--lang", "en"])
    assert (said.exit_code, "has something in it already" in said.output) == (2, True)
    said = CliRunner().invoke(main, ["sample", str(FOLDER), "--out", str(tmp_path / "new"), "--error", "0"])
    assert said.exit_code == 2
    assert not (tmp_path / "new").exists()
