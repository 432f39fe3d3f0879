"""A run of an earlier version is verified: whole, of that version's form, and computed again by this one."""

import functools
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mineco import __version__
from mineco.cli.main import main
from mineco.core.errors import BadInput, Problem
from mineco.core.kit import archives
from mineco.core.labels import problem_text
from mineco.core.yaml_reading import read_yaml
from mineco.evaluation.record.manifest import NAME, root_hash, write_manifest
from mineco.runs import runlog
from mineco.runs.audit import rerun, verify, versions
from mineco.runs.run import run as run_dossier
from tests.helpers.forger import edit, seal
from tests.helpers.places import ROOT

KEPT = ROOT / "tests" / "cases" / "run-0.1.0.zip"  # of the tiny quarry, in English, with the log beside it
ROOT_HASH = "0a514d4e71140057cdf7f3a9ab90bf7be1b590df6699cff611affd6970c04b46"  # as its log tells it
OLD = versions.form_of({"mineco": {"version": "0.1.0"}})
NOTEBOOKS = ("notebook.ipynb", "kit/notebooks/carbon-neutral-mine.ipynb")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The run that 0.1.0 made, to be meddled with."""
    with zipfile.ZipFile(KEPT) as kept:
        kept.extractall(tmp_path / "runs")
    (run,) = [path for path in (tmp_path / "runs").iterdir() if path.is_dir()]
    return run


Verified = Callable[..., verify.Verification]


@pytest.fixture(scope="module")
def of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run by this version of what the kept run has for inputs."""
    folder = tmp_path_factory.mktemp("today")
    with zipfile.ZipFile(KEPT) as kept:
        kept.extractall(folder)
    (inputs,) = folder.glob("*/inputs")
    return run_dossier(inputs.rename(folder / "tiny-quarry"), out=folder / "runs", formats=("html",), language="en")


@pytest.fixture
def verified(earlier: Path, of_today: Path, monkeypatch: pytest.MonkeyPatch) -> Verified:
    """A function that verifies it; a run of its inputs by this version stands in for the one that would be made."""
    monkeypatch.setattr(verify, "rerun_earlier", lambda run, out, story: (of_today, []))
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: of_today)

    def check(run: Path = earlier, seal: bool = True, root: str = "") -> verify.Verification:
        if seal:  # as somebody would who knows of the manifest
            write_manifest(run)
            (run.parent / runlog.NAME).unlink(missing_ok=True)
        return verify.verify(run, root)

    return check


def claim(run: Path, version: object) -> None:
    """Write another version over that of environment.json."""
    edit(run / "environment.json", lambda told: told["mineco"].update(version=version))


def unexplained(found: verify.Verification) -> list[Problem]:
    """What no change between the versions explains."""
    return [one for one in found.problems if one.message not in ("result_changed_since", "change_since_version")]


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(one.message, f"{one.file} {one.row}".strip()) for one in problems]


# --- The archive that is kept ---------------------------------------------------------------------------------------


def test_the_kept_run_is_small_and_packed_so_that_it_packs_the_same_again():
    assert KEPT.stat().st_size < 600_000
    with zipfile.ZipFile(KEPT) as kept:
        assert kept.namelist() == sorted(kept.namelist())
        assert {one.date_time for one in kept.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_kept_run_has_the_form_of_its_version_and_not_of_this_one(earlier):
    documents = {name: json.loads((earlier / name).read_text("utf-8"))
                 for name in ("results.json", "trace.json", "status.json")}
    assert versions.form_problems(earlier, documents, OLD) == []
    assert [one.file for one in versions.form_problems(earlier, documents, versions.installed_form())] == [
        "trace.json", "kit"]


# --- Verified, without making it again ------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["", ROOT_HASH, f"sha256:{ROOT_HASH}"], ids=["by its log", "by hand", "as printed"])
def test_every_difference_of_an_untouched_run_of_an_earlier_version_is_explained(verified, root):
    found = verified(seal=False, root=root)
    assert (found.exit_status, unexplained(found), found.obstacles) == (1, [], [])
    changed = {one.row: one.details["changes"] for one in found.problems if one.file == "results.json"}
    assert changed["outcome.ledger.scope1_t_co2e"] == "combustion-gases, emulsion-explosive"
    assert changed["outcome.score.indicators[E1.1].unit"] == "R29"
    assert "outcome.ledger.scope2_location_t_co2e" not in changed
    lines = {one.row: one for one in found.problems if one.message == "change_since_version"}
    assert {"combustion-gases", "R29", "R37", "readings"} <= set(lines) <= set(OLD.changes)
    assert "methane and nitrous oxide of combustion count by default" in problem_text(lines["combustion-gases"], "en")
    assert (found.root, found.compared > 200) == (ROOT_HASH, True)
    assert {"made_by_version", "notebook_of_version"} <= {one.message for one in found.notices}


def test_another_root_hash_than_the_one_written_down_is_named(earlier, verified):
    (earlier / "report.html").write_bytes(b"")
    (by_log,) = [one for one in verified(seal=False).problems if one.message == "manifest_changed"]
    (by_hand,) = unexplained(verified(root=ROOT_HASH))
    assert (by_log.file, by_hand.message, by_hand.value) == ("report.html", "root_differs", root_hash(earlier))


def test_a_number_that_differs_is_said_to_be_of_the_earlier_version(earlier, verified):
    edit(earlier / "results.json", lambda results: results["outcome"]["ledger"].update(scope2_location_t_co2e=1.0))
    found = verified()
    (problem,) = [one for one in unexplained(found) if one.message == "result_of_version"]
    assert (found.exit_status, problem.row) == (1, "outcome.ledger.scope2_location_t_co2e")
    assert f"= 1.0: made by 0.1.0; {__version__} has" in problem_text(problem, "en")
    assert "由 0.1.0 版生成" in problem_text(problem, "zh")


@pytest.mark.parametrize("changed", ["electricity_co2", "prov.Zhejiang.2023", "account",
                                     "outcome.ledger.scope2_location_t_co2e"])
def test_a_number_that_a_known_change_explains_is_listed_with_its_line_of_the_changelog(earlier, verified, monkeypatch,
                                                                                       changed):
    changes = {"power": {"of": [changed], "zh": "外购电：改了", "en": "Whoever buys electricity: changed"},
               "blasts": {"of": ["explosive_co2"], "zh": "炸药：改了", "en": "Whoever blasts: changed"}}  # not scope 2
    monkeypatch.setattr(versions, "_earlier_forms", lambda: (replace(OLD, changes=changes),))
    edit(earlier / "results.json", lambda results: results["outcome"]["ledger"].update(scope2_location_t_co2e=1.0))
    found = verified()
    (problem,) = [one for one in found.problems if one.row == "outcome.ledger.scope2_location_t_co2e"]
    assert found.exit_status == 1
    assert "made by 0.1.0" in problem_text(problem, "en")
    assert problem_text(problem, "en").endswith("Changes since then explain it: power.")
    line = next(one for one in found.problems if (one.message, one.row) == ("change_since_version", "power"))
    assert problem_text(line, "en").endswith("Whoever buys electricity: changed. See CHANGELOG.md.")
    assert problem_text(line, "zh").endswith("外购电：改了。见 CHANGELOG.md。")


def test_reports_are_not_compared_across_versions_and_that_is_said(earlier, verified):
    (earlier / "report.html").write_text("")
    found = verified()
    (notice,) = [one for one in found.notices if one.message == "made_by_version"]
    assert unexplained(found) == []
    assert "reports, executed notebook and outputs are not, across versions" in problem_text(notice, "en")


def test_a_cell_of_the_executed_notebook_that_is_not_that_of_the_archived_source_is_named(earlier, verified):
    edit(earlier / NOTEBOOKS[0], lambda notebook: notebook["cells"].remove(
        next(cell for cell in notebook["cells"] if cell["id"] == "cnm-013")))  # prose
    assert told(unexplained(verified())) == [("cell_changed", "notebook.ipynb")]


def test_the_notebook_of_an_earlier_version_need_not_be_the_installed_one(earlier, verified):
    for name in NOTEBOOKS:
        edit(earlier / name, lambda notebook: notebook["cells"].remove(
            next(cell for cell in notebook["cells"] if cell["id"] == "cnm-013")))
    found = verified()
    assert (unexplained(found), [one.file for one in found.notices if one.message == "notebook_of_version"]) == (
        [], [NOTEBOOKS[1]])


# --- Its trace ------------------------------------------------------------------------------------------------------

POWER = "outcome.ledger.scope2_location_t_co2e"  # which nothing has changed


@pytest.mark.parametrize(("key", "value", "place"), [
    ("call", "add_up_score", "step"), ("call", None, "step"), ("call", "no_call", "step"),
    ("function", "mineco.scoring.total_score", "function"), ("function", "elsewhere.final_grade", "function"),
    ("cell", "cnm-001", "cell"), ("rows", [], "rows"), ("more", 1, "more")])
def test_an_entry_of_the_trace_that_was_changed_is_named(earlier, verified, key, value, place):
    edit(earlier / "trace.json", lambda trace: trace["results"][POWER].update({key: value}))
    assert ("result_of_version", f"trace.json results.{POWER}.{place}") in told(verified().problems)


def test_a_quantity_of_the_trace_that_was_changed_is_named_by_its_name(earlier, verified):
    edit(earlier / "trace.json", lambda trace: next(
        one for one in trace["quantities"] if one["name"] == "weight.E1.4").update(value=1.0))
    assert told(unexplained(verified())) == [("result_of_version", "trace.json quantities[weight.E1.4]")]


def test_a_quantity_that_counts_anew_is_the_same_quantity():
    diesel, total = {"name": "diesel", "value": 1.0}, {"name": "total", "value": 1.0, "function": "mineco.a.total"}
    first = {"quantities": [total | {"inputs": {"parts": {"in": 1}}}, diesel],
             "results": {"outcome.total": {"call": "keep_account", "quantities": [0], "cell": ""}}}
    second = {"quantities": [diesel, total | {"inputs": {"parts": {"in": 0}}}],
              "results": {"outcome.total": {"call": "keep_account", "quantities": [1], "cell": ""}}}
    compared = functools.partial(versions.comparable_trace, form=OLD, notebook={"cells": []})
    assert compared(first) == compared(second)


def test_every_call_and_function_of_the_kept_trace_has_an_id(earlier):
    trace = json.loads((earlier / "trace.json").read_text("utf-8"))
    assert {one["call"] for one in trace["results"].values()} - OLD.steps.keys() == set()
    named = [*trace["results"].values(), *(one for one in trace["quantities"] if "function" in one)]
    assert {one["function"] for one in named} - OLD.functions.keys() == set()


@pytest.mark.parametrize("broken", [
    {}, {"results": [], "quantities": []}, {"results": {}, "quantities": {}}, {"results": {"a": 1}, "quantities": []},
    {"results": {"a": {"quantities": [0]}}, "quantities": []}, {"results": {"a": {"quantities": [True]}},
                                                               "quantities": [{"name": "n"}, {"name": "m"}]},
    {"results": {}, "quantities": [{"name": 1}]}, {"results": {}, "quantities": [{"name": "n", "inputs": {"a": [0]}}]},
    {"results": {}, "quantities": [{"name": "n", "inputs": {"a": -1}}]}])
def test_what_is_no_trace_ends_in_an_answer_and_not_in_an_exception(earlier, verified, broken):
    (earlier / "trace.json").write_text(json.dumps({"schema": "mineco-trace/1", **broken}))
    found = verified()
    assert (found.exit_status, told(found.obstacles)) == (2, [("document_not_sound", "trace.json")])


# --- The version that a run names -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["0.0.9", "9.9", "", None, 3, ["0.1.0"], "0.1", "0.1.0 ", "../archives/0.1.0"])
def test_a_version_that_is_not_known_is_refused_in_a_sentence(earlier, verified, version):
    claim(earlier, version)
    found = verified()
    assert (found.exit_status, told(found.obstacles)) == (2, [("version_unknown", "environment.json mineco.version")])
    sentence = problem_text(found.obstacles[0], "en")
    assert "is no version that this one knows." in sentence
    assert f"Those whose runs it verifies: 0.1.0, {__version__}." in sentence


def test_the_name_of_an_earlier_version_does_not_switch_comparisons_off(of_today, verified, tmp_path):
    forged = Path(shutil.copytree(of_today, tmp_path / "forged" / of_today.name))
    claim(forged, "0.1.0")
    for name in NOTEBOOKS:
        edit(forged / name, lambda notebook: notebook["cells"].remove(
            next(cell for cell in notebook["cells"] if cell["id"] == "cnm-013")))
    seal(forged)
    found = verified(forged)
    assert told(found.problems) == [("form_of_another_version", "trace.json"), ("form_of_another_version", "kit"),
                                    ("output_differs", "notebook.ipynb cells[cnm-013]")]
    assert (found.exit_status, [one.message for one in found.obstacles]) == (1, ["notebook_not_ours"])


def test_a_run_of_an_earlier_version_that_names_this_one_is_none_of_this_one(earlier, verified):
    claim(earlier, __version__)
    found = verified()
    assert (found.exit_status, told(found.problems)[:2]) == (
        1, [("form_of_another_version", "trace.json"), ("form_of_another_version", "kit")])


@pytest.mark.parametrize(("name", "meddle"), [
    ("results.json", lambda run: edit(run / "results.json", lambda told: told.update(schema="mineco-results/2"))),
    ("status.json", lambda run: edit(run / "status.json", lambda told: told.update(more=1))),
    ("kit", lambda run: shutil.copytree(ROOT / "templates", run / "kit" / "templates")),
    ("kit", lambda run: shutil.rmtree(run / "kit" / "parameters"))])
def test_each_file_that_has_not_the_form_of_the_version_is_named(earlier, verified, name, meddle):
    meddle(earlier)
    assert ("form_of_another_version", name) in told(verified().problems)


def test_a_run_in_the_form_of_an_earlier_version_whose_numbers_are_all_the_same_is_not_verified(
        of_today, verified, tmp_path, monkeypatch):
    # its pages are not compared, and may be anything
    monkeypatch.setattr(versions, "_earlier_forms", lambda: (replace(versions.installed_form(), version="0.1.0"),))
    forged = Path(shutil.copytree(of_today, tmp_path / "forged" / of_today.name))
    claim(forged, "0.1.0")
    (forged / "report.html").write_text("grade A")
    found = verified(forged)
    assert (found.exit_status, found.problems, told(found.obstacles)) == (
        2, [], [("made_by_version", "environment.json mineco.version")])
    assert found.unknown["report.html"] == "unknown_earlier"


# --- Computed again, with the parameters that it keeps or with ours ---------------------------------------------------


def test_parameters_that_cannot_be_read_any_more_are_replaced_by_ours_and_that_is_said(earlier, monkeypatch, tmp_path):
    used = []

    def stand_in(run, out, parameters, story):
        used.append(parameters)
        if len(used) == 1:
            raise BadInput(Problem("rerun_failed", details={"reason": "units.txt"}))
        return out

    monkeypatch.setattr(rerun, "rerun_archived", stand_in)
    _, notices = rerun.rerun_earlier(earlier, tmp_path)
    assert used == [tmp_path / "parameters", archives().parent]
    assert told(notices) == [("kit_not_readable", "kit/parameters")]
    assert "units.txt" in problem_text(notices[0], "en")


def test_the_parameters_that_it_keeps_are_used_with_our_texts(earlier, monkeypatch, tmp_path):
    monkeypatch.setattr(rerun, "rerun_archived", lambda run, out, parameters, story: parameters)
    kept, notices = rerun.rerun_earlier(earlier, tmp_path)
    names = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    theirs = earlier / "kit" / "parameters"
    assert notices == []
    assert [name for name in names - set(rerun.TEXTS)
            if (kept / name).read_bytes() != (theirs / name).read_bytes()] == []
    assert [name for name in rerun.TEXTS if (kept / name).read_bytes() != (archives().parent / name).read_bytes()] == []


def test_every_known_change_between_versions_stands_in_the_changelog_in_the_same_words():
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text("utf-8").split())
    lines = [text for path in archives().iterdir() for text in read_yaml(path)["changes"].values()]
    assert [one for one in lines if set(one) != {"of", "zh", "en"} or one["en"] not in changelog] == []


def test_the_changes_of_all_versions_after_that_of_a_run_are_known(tmp_path, monkeypatch):
    # 0.10.0 comes after 0.2.0, though not by the alphabet
    for version, name in (("0.2.0", "second"), ("0.10.0", "tenth")):
        text = f"form: {{}}\nsteps: {{}}\nfunctions: {{}}\nchanges: {{{name}: {{of: [a], zh: 甲, en: a}}}}\n"
        (tmp_path / f"{version}.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(versions, "archives", lambda: tmp_path)
    found = versions._earlier_forms.__wrapped__()
    assert [(one.version, sorted(one.changes)) for one in found] == [
        ("0.2.0", ["second", "tenth"]), ("0.10.0", ["tenth"])]


def mineco(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.mark.slow
@pytest.mark.parametrize("root", [(), ("--root", ROOT_HASH)], ids=["by its log", "by hand"])
def test_the_run_of_an_earlier_version_is_verified_from_its_archive_alone(earlier, root):
    said = mineco("verify", earlier, *root, "--lang", "en")
    assert said.exit_code == 1, said.stdout
    assert re.search(r"made by 0\.1\.0, computed again by", said.stdout)
    assert "No known change" not in said.stdout
    of_it = [name for name in OLD.changes if not name.startswith(("land-", "findings"))]  # it has no maps, and no list
    assert [name for name in of_it if f"CHANGELOG.md, {name}: explains" not in said.stdout] == []
    lines = [line for line in said.stdout.splitlines() if "environment.json, packages." not in line]  # many or few
    assert len(lines) < 160
    last = said.stdout.splitlines()[-1]
    assert last.startswith("differs: ")
    assert "report.html (not compared across versions)" in last


@pytest.mark.slow
def test_a_replaced_factor_of_an_earlier_run_is_named(earlier):
    table = earlier / "kit" / "parameters" / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.2974"))  # Zhejiang
    write_manifest(earlier)
    said = mineco("verify", earlier, "--lang", "en")
    assert said.exit_code == 1
    assert f"{NAME} = " in said.stdout  # the log knows another root hash
    assert "kit/parameters/factors/grid.csv: is not that of this version" in said.stdout


@pytest.mark.slow
def test_an_earlier_run_whose_parameters_are_of_another_form_is_computed_with_ours(earlier):
    (earlier / "kit" / "parameters" / "units.txt").unlink()
    write_manifest(earlier)
    (earlier.parent / runlog.NAME).unlink()
    said = mineco("verify", earlier, "--lang", "en")
    assert said.exit_code == 1, said.stdout
    assert "No known change" not in said.stdout
    assert "kit/parameters: cannot be computed with by this version" in said.stdout
