"""A run that was meddled with is found out, and what was meddled with is named; an untouched one is verified."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mineco.cli.main import main
from mineco.core.kit import CHOSEN, notebooks, parameters
from mineco.evaluation.record.manifest import NAME, write_manifest
from mineco.evaluation.record.results import as_json
from mineco.runs import order as order_module
from mineco.runs import runlog
from mineco.runs.audit import verify
from mineco.runs.audit.rerun import run_parameters
from mineco.runs.status import cells_changed
from tests.helpers import forger
from tests.helpers.forger import edit
from tests.helpers.places import ROOT
from tests.helpers.refusals import refused_with

NOTEBOOK = json.loads((notebooks() / "zh" / "carbon-neutral-mine.ipynb").read_text("utf-8"))
CODE = next(cell["id"] for cell in NOTEBOOK["cells"] if "grade_table" in "".join(cell["source"]))  # shows something


@pytest.fixture
def archived(quarry_runs, tmp_path: Path) -> Path:
    """A copy of a run, to be meddled with."""
    return Path(shutil.copytree(quarry_runs[0], tmp_path / "runs" / quarry_runs[0].name))


@pytest.fixture
def verified(archived, quarry_runs, monkeypatch: pytest.MonkeyPatch) -> Callable[..., verify.Verification]:
    """A function that verifies the copy; another run of the same mine stands in for the one that would be made."""
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: quarry_runs[1])

    def check(seal: bool = True, root: str = "", kit_differs_ok: bool = False) -> verify.Verification:
        if seal:  # as somebody would who knows how a run is written
            forger.seal(archived, log=False)
        return verify.verify(archived, root, kit_differs_ok)

    return check


def told(found: verify.Verification) -> list[tuple[str, str]]:
    return [(one.message, f"{one.file} {one.row}".strip()) for one in found.problems]


# --- What is found without making the run again ---------------------------------------------------------------------


def test_an_untouched_run_is_verified(verified):
    found = verified(seal=False)
    assert (found.exit_status, found.problems, found.obstacles, found.largest) == (0, [], [], None)
    assert found.compared > 200


def test_one_changed_digit_in_a_result_is_named_although_the_manifest_was_written_anew(archived, verified):
    path = archived / "results.json"
    total = json.loads(path.read_text("utf-8"))["outcome"]["score"]["total"]
    text = repr(total)
    other = text[:6] + str((int(text[6]) + 1) % 10) + text[7:]
    path.write_text(path.read_text("utf-8").replace(f'"total": {text}', f'"total": {other}'), "utf-8")
    found = verified()
    assert found.exit_status == 1
    assert ("result_differs", "results.json outcome.score.total") in told(found)
    assert ("no_sentinel", "notebook.ipynb") in told(found)
    assert found.largest is not None
    assert found.largest.path == "outcome.score.total"


def test_two_swapped_weights_are_named_although_their_sum_is_the_same(archived, verified):
    def swap(results):
        first, second = results["outcome"]["score"]["indicators"][:2]
        first["weight"], second["weight"] = second["weight"], first["weight"]

    edit(archived / "results.json", swap)
    places = [place for message, place in told(verified()) if message == "result_differs"]
    assert {f"results.json outcome.score.indicators[{name}].weight" for name in ("E1.1", "E1.2")} <= set(places)


def test_a_number_that_became_an_integer_or_a_text_differs(archived, verified):
    def retype(results):
        results["outcome"]["ledger"]["scope3_t_co2e"] = str(results["outcome"]["ledger"]["scope3_t_co2e"])
        results["outcome"]["ledger"]["balance_t_co2e"] = 0

    edit(archived / "results.json", retype)
    assert {"results.json outcome.ledger.scope3_t_co2e", "results.json outcome.ledger.balance_t_co2e"} <= {
        place for _, place in told(verified())}


def test_a_cell_deleted_from_the_executed_notebook_is_named(archived, verified):
    edit(archived / "notebook.ipynb", lambda notebook: notebook["cells"].remove(
        next(cell for cell in notebook["cells"] if cell["id"] == CODE)))
    found = verified()
    assert ("cell_changed", CODE) in [(one.message, one.value) for one in found.problems]
    assert ("cells_out_of_order", "notebook.ipynb") in told(found)


def test_a_cell_deleted_from_both_notebooks_is_named_and_the_run_cannot_be_verified(archived, verified):
    for name in ("notebook.ipynb", "kit/notebooks/carbon-neutral-mine.ipynb"):
        edit(archived / name, lambda notebook: notebook["cells"].remove(
            next(cell for cell in notebook["cells"] if cell["id"] == "cnm-013")))  # prose
    found = verified()
    assert told(found) == [("output_differs", "notebook.ipynb cells[cnm-013]")]
    assert [(one.message, one.details["cells"]) for one in found.obstacles] == [("notebook_not_ours", "cnm-013")]


@pytest.mark.parametrize("change", ["source", "added", "moved"])
def test_a_cell_rewritten_added_or_moved_is_named(archived, verified, change):
    def meddle(notebook):
        cells = notebook["cells"]
        place = next(number for number, cell in enumerate(cells) if cell["id"] == CODE)
        if change == "source":
            cells[place]["source"] = "1"
        elif change == "added":
            cells.insert(place, {**cells[place], "id": "new"})
        else:
            cells[place], cells[place + 1] = cells[place + 1], cells[place]

    edit(archived / "notebook.ipynb", meddle)
    named = [one.value for one in verified().problems if one.message == "cell_changed"]
    assert named[0] == ("new" if change == "added" else CODE)


def test_a_report_that_was_changed_is_named(archived, verified):
    page = archived / "report.html"
    page.write_text(page.read_text("utf-8").replace("</body>", "<p>certified</p></body>"), "utf-8")
    (problem,) = verified().problems
    assert (problem.message, problem.file) == ("text_differs", "report.html")
    assert problem.value.endswith("certified")


@pytest.mark.parametrize("ours", [True, False], ids=["slipped in", "taken away"])
def test_a_map_that_only_one_of_two_runs_hands_on_is_named(archived, verified, monkeypatch, tmp_path, ours):
    other = Path(shutil.copytree(verify.rerun_archived(archived, tmp_path), tmp_path / "again"))
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: other)
    folder = (archived if ours else other) / "outputs"
    folder.mkdir()
    (folder / "zones.csv").write_bytes(b"zone\n1\n")
    assert told(verified()) == [("file_foreign" if ours else "file_lacks", "outputs/zones.csv")]


@pytest.mark.parametrize("change", ["replaced", "taken away", "slipped in"])
def test_a_template_of_the_kit_that_is_not_that_of_this_version_is_named(archived, verified, change):
    style = archived / "kit" / "templates" / "report" / ("more.css" if change == "slipped in" else "report.css")
    if change == "taken away":
        style.unlink()
    else:
        style.write_text("body { color: white }\n")
    named = ("kit_not_ours", f"kit/templates/report/{style.name}")
    assert told(verified()) == [named]
    found = verified(kit_differs_ok=True)
    assert (found.exit_status, named in [(one.message, one.file) for one in found.notices]) == (0, True)


@pytest.mark.parametrize("name", ["report.html", "kit/notebooks/carbon-neutral-mine.ipynb",
                                  "kit/parameters/labels.yaml"])
def test_other_line_ends_are_no_change(archived, verified, name):
    page = archived / name
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert told(verified()) == []


@pytest.mark.parametrize(("page", "ending", "told_of"), [
    ("the same", 0, []), ("of another look", 2, ["looks_not_compared"]), ("of another text", 1, ["text_differs"])])
def test_a_report_made_with_other_versions_is_held_to_its_text_and_its_look_cannot_be_known(
        archived, verified, page, ending, told_of):
    edit(archived / "environment.json", lambda told: told["packages"].update(lxml="1.0"))
    html = (archived / "report.html").read_text("utf-8")
    changed = {"of another look": html.replace("<p>", "<p >"), "of another text": html.replace("</body>", "A</body>")}
    (archived / "report.html").write_text(changed.get(page, html), "utf-8")
    found = verified()
    assert (found.exit_status, [one.message for one in (*found.problems, *found.obstacles)]) == (ending, told_of)
    assert ("made_with_other", "packages.lxml") in [(one.message, one.row) for one in found.notices]


def test_a_run_that_was_rewritten_whole_is_found_by_the_log_or_by_the_root_hash_written_down(archived, quarry_runs,
                                                                                            verified):
    shutil.copy(quarry_runs[0].parent / runlog.NAME, archived.parent)
    root = runlog.read(archived.parent)[0]["root"]
    assert verified(seal=False, root=f"sha256:{root}").exit_status == 0
    (archived / "report.html").write_bytes((archived / "report.html").read_bytes() + b"\r\n")
    by_log = verified()
    (archived.parent / runlog.NAME).unlink()
    by_hand = verified(root=root)
    for found, source in ((by_log, runlog.NAME), (by_hand, "--root")):
        (problem,) = [one for one in found.problems if one.message == "root_differs"]
        assert (problem.details["source"], problem.details["expected"]) == (source, root)


@pytest.mark.skipif(os.name == "nt", reason="links as Unix has them")
def test_nothing_is_read_through_a_link_out_of_the_archive(archived, verified, tmp_path, monkeypatch):
    shutil.move(archived / "parameters.json", tmp_path / "parameters.json")
    (archived / "parameters.json").symlink_to(tmp_path / "parameters.json")
    monkeypatch.setattr(verify, "_read_documents", lambda *_: pytest.fail("read on"))
    assert told(verified(seal=False)) == [("manifest_link", "parameters.json")]


@pytest.mark.parametrize("name", ["results.json", "trace.json", "status.json", "environment.json", "notebook.ipynb",
                                  "parameters.json", "kit/notebooks/carbon-neutral-mine.ipynb"])
@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"cells": [1]}', "[" * 100_000, "\xff",
                                     '{"standard": "../../x", "language": "zh"}', '{"cells": [], "metadata": 3}'])
def test_a_broken_file_ends_in_an_answer_and_not_in_an_exception(archived, verified, name, content):
    (archived / name).write_text(content, encoding="latin-1")
    found = verified()
    assert found.exit_status in (1, 2)
    assert all(one.file for one in (*found.problems, *found.obstacles))


@pytest.mark.parametrize("change", [{"dossier": None}, {"dossier": 5}, {"runs": "inputs"}, {"batch": "inputs"},
                                    {"language": 1}, {"gwp": ["AR4"]}, {"weights": "../../weights.json"}])
def test_parameters_that_are_none_of_a_run_are_told_however_well_they_are_written(archived, verified, change):
    path = archived / "parameters.json"
    given = {**json.loads(path.read_bytes()), **change}
    path.write_bytes(as_json({name: value for name, value in given.items() if value is not None}))
    found = verified()
    assert found.exit_status == 2
    assert [(one.message, one.file) for one in found.obstacles] == [("document_not_sound", "parameters.json")]


def test_a_folder_that_is_no_run_cannot_be_verified(tmp_path):
    with refused_with("not_a_run"):
        verify.verify(tmp_path)


@pytest.mark.parametrize("given", [
    [], {"dossier": "inputs", "standard": "s"}, {"standard": "s", "language": "zh"},
    *({"dossier": "inputs", "standard": "s", "language": "zh", **odd} for odd in (
        {"standard": "../s"}, {"--out": "/tmp"}, {"gwp": ["AR4"]}, {"runs": "inputs"}))])
def test_parameters_that_are_none_are_not_handed_to_a_command(tmp_path, given):
    (tmp_path / "parameters.json").write_text(json.dumps(given))
    with refused_with("rerun_failed"):
        run_parameters(tmp_path)


# --- On the command line --------------------------------------------------------------------------------------------


def mineco(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_two_runs_of_one_dossier_are_the_same(quarry_runs):
    said = mineco("verify", quarry_runs[0], "--against", quarry_runs[1], "--lang", "en")
    assert (said.exit_code, said.stdout.splitlines()[-1].partition(":")[0]) == (0, "verified")


def test_runs_of_other_inputs_differ_and_both_input_and_results_are_named(archived, quarry_runs):
    table = archived / "inputs" / "activity.csv"
    table.write_bytes(table.read_bytes().replace(b"207", b"208"))
    edit(archived / "results.json", lambda results: results["outcome"]["ledger"].update(scope1_t_co2e=1.0))
    write_manifest(archived)
    said = mineco("verify", archived, "--against", quarry_runs[1], "--lang", "en")
    assert said.exit_code == 1
    assert "inputs/activity.csv: is not the same in the two runs" in said.stdout
    assert "outcome.ledger.scope1_t_co2e = 1.0" in said.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_that_is_no_run_leaves_with_2_and_says_so(tmp_path, language):
    said = mineco("verify", tmp_path, "--lang", language)
    assert said.exit_code == 2
    assert NAME in said.stderr


# --- Made again from the archive: a process of its own each time ----------------------------------------------------


@pytest.mark.slow
def test_an_untouched_run_is_verified_from_its_archive_alone(archived):
    said = mineco("verify", archived, "--lang", "en")
    assert said.exit_code == 0, said.stdout
    assert "largest difference: 0" in said.stdout
    last = said.stdout.splitlines()[-1]
    assert re.match(r"verified: \d{3} numbers and \d\d files compared, 1 of them reports; what cannot be known: ", last)
    assert "manifest-sha256.txt (whether the folder was replaced as a whole)" in last
    assert "inputs/README.md (nothing reads it)" in last


@pytest.mark.slow
def test_a_run_of_a_notebook_that_was_worked_in_says_so_keeps_it_bare_and_is_verified(
        quarry_runs, tmp_path, monkeypatch):
    own = json.loads((notebooks() / "en" / "carbon-neutral-mine.ipynb").read_text("utf-8"))
    left = {cell["id"]: cell for cell in json.loads((quarry_runs[0] / "notebook.ipynb").read_text("utf-8"))["cells"]}
    (tmp_path / "kit" / "en").mkdir(parents=True)
    (tmp_path / "kit" / "en" / "carbon-neutral-mine.ipynb").write_text(json.dumps(
        {**own, "cells": [{**left[cell["id"]], "source": cell["source"]} for cell in own["cells"]]}), "utf-8")
    monkeypatch.setattr(order_module, "notebooks", lambda: tmp_path / "kit")
    said = mineco("run", parameters() / "mines" / "tiny-quarry", "--lang", "en", "--formats", "html", "--out",
                  tmp_path / "runs")
    assert said.stderr.count("kit/en/carbon-neutral-mine.ipynb: holds outputs; the run keeps it without them.") == 1
    made = Path(said.stdout.splitlines()[0])
    kept = json.loads((made / "kit" / "notebooks" / "carbon-neutral-mine.ipynb").read_text("utf-8"))
    assert [cell.get("outputs", []) for cell in kept["cells"]] == [[]] * len(own["cells"])
    assert cells_changed(own, kept) == []
    assert mineco("verify", made, "--lang", "en").exit_code == 0


@pytest.mark.slow
def test_one_changed_input_cell_is_named_with_its_row_and_what_follows_from_it(archived):
    table = archived / "inputs" / "activity.csv"
    table.write_bytes(table.read_bytes().replace(b",207,", b",208,"))
    by_manifest = mineco("verify", archived, "--lang", "en")
    write_manifest(archived)
    by_results = mineco("verify", archived, "--lang", "en")
    assert (by_manifest.exit_code, by_results.exit_code) == (1, 1)
    assert "inputs/activity.csv: is not what the manifest says" in by_manifest.stdout
    assert "outcome.ledger.scope1_t_co2e" in by_results.stdout
    assert "inputs/activity.csv:" in by_results.stdout


@pytest.mark.slow
def test_a_replaced_factor_table_is_named_and_what_follows_from_it(archived):
    table = archived / "kit" / "parameters" / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.2974"))  # Zhejiang
    write_manifest(archived)
    said = mineco("verify", archived, "--lang", "en")
    assert said.exit_code == 1
    assert "kit/parameters/factors/grid.csv: is not that of this version" in said.stdout
    assert "outcome.ledger.scope2_location_t_co2e" in said.stdout


@pytest.mark.slow
def test_swapped_weights_in_the_kept_standard_are_named_with_what_follows_from_them(archived):
    path = archived / "kit" / "parameters" / "standards" / "carbon-neutral-mine-2025" / "indicators.yaml"
    head, first, between, second, tail = re.split(r"(\n    weight: \d+\n)", path.read_text("utf-8"), maxsplit=2)
    assert first != second  # of E1.1 and E1.2, in one group, so that its sum stays what it was
    path.write_text(head + second + between + first + tail, "utf-8")
    write_manifest(archived)
    said = mineco("verify", archived, "--lang", "en")
    assert said.exit_code == 1
    assert "carbon-neutral-mine-2025/indicators.yaml: is not that of this version" in said.stdout
    assert "outcome.score.indicators[E1.1].weight" in said.stdout
    assert "outcome.score.total" in said.stdout


@pytest.mark.slow
def test_an_archive_without_its_units_cannot_be_made_again(archived):
    (archived / "kit" / "parameters" / "units.txt").unlink()
    write_manifest(archived)
    said = mineco("verify", archived, "--lang", "en")
    assert said.exit_code == 2
    assert "units.txt" in said.stdout


@pytest.mark.slow
def test_a_run_with_factors_of_its_own_says_so_and_is_verified_only_where_that_is_allowed(tmp_path):
    own = shutil.copytree(parameters(), tmp_path / "parameters", ignore=shutil.ignore_patterns("mines"))
    table = own / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.004974"))  # Zhejiang
    code = ("import sys; from mineco.runs.run import run\n"
            "print(run(sys.argv[1], out=sys.argv[2], formats=['html'], language='en'))")
    made = subprocess.run([sys.executable, "-c", code, str(parameters() / "mines" / "tiny-quarry"), str(tmp_path)],
                          env=os.environ | {"PYTHONPATH": str(ROOT), CHOSEN: str(own)}, capture_output=True, text=True,
                          check=True)
    run = Path(made.stdout.strip())
    assert json.loads((run / "results.json").read_bytes())["kit"]["state"] == "changed"
    assert "Parameters or templates are not those of version" in (run / "report.html").read_text("utf-8")
    refused, allowed = (mineco("verify", run, "--lang", "en", *more) for more in ((), ("--kit-differs-ok",)))
    assert (refused.exit_code, allowed.exit_code) == (1, 0), allowed.stdout
    assert refused.stdout.splitlines()[0].startswith("kit/parameters/factors/grid.csv: is not that of this version.")


IN_ORDER = """
import pathlib, sys
from mineco.core.kit import parameters
from mineco.runs.run import run
for name in sys.argv[2:]:
    run(parameters() / "mines" / name, out=pathlib.Path(sys.argv[1], name), language="zh")
"""


@pytest.mark.slow
def test_reports_and_notebooks_are_the_same_bytes_in_whatever_order_process_and_surroundings(tmp_path):
    names = ("tiny-quarry", "example-copper")
    surroundings = ({"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
                    {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C", "OMP_NUM_THREADS": "2"})
    for out, order, around in (("first", names, surroundings[0]), ("second", names[::-1], surroundings[1])):
        subprocess.run([sys.executable, "-c", IN_ORDER, str(tmp_path / out), *order], check=True, cwd=tmp_path,
                       env={**os.environ, "PYTHONPATH": str(ROOT), **around})
    kept = ("report.html", "report.pdf", "report.docx", "notebook.ipynb", "results.json", "trace.json",
            "parameters.json", "status.json")
    differing = []
    for name in names:
        (first,), (second,) = ([path for path in (tmp_path / out / name).iterdir() if path.is_dir()]
                               for out in ("first", "second"))
        differing += [f"{name} {file}" for file in kept if (first / file).read_bytes() != (second / file).read_bytes()]
    assert differing == []


def test_a_folder_of_parameters_that_is_not_whole_is_refused(tmp_path):
    code = "from mineco.core.kit import parameters; parameters()"
    said = subprocess.run([sys.executable, "-c", code], env=os.environ | {CHOSEN: str(tmp_path)}, capture_output=True,
                          text=True)
    assert "parameters_not_whole" in said.stderr


def test_another_folder_of_parameters_stands_in_for_the_kits_own(tmp_path):
    copy = shutil.copytree(parameters(), tmp_path / "parameters", ignore=shutil.ignore_patterns("mines"))
    said = subprocess.run([sys.executable, "-c", "from mineco.core.kit import parameters; print(parameters())"],
                          env=os.environ | {CHOSEN: str(copy)}, capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()) == copy.resolve()
