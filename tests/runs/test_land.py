"""A whole run on restoration areas: its maps and tables are archived, described, traced and made again."""

import json
import shutil
from pathlib import Path

import geopandas
import numpy as np
import pytest
from rocrate.rocrate import ROCrate

from mineco.core.errors import BadInput
from mineco.core.kit import parameters
from mineco.core.reading.files import sha256
from mineco.evaluation.record.manifest import write_manifest
from mineco.runs.audit import verify
from mineco.runs.run import run
from tests import example_area as example
from tests.helpers.drawn import block, drawn
from tests.helpers.land import refusal, rewritten, table

pytestmark = pytest.mark.slow
EXAMPLE = parameters() / "mines" / "example-restoration-area"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return run(EXAMPLE, "restoration-area-2025", tmp_path_factory.mktemp("runs"), ("html", "pdf"), "en")


@pytest.fixture(scope="module")
def results(made):
    return json.loads((made / "results.json").read_text("utf-8"))


def test_maps_and_tables_stand_in_the_manifest_and_in_the_crate_with_their_kind(made):
    names = {f"outputs/{path.name}" for path in (made / "outputs").iterdir()}
    assert len(names) == 16
    listed = dict(line.split("  ", 1)[::-1] for line in (made / "manifest-sha256.txt").read_text("utf-8").splitlines())
    assert {name: listed[name] for name in names} == {name: sha256(made / name) for name in names}
    files = {one.id: one.properties() for one in ROCrate(made).data_entities}
    assert names <= set(files)
    assert files["outputs/class.tif"]["encodingFormat"].startswith("image/tiff; application=geotiff")
    assert files["outputs/zones.gpkg"]["encodingFormat"] == "application/geopackage+sqlite3"


def test_what_is_handed_on_counts_as_a_result_and_the_rasters_as_handed_in(made):
    action = ROCrate(made).get("#run")
    results, given = ({one.id for one in action[role]} for role in ("result", "object"))
    assert "outputs/zones.gpkg" in results
    assert "inputs/rasters/ndvi.tif" in given


def test_the_report_shows_the_digest_of_every_map(made):
    text = (made / "report.html").read_text("utf-8")
    for path in (made / "outputs").iterdir():
        assert f"{sha256(path)[:12]}…" in text


def test_results_are_traced_to_rows_of_the_tables_and_to_rates(made, results):
    trace = json.loads((made / "trace.json").read_text("utf-8"))["results"]
    assert "rasters/pools.csv:2" in trace["outcome.carbon.end_tc"]["rows"]
    assert "rasters/layers.csv:ndvi 2013" in trace["outcome.zones"]["rows"]
    assert "RMS.grass.low" in trace["outcome.zones[0].measures.grass"]["factors"]
    assert "accuracy_required" in trace["outcome.verdicts.identified_users"]["factors"]
    cells = {one["step"]: one["cell"] for one in trace.values()}
    assert "" not in cells.values()
    for path in trace:  # every path leads somewhere
        part = results
        for step in path.replace("[", ".").replace("]", "").split("."):
            part = part[int(step)] if isinstance(part, list) else part[step]


def test_the_seed_of_the_draws_is_told(made, results):
    environment = json.loads((made / "environment.json").read_text("utf-8"))
    assert environment["seed"] == results["uncertainty"]["seed"] == 0


def test_the_run_is_made_again_to_the_last_byte_and_a_map_that_was_changed_is_found(made, tmp_path):
    found = verify.verify(made)
    assert (found.problems, found.obstacles) == ([], [])
    copy = Path(shutil.copytree(made, tmp_path / made.name))
    path = copy / "outputs" / "zone.tif"
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    write_manifest(copy)  # as somebody would who knows of it
    assert [(one.message, one.file) for one in verify.verify(copy).problems] == [
        ("report_differs", "outputs/zone.tif")]


def no_baseline(dossier):
    """Of desertified land, of which a zone is, it is not said what it would do by itself."""
    path = dossier / "rasters" / "area.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("  desertified:")), "utf-8")


def ndvi_of_one_value(dossier):
    rewritten(dossier / "rasters" / "ndvi.tif", lambda bands: np.where(bands == -32768, bands, 400))


def all_water(dossier):
    """The whole land is water at the end, which is never ranked."""
    rewritten(dossier / "rasters" / "cover_end.tif", lambda bands: np.where(bands == 255, bands, 8))


def no_pools(dossier):
    table(dossier / "rasters" / "pools.csv", lambda rows: [row for row in rows if row["class"] != "5"])


@pytest.mark.parametrize(("spoil", "message"), [
    (no_baseline, "baseline_missing"), (ndvi_of_one_value, "factor_does_not_vary"), (all_water, "nothing_to_rank"),
    (no_pools, "class_without_pools")])
def test_what_only_the_values_of_rasters_tell_ends_a_run_in_the_words_of_a_check_and_nothing_is_written(
        tmp_path, spoil, message):
    dossier = Path(shutil.copytree(EXAMPLE, tmp_path / "dossier"))
    spoil(dossier)
    with pytest.raises(BadInput) as refused:
        run(dossier, "restoration-area-2025", tmp_path / "runs", ("html",), "en")
    told = {one.message: one for one in refused.value.problems}
    assert message in told
    assert told == refusal(dossier)
    assert not (tmp_path / "runs").exists()


def test_a_study_area_and_its_parcels_are_archived_with_every_part_of_their_files(tmp_path):
    dossier = drawn(tmp_path, "boundary: 研究区.shp", parcels={"王家村": (0, 0, 40.5, 96), "赵庄": (40.5, 0, 90, 96)})
    frame = geopandas.GeoDataFrame({"名称": ["矿区"]}, geometry=[block(0, 0, 75.5, 90)], crs=example.CRS)
    frame.to_file(dossier / "rasters" / "研究区.shp", encoding="GBK")
    made = run(dossier, "restoration-area-2025", tmp_path / "runs", ("html",), "zh")
    shapes = {f"inputs/rasters/研究区.{part}" for part in ("shp", "shx", "dbf", "prj", "cpg")}
    assert all((made / name).is_file() for name in (*shapes, "outputs/parcels.gpkg", "outputs/parcels.csv"))
    outcome = json.loads((made / "results.json").read_text("utf-8"))["outcome"]
    assert [one["id"] for one in outcome["parcels"]] == ["王家村", "赵庄"]
    assert outcome["outside_ha"] == pytest.approx((96 * 96 - 76 * 90) * 0.09)
    assert json.loads((made / "trace.json").read_text("utf-8"))["results"]["outcome.parcels"]["cell"]
    assert "王家村" in (made / "report.html").read_text("utf-8")
    found = verify.verify(made)
    assert (found.problems, found.obstacles) == ([], [])
    assert not shapes & set(found.unknown)
