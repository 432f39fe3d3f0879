"""`mineco weights` prints and writes; `mineco run --weights` keeps the file, and `verify` finds it swapped."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mineco.cli.main import main
from mineco.cli.options import in_columns
from mineco.core.errors import BadInput, Problems
from mineco.core.kit import parameters
from mineco.core.labels import label
from mineco.core.writing import text_width
from mineco.evaluation.record.manifest import read_manifest, write_manifest
from mineco.runs.audit.rerun import run_parameters
from mineco.runs.audit.verify import verify
from mineco.runs.run import run
from mineco.weighting.panels import read_panel
from mineco.weighting.weights_file import read_weights
from tests.weighting.test_expert_weights import CONSISTENT, TWO, panel_of

PANEL = parameters() / "panels" / "example-groups"
QUARRY = parameters() / "mines" / "tiny-quarry"


def mineco(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "panel.yaml"
    assert mineco("weights", PANEL, "--out", path).exit_code == 0
    return path


@pytest.mark.parametrize(("language", "first"), [("zh", "最重要：E2"), ("en", "Most important: E2")])
def test_the_weights_are_printed_in_the_chosen_language(language, first):
    said = mineco("weights", PANEL, "--lang", language, "--draws", 100)
    assert said.exit_code == 0
    assert first in said.output


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_that_the_views_show_of_a_panel_is_printed(language):
    said = mineco("weights", PANEL, "--lang", language, "--draws", 100).output
    panel = read_panel(PANEL)
    for part in (*(label(name, language) for name in (
            "panel_illustrative", "eigenvector", "geometric_mean", "column_mean", "low", "high", "disagreements",
            "panel_worst", "random_index")), "alonso-lamata-2006", "simulated-incomplete", "CR = 0.0072", "λmax",
            "Shannon β", "Kendall", "0.624", "16.67 %", panel.sha256, *(one.role[language] for one in panel.experts)):
        assert part.lower() in said.lower(), part


def test_a_ratio_of_the_group_that_is_not_acceptable_is_marked(tmp_path):
    # a > b > c > a, each three times: as contradictory as can be
    rows = [f"{expert},groups,{pair},3," for expert in "AB" for pair in ("a,b", "b,c", "c,a")]
    said = mineco("weights", panel_of(tmp_path, TWO, rows), "--draws", 100, "--lang", "en")
    assert said.exit_code == 0, said.output
    assert re.search(r"CR = \d\.\d+ > 0\.1", said.output)


def test_a_panel_that_gave_scores_is_printed_without_consistency(tmp_path):
    given = {"A": {"a": 9, "b": 3, "c": 3}, "B": {"a": 9, "b": 6, "c": 3}}
    scores = [f"1,{name},groups,{item},{score}," for name, own in given.items() for item, score in own.items()]
    said = mineco("weights", panel_of(tmp_path, TWO, scores=scores, method="delphi"), "--draws", 100, "--lang", "en")
    assert said.exit_code == 0, said.output
    for part in ("Delphi", "Weight of each expert", "50 %", "Round 1: Kendall's W = "):
        assert part in said.output
    assert "CR" not in said.output.replace("Authority Cr", "")


def test_an_item_that_nobody_scores_above_0_has_no_weight_and_is_printed(tmp_path):
    scores = [f"1,{name},groups,{item},{score}," for name in "AB" for item, score in (("a", 9), ("b", 0), ("c", 3))]
    said = mineco("weights", panel_of(tmp_path, TWO, scores=scores, method="delphi"), "--draws", 100, "--lang", "en")
    assert said.exit_code == 0, said.output
    assert "\nb     0 " in said.output
    told = mineco("weights", tmp_path, "--draws", 100, "--lang", "en", "--out", tmp_path / "w.yaml")
    assert (told.exit_code, (tmp_path / "w.yaml").exists()) == (2, False)
    assert "scores.csv, groups = b: was given 0 by every expert" in told.output


def test_the_low_end_of_a_weight_may_be_0(tmp_path):
    scores = [f"1,{name},groups,{item},{score}," for name, own in (("A", (9, 3, 1)), ("B", (9, 0, 1)))
              for item, score in zip("abc", own, strict=True)]
    folder = panel_of(tmp_path, TWO, scores=scores, method="delphi")
    assert mineco("weights", folder, "--draws", 200, "--out", tmp_path / "w.yaml").exit_code == 0
    assert "low: 0.0" in (tmp_path / "w.yaml").read_text("utf-8")


def test_items_called_as_the_columns_of_a_result_keep_their_names(tmp_path):
    rows = [row.replace(",a,", ",cr,").replace(",b,", ",weight,") for row in CONSISTENT]
    said = mineco("weights", panel_of(tmp_path, TWO, rows, items=["cr", "weight", "c"]), "--draws", 100, "--lang", "en")
    assert "\ncr      0.6667" in said.output  # 4 : 1 : 1


def test_columns_line_up_whatever_the_script():
    lines = in_columns("煤炭 | 1 | x\ngas | 12 | x", " | ").splitlines()
    assert {text_width(line) for line in lines} == {4 + 2 + 2 + 2 + 1}


def test_the_same_panel_gives_the_same_file_and_a_file_is_never_replaced(file, tmp_path):
    again = tmp_path / "again.yaml"
    assert mineco("weights", PANEL, "--out", again).exit_code == 0
    assert again.read_bytes() == file.read_bytes()
    refused = mineco("weights", PANEL, "--out", again, "--seed", 1, "--lang", "en")
    assert refused.exit_code == 2
    assert "not replaced" in refused.stderr
    assert again.read_bytes() == file.read_bytes()


def test_a_panel_of_numbered_experts_with_a_foreign_name_gives_a_file_that_is_read(tmp_path):
    folder = shutil.copytree(PANEL, tmp_path / "panel")
    for name in ("experts.csv", "judgements.csv", "scores.csv"):
        text = (folder / name).read_text("utf-8-sig")
        (folder / name).write_text(re.sub(r"^(\d,)?A,", r"\g<1>08,", text, flags=re.MULTILINE), "utf-8-sig")
    settings = (folder / "panel.yaml").read_text("utf-8-sig").replace("示例专家组", "Úřad pro těžbu")
    (folder / "panel.yaml").write_text(settings, "utf-8-sig")
    said = mineco("weights", folder, "--draws", 100, "--out", tmp_path / "w.yaml")
    assert said.exit_code == 0, said.output
    found = read_weights(tmp_path / "w.yaml")
    assert "08" in found.levels["groups"].experts
    assert "Úřad pro těžbu" in found.panel.name.zh


def test_settings_of_the_panel_may_be_overruled(tmp_path):
    path = tmp_path / "weights.yaml"
    said = mineco("weights", PANEL, "--priority", "column_mean", "--aggregation", "priorities", "--random-index",
                  "saaty-1980", "--seed", 7, "--draws", 100, "--out", path, "--lang", "en")
    assert said.exit_code == 0
    for part in ("column mean", "AIP", "saaty-1980", "seed 7"):
        assert part in said.output
    text = path.read_text("utf-8")
    assert "random_index: saaty-1980" in text
    assert "seed: 7" in text


@pytest.mark.parametrize(("arguments", "message"), [
    (["nowhere"], "no such folder of a panel"), ([PANEL, "--priority", "best"], "not one of the choices"),
    ([PANEL, "--printed", "0.5,0.5"], "as many weights"), ([PANEL, "--printed", "a lot"], "a lot"),
    ([PANEL, "--out", Path("no/such/folder/w.yaml")], "w.yaml")])
def test_bad_input_is_told_and_leaves_with_2(arguments, message):
    said = mineco("weights", *arguments, "--draws", 100, "--lang", "en")
    assert said.exit_code == 2
    assert message in said.stderr


def test_a_blank_questionnaire_is_told_in_ten_lines_with_the_command_that_tells_all(tmp_path):
    folder = tmp_path / "blank"
    assert mineco("new", folder, "--panel", "carbon-neutral-mine-2025").exit_code == 0
    short = mineco("weights", folder, "--lang", "en").stderr.splitlines()
    assert len(short) == 10
    assert short[-1].endswith(f"`mineco weights {folder} --all` lists them all.")
    # what the expert does, in one language or the other, and a value for each of the 15 pairs of six groups
    assert len(mineco("weights", folder, "--lang", "en", "--all").stderr.splitlines()) == 16


def test_printed_weights_are_told_which_method_they_fit():
    said = mineco("weights", PANEL, "--draws", 100, "--lang", "en",
                  "--printed", "0.2292,0.2852,0.1362,0.1757,0.0905,0.0833")
    assert 'fit the method "geometric mean" best' in said.output


@pytest.mark.parametrize(("printed", "said"), [
    ("0.25,0.27,0.15,0.16,0.10,0.07", "fit none of the three methods"),  # 0.0211 off at most
    ("0.24,0.27,0.15,0.17,0.09,0.08", "best (largest difference 0.01"),
    ("0.0833,0.0905,0.1757,0.1362,0.2852,0.2292", 'fit the method "geometric mean" in reverse order'),
    ("0.10,0.08,0.17,0.13,0.25,0.27", "once rows and columns are swapped")])
def test_printed_weights_that_fit_no_method_are_told_so_or_what_was_turned_round(printed, said):
    assert said in mineco("weights", PANEL, "--draws", 100, "--lang", "en", "--printed", printed).output


# --- in a run -------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def made(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(QUARRY, out=tmp_path_factory.mktemp("runs"), formats=["html"], language="en", weights=file)


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / made.name))


def test_a_run_keeps_the_file_in_manifest_crate_and_parameters(made, file):
    assert (made / "weights.yaml").read_bytes() == file.read_bytes()
    assert "weights.yaml" in read_manifest(made, Problems())
    assert json.loads((made / "parameters.json").read_text("utf-8"))["weights"] == "weights.yaml"
    assert "--weights weights.yaml" in json.loads((made / "environment.json").read_text("utf-8"))["command"]
    crate = json.loads((made / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    action = next(one for one in crate if one["@id"] == "#run")
    assert {"@id": "weights.yaml"} in action["object"]


def test_both_results_stand_in_the_run_and_in_its_report(made, quarry_runs):
    results, plain = (json.loads((one / "results.json").read_text("utf-8")) for one in (made, quarry_runs[0]))
    assert results["outcome"]["annex"]["score"]["total"] == plain["outcome"]["score"]["total"]
    assert results["outcome"]["annex"]["grade"]["final"] == plain["outcome"]["grade"]["final"]
    assert "weights" not in plain
    report = (made / "report.html").read_text("utf-8")
    for part in ("Weights of the panel beside those of the annex", "Score and grade under both", "alonso-lamata-2006",
                 "Illustrative panel", "Sensitivity to the weights"):
        assert part in report


@pytest.mark.slow
def test_a_run_under_weights_is_made_again_and_verified(made):
    found = verify(made)
    assert (found.exit_status, found.problems, found.obstacles) == (0, [], [])


def swapped(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace("seed: 0", "seed: 1"), encoding="utf-8")


@pytest.mark.slow
def test_a_swapped_file_of_weights_is_found_although_the_manifest_was_written_anew(copied):
    swapped(copied / "weights.yaml")
    assert ("hash_differs" in {one.message for one in verify(copied).problems}
            or "weights.yaml" in {one.file for one in verify(copied).problems})
    write_manifest(copied)
    found = verify(copied)
    assert found.exit_status == 1
    assert "weights.uncertainty.seed" in {one.row for one in found.problems}


@pytest.mark.parametrize("name", ["../weights.yaml", "/etc/hostname", "inputs/mine.yaml", ""])
def test_parameters_that_lead_to_another_file_are_not_run(name, copied):
    path = copied / "parameters.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"weights": name}), encoding="utf-8")
    with pytest.raises(BadInput):
        run_parameters(copied)


SPOILT: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink, "a folder": lambda path: (path.unlink(), path.mkdir()),
    "no yaml": lambda path: path.write_text("[", encoding="utf-8"),
    "of another standard": lambda path: path.write_text(
        path.read_text("utf-8").replace("standard: carbon-neutral-mine-2025", "standard: elsewhere"), encoding="utf-8"),
    "without a weight": lambda path: path.write_text(
        path.read_text("utf-8").replace("      O2:\n", "      O9:\n"), encoding="utf-8")}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_of_weights_stops_a_run_before_anything_is_written(name, file, tmp_path):
    copy = Path(shutil.copyfile(file, tmp_path / "weights.yaml"))
    SPOILT[name](copy)
    said = mineco("run", QUARRY, "--weights", copy, "--out", tmp_path / "runs", "--lang", "en")
    assert said.exit_code == 2
    assert "weights.yaml" in said.stderr
    assert not (tmp_path / "runs").exists()
