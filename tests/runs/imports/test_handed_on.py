"""The third standard hands its parcels and figures on to the second, and the second to the first: equal hectares and
tonnes, each row with the run that it comes from; what was changed on the way is found."""

import json
import shutil

import numpy as np
import openpyxl
import pytest
import rasterio
from click.testing import CliRunner
from scipy.ndimage import label as patches

import mineco as mc
from mineco.cli.main import main
from mineco.core.errors import BadInput
from mineco.dossier.checks.handed_on import reference_in
from mineco.evaluation.carbon_neutral_mine import evaluate as neutral
from mineco.evaluation.record.manifest import root_hash, write_manifest
from mineco.evaluation.record.proof import proof_lacking
from mineco.evaluation.restoration_area import evaluate as area
from mineco.evaluation.restoration_area.restored import restored_land
from mineco.evaluation.restoration_carbon_sink import evaluate as sink
from mineco.runs.audit.verify import verify
from mineco.runs.blanks.new import begin
from mineco.runs.converting import convert
from mineco.runs.imports.mapping import read_mapping
from mineco.runs.imports.run import handed_on, take
from mineco.runs.run import run
from tests.helpers import chain
from tests.helpers.chain import table
from tests.helpers.drawn import drawn
from tests.helpers.land import FOLDER

CLOSE = 1e-9
TONNES, HECTARES = "restoration_removals_t_co2e", "restored_area_ha"


def taken(mapping, of, dossier):
    told = []
    take(handed_on(read_mapping(mapping)[0], of), dossier, told)
    return told


def without_leakage(dossier):
    """What no map tells and the mine has to say: here that there is none."""
    table(dossier / "restoration.csv", lambda rows: [{**row, "leakage_t_co2e": "0"} for row in rows])


@pytest.fixture(scope="module")
def land(tmp_path_factory):
    """A run of the third standard, and the mine that it is of."""
    folder = tmp_path_factory.mktemp("chain")
    dossier = chain.mine(folder / "mine")
    chain.finished(area, dossier, folder / "land-2024")
    return folder / "land-2024", dossier


@pytest.fixture
def dossier(land, tmp_path):
    """The mine with what the run on its land hands on."""
    found = shutil.copytree(land[1], tmp_path / "mine")
    taken("restoration-area", land[0], found)
    without_leakage(found)
    return found


def counted(dossier, columns=None):
    """Hectares that went from mined (4) to reclaimed (6) in patches of a hectare or more, by the two maps alone; of so
    many columns of the grid."""
    maps = []
    for name in ("cover_start", "cover_end"):
        with rasterio.open(dossier / "rasters" / f"{name}.tif") as file:
            maps.append(file.read(1)[:, :columns])
    numbers, _ = patches((maps[0] == 4) & (maps[1] == 6))
    sizes = np.bincount(numbers.ravel())[1:] * 0.09
    return float(sizes[sizes >= 1].sum())


def test_hectares_and_tonnes_are_those_of_the_maps_under_all_three_standards(land, dossier, tmp_path):
    second = chain.finished(sink, dossier, tmp_path / "sink-2024")
    other = chain.mine(tmp_path / "other")
    told = taken("restoration-carbon-sink", tmp_path / "sink-2024", other)
    first = neutral.check(other)
    hectares = counted(land[1])
    # mined land holds 7 tC/ha in its soil; reclaimed land 8 living, 0.6 dead and 16 in its soil. Plants and litter grew
    # in 11 years, soil in 20: 8.6 / 11 + 9 / 20 tC/(ha yr)
    tonnes = hectares * (8.6 / 11 + 9 / 20) * 44 / 12
    parcels = chain.rows(land[0] / "outputs" / "restoration.csv")
    handed = [sum(float(row["area_ha"]) * (float(row["stock_end_tc_per_ha"]) - float(row["stock_start_tc_per_ha"]))
                  / float(row["stock_years"]) * 44 / 12 for row in parcels), float(parcels[0]["area_ha"])]
    kept = [float(second.removals()[name]) for name in (TONNES, HECTARES)]
    left = [float(first.ledger.removals.restoration), float(first.ledger.removals.restored_area)]
    for found in (handed, kept, left):
        assert found == pytest.approx([tonnes, hectares], rel=CLOSE)
    assert not told


def test_one_row_by_hand(land):
    soil, = (row for row in chain.rows(land[0] / "outputs" / "restoration.csv") if row["pool"] == "soil")
    # 371 pixels of 30 m: 33.39 ha; (16 - 7) tC/ha in 20 years: 33.39 * 0.45 * 44 / 12 = 55.0935 t CO2 a year
    assert float(soil["area_ha"]) == pytest.approx(371 * 0.09, rel=CLOSE)
    change = (float(soil["stock_end_tc_per_ha"]) - float(soil["stock_start_tc_per_ha"])) / float(soil["stock_years"])
    assert float(soil["area_ha"]) * change * 44 / 12 == pytest.approx(55.0935, rel=CLOSE)


def test_land_beyond_the_study_area_is_not_handed_on(tmp_path):
    found = area.check(drawn(tmp_path, boundary=(0, 0, 49, 96)))
    (hectares, *_), = restored_land(found).values()
    assert 0 < hectares < counted(FOLDER)
    assert hectares == pytest.approx(counted(FOLDER, columns=49), rel=CLOSE)


def test_soil_loss_and_cover_reach_the_indicators_of_the_second_standard(land, dossier):
    figures = {row["metric"]: float(row["value"]) for row in chain.rows(land[0] / "outputs" / "metrics.csv")}
    found = sink.check(dossier).indicators
    assert float(found["SE.3"].value) == pytest.approx(
        100 * figures["green_area"] / figures["greenable_area"], rel=CLOSE)
    assert float(found["SE.4"].value) == pytest.approx(
        figures["soil_loss"] / figures["background_soil_loss"], rel=CLOSE)
    stock = 24.6 * counted(land[1])  # tC/ha of reclaimed land: 6 + 2 + 0.6 + 16
    assert figures["carbon_stock"] == pytest.approx(stock, rel=CLOSE)


def test_each_row_names_run_standard_and_digests_and_its_papers_lie_beside(land, dossier):
    for file in ("restoration.csv", "metrics.csv"):
        named = [reference_in(row["note"]) for row in chain.rows(dossier / file)]
        one, = {one for one in named if one}
        assert (one.run, one.standard, one.root) == ("land-2024", "restoration-area-2025", root_hash(land[0]))
    parcel = chain.rows(dossier / "restoration.csv")[0]
    assert parcel["data_source"] == "restoration-area: transition.csv, pools.csv (land-2024)"
    assert (parcel["kind"], parcel["verified_by"]) == ("calculated", "未核验 / not verified")
    assert (dossier / parcel["evidence"]).read_bytes() == (land[0] / "outputs" / "transition.csv").read_bytes()


def test_a_row_of_the_first_still_tells_of_the_run_on_its_land(dossier, tmp_path):
    chain.finished(sink, dossier, tmp_path / "sink-2024")
    other = chain.mine(tmp_path / "other")
    taken("restoration-carbon-sink", tmp_path / "sink-2024", other)
    row = chain.rows(other / "restoration.csv")[0]
    assert reference_in(row["note"]).run == "sink-2024"
    assert "run land-2024 (restoration-area-2025, derived); run sink-2024" in row["note"]
    assert row["evidence"] == "evidence/sink-2024/inputs/evidence/land-2024/outputs/transition.csv"
    assert (other / row["evidence"]).is_file()


def test_what_the_run_does_not_know_is_told_and_then_refused(land, tmp_path):
    found = shutil.copytree(land[1], tmp_path / "mine")
    told = taken("restoration-area", land[0], found)
    assert [(one.message, one.file, one.column) for one in told if one.message == "handed_on_open"] == [
        ("handed_on_open", "restoration.csv", "leakage_t_co2e")]
    with pytest.raises(BadInput) as refused:
        sink.check(found)
    assert {(one.row, one.column) for one in refused.value.problems} == {(n, "leakage_t_co2e") for n in (2, 3, 4)}


def test_nothing_that_stands_there_is_overwritten(land, tmp_path):
    found = shutil.copytree(land[1], tmp_path / "mine")
    before = (found / "metrics.csv").read_text("utf-8-sig").splitlines()
    told = {(one.message, one.column): one for one in taken("restoration-area", land[0], found)}
    area_there = told["handed_on_there", "value"]
    assert (area_there.value, area_there.details["handed"]) == ("9552", "829.44 ha")
    assert (found / "metrics.csv").read_text("utf-8-sig").splitlines()[:len(before)] == before


def test_blank_rows_of_a_new_dossier_give_way(land, tmp_path):
    found = begin(tmp_path / "new", "restoration-carbon-sink-2024", kind="coal-underground", year=2024)
    taken("restoration-area", land[0], found)
    figures = [row for row in chain.rows(found / "metrics.csv") if row["metric"] == "soil_loss"]
    assert [row["value"] for row in figures] == ["9545.41215800671"]


def test_a_second_time_nothing_is_new(land, dossier):
    before = {path: path.read_bytes() for path in dossier.rglob("*") if path.is_file()}
    taken("restoration-area", land[0], dossier)
    assert {path: path.read_bytes() for path in dossier.rglob("*") if path.is_file()} == before


def test_other_parcels_of_the_year_and_another_mine_are_told(land, tmp_path):
    found = shutil.copytree(chain.MINES / "example-copper", tmp_path / "copper")
    told = {(one.message, one.column): one for one in taken("restoration-area", land[0], found)}
    assert told["handed_on_beside", "parcel"].details["handed"] == "A4-6"
    assert told["handed_on_of_other", "id"].value == "example-copper"


def changed(dossier, file, column, value, **about):
    def change(rows):
        for row in rows:
            if about.items() <= row.items():
                row[column] = value
        return rows

    table(dossier / file, change)


@pytest.mark.parametrize(("file", "column", "value", "about"), [
    ("restoration.csv", "area_ha", "66.78", {"pool": "soil"}),
    ("restoration.csv", "stock_end_tc_per_ha", "26", {"pool": "soil"}),
    ("restoration.csv", "ecosystem", "forest", {"pool": "biomass"}),
    ("metrics.csv", "value", "2100", {"metric": "soil_loss"}),
    ("metrics.csv", "unit", "t/(ha yr)", {"metric": "soil_loss"}),
], ids=str)
def test_a_number_that_is_not_the_runs_is_refused_with_what_the_run_has(dossier, file, column, value, about):
    if column == "area_ha":
        about = {}  # a parcel has one area
    changed(dossier, file, column, value, **about)
    with pytest.raises(BadInput) as refused:
        sink.check(dossier)
    found = {one.column: one for one in refused.value.problems if one.message == "handed_on_changed"}
    assert found.keys() == {"value" if column == "unit" else column}
    assert found.popitem()[1].details["run"] == "land-2024"


def test_a_row_that_the_run_never_had_is_refused(dossier):
    changed(dossier, "restoration.csv", "parcel", "A4-7", pool="soil")
    with pytest.raises(BadInput) as refused:
        sink.check(dossier)
    assert ("handed_on_by_nobody", 4) in [(one.message, one.row) for one in refused.value.problems]


@pytest.mark.parametrize("paper", ["outputs/restoration.csv", "results.json", "manifest-sha256.txt"])
def test_papers_of_the_run_that_were_changed_too_are_found(dossier, paper):
    path = dossier / "evidence" / "land-2024" / paper
    path.write_bytes(path.read_bytes().replace(b"16.0", b"26.0") + b"\n")
    with pytest.raises(BadInput) as refused:
        sink.check(dossier)
    assert ("handed_on_paper_changed", f"evidence/land-2024/{paper}") in [
        (one.message, one.file) for one in refused.value.problems]


def test_papers_that_were_taken_away_are_asked_for(dossier):
    shutil.rmtree(dossier / "evidence" / "land-2024")
    with pytest.raises(BadInput) as refused:
        sink.check(dossier)
    assert "handed_on_without_papers" in {one.message for one in refused.value.problems}


def test_a_figure_of_the_mines_own_is_let_through_where_the_note_names_no_run(dossier):
    changed(dossier, "metrics.csv", "value", "2100", metric="soil_loss")
    changed(dossier, "metrics.csv", "note", "monitored", metric="soil_loss")
    assert float(sink.check(dossier).indicators["SE.4"].value) == pytest.approx(2100 / 2077.0388875954)


def test_rows_that_nobody_has_verified_are_a_finding_until_somebody_has(dossier):
    found, = (one for one in proof_lacking(sink.check(dossier)) if one.message == "handed_on_derived")
    figures = chain.rows(dossier / "metrics.csv")
    lines = [line for line, row in enumerate(figures, start=2) if reference_in(row["note"])]
    assert set(found.details["places"].split("; ")) == {"restoration.csv:2–4", f"metrics.csv:{lines[0]}–{lines[-1]}"}
    changed(dossier, "restoration.csv", "verified_by", "third party")
    for metric in chain.OF_LAND:
        changed(dossier, "metrics.csv", "verified_by", "third party", metric=metric)
    assert "handed_on_derived" not in {one.message for one in proof_lacking(sink.check(dossier))}


def test_what_whoever_verifies_fills_in_is_let_through(dossier):
    changed(dossier, "restoration.csv", "verified_by", "third party")
    changed(dossier, "restoration.csv", "leakage_t_co2e", "3", pool="soil")
    changed(dossier, "restoration.csv", "land_plots", "TB-7")
    assert sink.check(dossier)


def test_what_if_of_a_row_handed_on_is_no_forgery(dossier):
    case = sink.open_case(dossier)
    twice = sink.evaluate(mc.what_if(case, parcels={"A4-6": {"area_ha": 2 * 33.39}}, soil_loss=5000))
    assert float(twice.indicators["SE.4"].value) == pytest.approx(5000 / 2077.0388875954)
    assert float(twice.effect.restoration.area) == pytest.approx(66.78)


def test_vegetation_before_stands_beside_vegetation_after(land, dossier):
    with rasterio.open(land[1] / "rasters" / "cover_start.tif") as file:
        before = np.isin(file.read(1), (1, 2, 3, 6)).sum() * 0.09  # forest, grass, crops, reclaimed land
    note, = (row["note"] for row in chain.rows(dossier / "metrics.csv")
             if row["metric"] == "green_area" and reference_in(row["note"]))
    assert f"{before:.10g} ha in 2013" in note


def test_a_run_without_pools_hands_on_its_areas_and_never_the_parcels_that_were_handed_in(land, tmp_path):
    bare = shutil.copytree(land[1], tmp_path / "bare")
    for name in ("pools.csv", "plots.csv"):
        path = bare / "rasters" / name
        path.write_text(path.read_text("utf-8-sig").splitlines()[0] + "\n", "utf-8")
    shutil.copyfile(chain.MINES / "changcun-coal" / "restoration.csv", bare / "restoration.csv")
    chain.finished(area, bare, tmp_path / "land-2024")
    found = shutil.copytree(land[1], tmp_path / "mine")
    taken("restoration-area", tmp_path / "land-2024", found)
    assert chain.rows(found / "restoration.csv") == []
    named = {row["metric"] for row in chain.rows(found / "metrics.csv") if reference_in(row["note"])}
    assert named == {"greenable_area", "green_area", "soil_loss", "background_soil_loss"}


def test_a_run_that_was_changed_hands_on_nothing(land, tmp_path):
    run_, mine = shutil.copytree(land[0], tmp_path / "land-2024"), shutil.copytree(land[1], tmp_path / "mine")
    changed(run_ / "outputs", "restoration.csv", "area_ha", "66.78")
    with pytest.raises(BadInput, match="outputs/restoration.csv"):
        taken("restoration-area", run_, mine)
    assert not (mine / "evidence").exists()
    write_manifest(run_)  # whoever writes the manifest anew has another root
    taken("restoration-area", run_, mine)
    assert reference_in(chain.rows(mine / "restoration.csv")[0]["note"]).root != root_hash(land[0])


def test_a_run_of_another_standard_is_refused(land):
    with pytest.raises(BadInput) as refused:
        handed_on(read_mapping("restoration-carbon-sink")[0], land[0])
    assert refused.value.problems[0].message == "run_of_other_standard"


def test_the_dossier_of_the_next_year_keeps_the_papers(dossier, tmp_path):
    following = begin(tmp_path / "next", "restoration-carbon-sink-2024", last=dossier)
    assert (following / "evidence" / "land-2024" / "manifest-sha256.txt").is_file()
    assert {reference_in(row["note"]) is None for row in chain.rows(following / "restoration.csv")
            if row["year"] == "2025"} == {True}


def test_a_workbook_takes_them_in_a_copy_that_is_read_alike(land, tmp_path):
    book = convert(land[1], tmp_path / "book" / "mine.xlsx")
    told = CliRunner().invoke(main, ["import", "restoration-area", str(land[0]), "--into", str(book), "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert "3 rows of restoration.csv, 5 rows of metrics.csv" in told.output
    made = book.with_name("mine-imported.xlsx")
    sheet = openpyxl.load_workbook(made)["生态修复地块"]
    at = [cell.value for cell in sheet[1]].index("leakage_t_co2e") + 1
    for row in (2, 3, 4):
        sheet.cell(row, at).value = 0
    sheet.parent.save(made)
    book.unlink()
    found = sink.check(made)
    assert float(found.removals()[HECTARES]) == pytest.approx(counted(land[1]), rel=CLOSE)


def test_a_run_of_a_workbook_hands_on_the_same_and_the_workbook_is_its_paper(dossier, tmp_path):
    book = convert(dossier, tmp_path / "book" / "mine.xlsx")
    chain.finished(sink, book, tmp_path / "sink-2024")
    other = chain.mine(tmp_path / "other")
    taken("restoration-carbon-sink", tmp_path / "sink-2024", other)
    assert (other / "evidence" / "sink-2024" / "inputs" / "mine.xlsx").is_file()
    assert float(neutral.check(other).ledger.removals.restored_area) == pytest.approx(counted(dossier), rel=CLOSE)
    # a table beside the workbook is not of the run, whatever it says
    shutil.copyfile(other / "restoration.csv", other / "evidence" / "sink-2024" / "inputs" / "restoration.csv")
    changed(other / "evidence" / "sink-2024" / "inputs", "restoration.csv", "area_ha", "66.78")
    changed(other, "restoration.csv", "area_ha", "66.78")
    with pytest.raises(BadInput) as refused:
        neutral.check(other)
    assert "handed_on_changed" in {one.message for one in refused.value.problems}


@pytest.mark.parametrize("more", [[], ["--into", "mine", "--year", "2024"], ["--into", "mine", "--out", "new"]])
def test_a_run_goes_into_a_dossier_and_has_its_own_year(land, more):
    told = CliRunner().invoke(main, ["import", "restoration-area", str(land[0]), *more, "--lang", "en"])
    assert told.exit_code == 2
    assert "Give --into DOSSIER" in told.output


def test_a_run_in_place_of_a_dossier_is_told_with_what_can_be_done(land, tmp_path):
    told = CliRunner().invoke(main, ["new", str(tmp_path / "new"), "--from", str(land[0]), "--lang", "en"])
    assert told.exit_code == 2
    assert "is the folder of a run, and no dossier" in told.output
    assert "mineco import restoration-area" in told.output


@pytest.mark.slow
def test_whole_runs_hand_on_the_same_and_verify(tmp_path):
    dossier = chain.mine(tmp_path / "mine")
    third = run(dossier, "restoration-area-2025", tmp_path / "runs", ("html",), "en")
    taken("restoration-area", third, dossier)
    without_leakage(dossier)
    second = run(dossier, "restoration-carbon-sink-2024", tmp_path / "runs", ("html",), "en")
    other = chain.mine(tmp_path / "other")
    taken("restoration-carbon-sink", second, other)
    first = run(other, "carbon-neutral-mine-2025", tmp_path / "runs", ("html",), "en")
    outcomes = [json.loads((one / "results.json").read_text("utf-8"))["outcome"] for one in (second, first)]
    hectares = counted(dossier)
    tonnes = hectares * (8.6 / 11 + 9 / 20) * 44 / 12
    assert outcomes[0]["removals"][TONNES] == pytest.approx(tonnes, rel=CLOSE)
    assert outcomes[0]["removals"][HECTARES] == pytest.approx(hectares, rel=CLOSE)
    assert outcomes[1]["ledger"][TONNES] == pytest.approx(tonnes, rel=CLOSE)
    assert verify(second, kit_differs_ok=True).exit_status == 0
    changed(second / "inputs", "restoration.csv", "stock_end_tc_per_ha", "26.0", pool="soil")
    write_manifest(second)
    found = verify(second, kit_differs_ok=True)
    reason, = (one.details["reason"] for one in (*found.problems, *found.obstacles) if one.message == "rerun_failed")
    assert f"run {third.name} (restoration-area-2025)" in reason
    assert "the run has 16." in reason
