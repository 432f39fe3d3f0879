"""Two archived runs are compared, each with the parameters that it keeps; what is not whole is refused."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mineco.cli.compare import ORDER
from mineco.cli.main import main
from mineco.core.kit import CHOSEN, parameters
from mineco.evaluation.comparison.sides import CAUSES
from mineco.evaluation.record.manifest import NAME, write_manifest
from mineco.evaluation.registry import evaluate
from mineco.evaluation.variants.what_if import what_if
from mineco.runs.audit.compare import compare
from mineco.runs.converting import convert
from mineco.weighting.expert_weights import weigh, weights_document
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import weights_text
from tests.helpers.forger import edit
from tests.helpers.mines import example_once
from tests.helpers.places import ROOT
from tests.helpers.refusals import refused_with, told_in_both

EMISSIONS, SCORE = "emissions_t_co2e", "score"
FUELS = "kit/parameters/factors/fuels.csv"
INDICATORS = "kit/parameters/standards/carbon-neutral-mine-2025/indicators.yaml"
STANDARD = "kit/parameters/standards/carbon-neutral-mine-2025/standard.yaml"
SOURCES = "kit/parameters/accounting/sources.yaml"


@pytest.fixture
def archived(quarry_runs: tuple[Path, Path], tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a copy of a run with some texts written otherwise, sealed as whoever did it would."""

    def make(**texts: tuple[str, str] | Callable[[Path], object]) -> Path:
        run = Path(shutil.copytree(quarry_runs[0], tmp_path / "runs" / f"edited-{len(list(tmp_path.glob('runs/*')))}"))
        for name, change in texts.items():
            path = run / PLACES[name]
            if callable(change):
                change(path)
            else:
                text = path.read_text("utf-8")
                assert change[0] in text
                path.write_text(text.replace(*change, 1), "utf-8", newline="\n")
        write_manifest(run)
        return run

    return make


PLACES = {
    **{name: f"inputs/{name}.csv" for name in ("activity", "offsets", "ratings")},
    "fuels": FUELS, "indicators": INDICATORS, "standard": STANDARD, "sources": SOURCES,
    "formulas": "kit/parameters/accounting/formulas.yaml", "given": "parameters.json", "results": "results.json",
    "environment": "environment.json", "panel": "weights.yaml"}
LESS_HEAT = (",43.33,", ",40.0,")  # of diesel


def told_honestly(run: Path, first: Path) -> Path:
    """The run with the results recorded that its archive gives."""
    figures = compare(first, run).computed[1].figures

    def write(results):
        results["outcome"]["ledger"][EMISSIONS] = figures[EMISSIONS]
        results["outcome"]["score"]["total"] = figures[SCORE]

    edit(run / "results.json", write)
    write_manifest(run)
    return run


def changes(found, figure=EMISSIONS):
    return found.terms(figure)["change"].to_dict()


def only(cause, change):
    return dict.fromkeys(("data", "factors", "method", "standard", "weights", "version"), 0.0) | {cause: change}


# --- Whole runs ----------------------------------------------------------------------------------------------------


def test_two_runs_of_one_dossier_are_the_same(quarry_runs):
    found = compare(*quarry_runs)
    assert (found.same, found.remade, found.steps) == (True, [], ())


def test_a_row_changed_in_the_inputs_is_data(quarry_runs, archived):
    run = told_honestly(archived(activity=("2024,electricity,purchased,640,", "2024,electricity,purchased,600,")),
                        quarry_runs[0])
    found = compare(quarry_runs[0], run)
    assert changes(found) == pytest.approx(only("data", -40 * 0.4974), abs=1e-9)  # MWh of the grid of Zhejiang
    assert not found.remade


def test_a_factor_edited_in_a_kit_is_a_factor_and_the_kit_in_use_stays(quarry_runs, archived):
    before, chosen = parameters(), os.environ.get(CHOSEN)
    run = told_honestly(archived(fuels=LESS_HEAT), quarry_runs[0])
    found = compare(quarry_runs[0], run)
    expected = evaluate(what_if(example_once(), factors={"NDRC2014.diesel.NCV": 40})).summary()
    base = evaluate(example_once()).summary()
    for figure in (EMISSIONS, SCORE):
        change = float(expected[figure] - base[figure])
        assert changes(found, figure) == pytest.approx(only("factors", change), abs=1e-9)
    assert found.items()["key"].tolist() == ["NDRC2014.diesel.NCV"]
    assert (parameters(), os.environ.get(CHOSEN)) == (before, chosen)


def test_an_option_of_the_command_line_is_the_method(quarry_runs, archived):
    run = told_honestly(archived(given=lambda path: edit(path, lambda given: given.update(gwp="AR4"))), quarry_runs[0])
    found = compare(quarry_runs[0], run)
    expected = evaluate(what_if(example_once(), options={"gwp": "AR4"})).summary()[EMISSIONS]
    assert changes(found) == pytest.approx(
        only("method", float(expected) - found.recorded[0].figures[EMISSIONS]), abs=1e-9)


def test_weights_of_the_annex_edited_in_a_kit_are_weights_and_no_standard(quarry_runs, archived):
    def more_of_e1(path: Path) -> None:
        text = path.read_text("utf-8")
        for name, before, after in (("E1", 15, 20), ("E2", 30, 25)):
            row = next(line for line in text.splitlines() if line.strip().startswith(f"{name}: {{level: E"))
            text = text.replace(row, row.replace(f"weight: {before}", f"weight: {after}"))
        path.write_text(text, "utf-8", newline="\n")

    run = told_honestly(archived(indicators=more_of_e1), quarry_runs[0])
    found = compare(quarry_runs[0], run)
    points = evaluate(example_once()).score.groups
    by_hand = 0.05 * float(points["E1"]) - 0.05 * float(points["E2"])
    assert changes(found, SCORE) == pytest.approx(only("weights", by_hand), abs=1e-9)


def test_a_panel_is_weights(quarry_runs, archived):
    panel = weigh(read_panel(parameters() / "panels" / "example-groups"), draws=10)
    text = weights_text(weights_document(panel))
    run = told_honestly(archived(panel=lambda path: path.write_text(text, "utf-8"),
                                 given=lambda path: edit(path, lambda given: given.update(weights="weights.yaml"))),
                        quarry_runs[0])
    found = compare(quarry_runs[0], run)
    shares, points = panel.levels["groups"].weights, evaluate(example_once()).score.groups
    by_hand = sum(shares[name] * float(one) for name, one in points.items()) - found.recorded[0].figures[SCORE]
    assert changes(found, SCORE) == pytest.approx(only("weights", by_hand), abs=1e-9)


def test_a_cut_of_a_grade_is_the_standard_and_changes_the_grade_alone(quarry_runs, archived):
    run = archived(standard=("score: 60, offset: 0.60", "score: 66, offset: 0.60"))  # the quarry has 64.7 points
    found = compare(quarry_runs[0], run)
    assert changes(found, SCORE)["standard"] == 0
    assert (("standard",), "C", "below", "score") in found.grade_steps()
    assert found.remade == [found.second]  # its results still say C


def test_accounting_rules_of_one_and_the_standard_of_the_other_are_read_together(quarry_runs, archived):
    of_methane = "ch4_factor, fuel: '{key}', device: "
    run = archived(sources=(f"{of_methane}mobile_offroad", f"{of_methane}stationary"),
                   standard=("score: 60, offset: 0.60", "score: 66, offset: 0.60"))
    found = compare(quarry_runs[0], run)
    assert [one.causes for one in found.steps] == [("method",), ("standard",)]
    assert "accounting/sources.yaml" in set(found.items()["file"])
    # 207 t of 43.33 GJ/t with 3 in place of 4.15 kg of methane per TJ, at 29.8
    by_hand = 207 * 43.33 / 1000 * (3 - 4.15) / 1000 * 29.8
    assert changes(found) == pytest.approx(only("method", by_hand) | {"version": -by_hand}, abs=1e-9)


def test_another_edition_of_the_standard_is_compared(quarry_runs, archived):
    def as_of_2026(path: Path) -> None:
        folder = Path(shutil.copytree(path.parent, path.parent.with_name("carbon-neutral-mine-2026")))
        text = (folder / path.name).read_text("utf-8")
        text = text.replace("id: carbon-neutral-mine-2025", "id: carbon-neutral-mine-2026")
        (folder / path.name).write_text(text.replace("score: 60, offset: 0.60", "score: 66, offset: 0.60"), "utf-8")

    def rated_by_it(path: Path) -> None:
        text = path.read_text("utf-8").replace("\ncarbon-neutral-mine-2025,", "\ncarbon-neutral-mine-2026,")
        path.write_text(text, "utf-8")

    run = archived(standard=as_of_2026, ratings=rated_by_it, given=lambda path: edit(path, lambda given: given.update(
        standard="carbon-neutral-mine-2026")))
    found = compare(quarry_runs[0], run)
    assert changes(found, SCORE) == pytest.approx(only("data", 0))
    assert set(found.items().set_index("cause").loc[["data"], "file"]) == {"events.csv"}  # a log is of one edition
    assert (("standard",), "C", "below", "score") in found.grade_steps()
    assert found.document()["second"]["standard"] == "carbon-neutral-mine-2026"


def test_results_that_an_archive_does_not_give_have_a_line_of_their_own(quarry_runs, archived):
    run = archived(results=lambda path: edit(path, lambda told: told["outcome"]["score"].update(total=99.0)))
    found = compare(quarry_runs[0], run)
    assert changes(found, SCORE) == pytest.approx(only("version", 99 - found.recorded[0].figures[SCORE]))
    assert (found.remade, found.same) == ([found.second], False)


def test_a_run_of_an_earlier_version_is_compared_and_the_version_explains_what_is_left(quarry_runs, tmp_path):
    with zipfile.ZipFile(ROOT / "tests" / "cases" / "run-0.1.0.zip") as kept:
        kept.extractall(tmp_path)
    (earlier,) = (path for path in tmp_path.iterdir() if path.is_dir())
    found = compare(earlier, quarry_runs[0])
    told = json.loads((earlier / "results.json").read_text("utf-8"))["outcome"]["score"]["total"]
    assert found.recorded[0].figures[SCORE] == told
    assert (found.first.version, found.first.stand_in) == ("0.1.0", True)
    for figure in (EMISSIONS, SCORE):
        assert sum(changes(found, figure).values()) == pytest.approx(found.change(figure))
        assert changes(found, figure)["version"] == pytest.approx(
            found.computed[0].figures[figure] - found.recorded[0].figures[figure])


# --- What is refused ------------------------------------------------------------------------------------------------


def test_a_run_that_is_not_what_its_manifest_says_is_refused(quarry_runs, archived):
    run = archived()
    (run / "inputs" / "activity.csv").write_text("year\n", "utf-8")
    with refused_with(rf"{run.name}: compare_not_whole; {run.name}/inputs/activity.csv: manifest_changed") as caught:
        compare(quarry_runs[0], run)
    told_in_both(caught.value.problems)


def test_a_folder_that_is_no_run_is_refused(quarry_runs, tmp_path):
    with refused_with("not_a_run"):
        compare(quarry_runs[0], tmp_path)
    with refused_with("not_a_run"):
        compare(tmp_path / "nothing", quarry_runs[0])


@pytest.mark.parametrize(("changed", "message"), [
    ({"status": "preliminary"}, "compare_preliminary"), ({"kind": "sensitivity"}, "run_of_notebook"),
    ({"outcome": {}}, "document_not_sound"),
    ({"outcome": {"grade": {}, "score": {"total": "64"}, "ledger": {}}}, "document_not_sound")])
def test_results_without_a_grade_or_without_sense_are_refused(quarry_runs, archived, changed, message):
    run = archived(results=lambda path: edit(path, lambda told: told.update(changed)))
    with refused_with(message) as caught:
        compare(quarry_runs[0], run)
    told_in_both(caught.value.problems)


@pytest.mark.parametrize(("part", "changed"), [
    ("grade", {"final": "AAAA"}), ("grade", {"binding": "luck"}), ("score", {"total": "64"})])
def test_a_grade_or_a_number_that_is_none_is_refused(quarry_runs, archived, part, changed):
    run = archived(results=lambda path: edit(path, lambda told: told["outcome"][part].update(changed)))
    with refused_with("document_not_sound"):
        compare(quarry_runs[0], run)


def test_rules_of_a_kit_that_lack_a_name_are_refused_in_a_sentence(quarry_runs, archived):
    run = archived(formulas=("group_weights:", "group_wxights:"))
    with refused_with("compare_not_evaluated; compare_word_unknown .group_weights.") as caught:
        compare(quarry_runs[0], run)
    told_in_both(caught.value.problems)


def test_a_run_without_its_kit_is_refused(quarry_runs, archived):
    run = archived()
    shutil.rmtree(run / "kit" / "parameters" / "factors")
    write_manifest(run)
    with refused_with(f"{run.name}: not_a_run") as caught:
        compare(quarry_runs[0], run)
    assert caught.value.problems[0].details["missing"] == "kit/parameters/factors"


def test_a_folder_and_the_workbook_that_is_made_of_it_are_the_same(quarry_runs, archived):
    run = archived()
    convert(run / "inputs", run / "book" / "mine.xlsx")
    shutil.rmtree(run / "inputs")
    (run / "book").rename(run / "inputs")
    write_manifest(run)
    assert compare(quarry_runs[0], run).same


def test_weights_that_lie_anywhere_else_are_not_followed(quarry_runs, archived):
    run = archived(given=lambda path: edit(path, lambda given: given.update(weights="../../secret.yaml")))
    with refused_with("rerun_failed"):
        compare(quarry_runs[0], run)


def test_a_dossier_that_is_refused_today_is_told_by_its_problems(quarry_runs, archived):
    run = archived(activity=("2024,electricity,purchased,640,", "2024,electricity,purchased,-640,"))
    with refused_with("compare_not_evaluated; activity.csv"):
        compare(quarry_runs[0], run)


# --- The command ----------------------------------------------------------------------------------------------------


def mineco(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_the_command_leaves_with_0_where_all_is_the_same_1_where_it_differs_and_2_on_bad_input(quarry_runs, archived):
    run = archived(fuels=LESS_HEAT)
    assert mineco(*quarry_runs).exit_code == 0
    assert mineco(quarry_runs[0], run).exit_code == 1
    (run / NAME).unlink()
    assert mineco(quarry_runs[0], run).exit_code == 2


@pytest.mark.parametrize(("language", "said"), [
    ("zh", ("变化由什么引起", "因子", "单列一行", "柴油低位发热量")),
    ("en", ("What explains the change", "factors", "a line of its own", "diesel, net calorific value"))])
def test_the_command_tells_terms_things_and_remarks_in_the_language_asked_for(quarry_runs, archived, language, said):
    told = mineco(quarry_runs[0], archived(fuels=LESS_HEAT), "--lang", language)
    assert told.exit_code == 1, told.output
    for one in said:
        assert one in told.output
    assert any("\u4e00" <= mark <= "\u9fff" for mark in told.output) == (language == "zh")


def test_what_is_written_holds_the_same_and_replaces_nothing(quarry_runs, archived, tmp_path):
    run = archived(fuels=LESS_HEAT)
    document, table = tmp_path / "change.json", tmp_path / "change.csv"
    assert mineco(quarry_runs[0], run, "--out", document).exit_code == 1
    told = json.loads(document.read_text("utf-8"))
    assert told["schema"] == "mineco-comparison/1"
    for figure, rows in told["terms"].items():
        assert sum(row["change"] for row in rows) == pytest.approx(told["changes"][figure], abs=1e-9)
    assert mineco(quarry_runs[0], run, "--out", table).exit_code == 1
    assert "NDRC2014.diesel.NCV" in table.read_text("utf-8-sig")
    before = table.read_bytes()
    assert mineco(quarry_runs[0], run, "--out", table).exit_code == 2
    assert table.read_bytes() == before
    for odd in ("change.txt", "change"):
        assert mineco(quarry_runs[0], run, "--out", tmp_path / odd).exit_code == 2
        assert not (tmp_path / odd).exists()


def test_a_text_that_a_table_takes_for_a_formula_is_written_as_text(quarry_runs, archived, tmp_path):
    run = archived(offsets=("EX-F-2023-600001-600720", "=EX-F-2023-600001-600720"))
    assert mineco(quarry_runs[0], run, "--out", tmp_path / "change.csv").exit_code == 1
    text = (tmp_path / "change.csv").read_text("utf-8-sig")
    assert "'=EX-F-2023" in text
    assert not any(one.startswith(("=", "+", "@")) for one in text.replace("\n", ",").split(","))


def test_a_version_that_nobody_knows_is_refused(quarry_runs, archived):
    run = archived(environment=lambda path: edit(path, lambda told: told["mineco"].update(version="9\x1b[2J")))
    with refused_with("version_unknown"):
        compare(quarry_runs[0], run)


def test_the_order_that_help_shows_is_the_one_that_is_taken():
    assert tuple(ORDER.split(",")) == CAUSES


def test_another_order_can_be_asked_for_and_an_order_that_is_none_is_refused(quarry_runs):
    assert mineco(*quarry_runs, "--order", "weights, standard, method, factors, data").exit_code == 0
    refused = mineco(*quarry_runs, "--order", "weights", "--lang", "en")
    assert refused.exit_code == 2
    assert "does not name each cause once" in refused.stderr
