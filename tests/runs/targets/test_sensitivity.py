"""The notebook on sensitivity as a run: the first that is no evaluation, with its results, trace and report."""

import json
import shutil
from functools import cache
from pathlib import Path

import jsonschema
import lxml.html
import papermill
import pytest

from mineco.core.kit import kit_files, notebooks, parameters
from mineco.evaluation.carbon_neutral_mine import evaluate as cnm
from mineco.evaluation.record import kit_used
from mineco.evaluation.record.manifest import check_manifest
from mineco.evaluation.record.results import results_document
from mineco.runs.audit import verify
from mineco.runs.run import run
from mineco.runs.targets.made_for import TARGETS, known_notebooks
from tests.helpers import forger
from tests.helpers.refusals import refused_with
from tests.helpers.results_schema import results_schema

QUARRY = parameters() / "mines" / "tiny-quarry"
LANGUAGES = ("zh", "en")


@pytest.fixture(autouse=True)
def _edited_checkout(monkeypatch):
    own = kit_used.digests_of(kit_files())
    monkeypatch.setattr(kit_used, "of_this_version", lambda: (own, False))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The run on the tiny quarry in a language, made once."""
    @cache
    def in_language(language):
        return run(QUARRY, out=tmp_path_factory.mktemp("runs"), formats=("html",), language=language,
                   notebook="sensitivity", options={"draws": "8", "seed": "3"})

    return in_language


def told(folder, name="results.json"):
    return json.loads((folder / name).read_text("utf-8"))


def test_every_notebook_that_writes_results_is_made_for_one_kind_of_target_and_is_known():
    known = known_notebooks()
    assert "sensitivity" in known
    assert [one.name for one in known.values() if len(one.declared.keys() & {*TARGETS}) != 1] == []
    assert all((notebooks() / language / f"{name}.ipynb").is_file() for name in known for language in LANGUAGES)


def test_both_languages_record_the_same_results(made):
    assert told(made("zh")) == told(made("en"))


def test_the_folder_is_that_of_any_run_and_says_what_it_is(made):
    folder = made("en")
    assert folder.name.startswith("tiny-quarry-2024-sensitivity-")
    assert {path.name for path in folder.iterdir()} == {
        "inputs", "kit", "report.html", "notebook.ipynb", "results.json", "trace.json", "parameters.json",
        "environment.json", "status.json", "ro-crate-metadata.json", "manifest-sha256.txt"}
    assert told(folder, "parameters.json") == {
        "dossier": "inputs", "standard": "carbon-neutral-mine-2025", "language": "en", "results": "results.json",
        "draws": 8, "seed": 3}
    environment = told(folder, "environment.json")
    assert environment["command"].endswith("--lang en --option draws=8 --option seed=3 --notebook=sensitivity")
    assert environment["seed"] == 3
    assert (folder / "kit" / "notebooks" / "sensitivity.ipynb").is_file()
    (crate,) = [one for one in told(folder, "ro-crate-metadata.json")["@graph"] if one["@id"] == "./"]
    assert crate["description"].startswith("Notebook sensitivity, of tiny-quarry for 2024: ")
    assert check_manifest(folder) == []


def test_the_evaluation_that_it_begins_from_is_recorded_as_its_own_run_records_it(made, quarry_runs):
    results, evaluation = told(made("en")), told(quarry_runs[0])
    assert results["evaluation"]["outcome"] == evaluation["outcome"]
    assert results["evaluation"].keys() == evaluation.keys()
    assert (results["mine"], results["year"], results["report_date"]) == (
        evaluation["mine"], evaluation["year"], evaluation["report_date"])


def test_what_was_found_is_what_the_evaluation_tells_and_more(made):
    found = told(made("en"))["found"]
    in_short = told(made("en"))["evaluation"]["sensitivity"]
    changing = [one for one in found["changes"] if one["changes_grade"]]
    assert [(one["item"], one["how"], one["score"], one["grade"]) for one in changing] == [
        (one["item"], one["how"], one["score"], one["grade"]) for one in in_short["changing"]]
    assert sum(one["tried"] for one in found["changes"]) == sum(one["tried"] for one in found["kinds"])
    assert found["indices"].keys() == {"score", "emissions_t_co2e"}
    assert all(one["first"] < 1.5 for rows in found["indices"].values() for one in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cover_says_of_which_mine_and_year_it_is(made, language):
    page = lxml.html.fromstring((made(language) / "report.html").read_text("utf-8"))
    (cover,) = page.find_class("cover")
    told = {"zh": "小采石场，2024 年度", "en": "Tiny quarry, 2024"}[language]
    assert told in cover.text_content()
    assert page.text_content().count(told) == 1  # and not a second time below it


def test_every_entry_of_the_trace_leads_to_a_number_of_the_results(made):
    results, trace = told(made("en")), told(made("en"), "trace.json")
    assert len(trace["results"]) > 50
    for path in ("evaluation.outcome.score.total", "evaluation.outcome.ledger.emissions_t_co2e"):
        value = results
        for part in path.split("."):
            value = value[part]
        quantities = [trace["quantities"][number] for number in trace["results"][path]["quantities"]]
        assert value in [one["value"] for one in quantities]


def test_the_results_have_the_form_that_the_schema_tells_and_no_other(made):
    held = jsonschema.Draft202012Validator(results_schema(), format_checker=jsonschema.FormatChecker(["date"]))
    results = told(made("en"))
    assert list(held.iter_errors(results)) == []
    for change in (lambda one: one["found"].update(more=1), lambda one: one["found"].pop("kinds"),
                   lambda one: one["evaluation"].pop("outcome"), lambda one: one.update(kind=1),
                   lambda one: one["evaluation"]["outcome"]["score"].update(total="high"),
                   lambda one: one["found"]["changes"][0].update(score=101.0)):
        other = json.loads(json.dumps(results))
        change(other)
        assert not held.is_valid(other)


def test_plain_papermill_tells_the_same(made, tmp_path):
    path = tmp_path / "results.json"
    papermill.execute_notebook(notebooks() / "en" / "sensitivity.ipynb", None, progress_bar=False, parameters={
        "dossier": str(QUARRY), "results": str(path), "draws": 8, "seed": 3})
    assert json.loads(path.read_text("utf-8")) == told(made("en"))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_made_again_to_the_last_byte(made, language):
    found = verify.verify(made(language))
    assert (found.exit_status, found.problems, found.obstacles) == (0, [], [])
    assert found.reports == 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system cannot fork")
def test_with_a_fork_and_without_it_gives_the_same_bytes(made, tmp_path, monkeypatch):
    def again(name, engine):
        return run(QUARRY, out=tmp_path / name, formats=("html",), language="en", notebook="sensitivity",
                   options={"seed": "3", "draws": "8"}, engine=engine)

    forked = again("forked", "fork")
    monkeypatch.setenv("MINECO_NO_FORK", "1")
    for folder in (forked, again("alone", None)):
        assert (folder / "report.html").read_bytes() == (made("en") / "report.html").read_bytes()


@pytest.mark.slow
def test_a_run_with_options_in_any_order_is_made_again_to_the_last_byte(tmp_path):
    chosen = {"scope2_basis": "market", "gwp": "AR4"}  # as typed, not as the archive lists them
    found = verify.verify(run(QUARRY, out=tmp_path, formats=("html",), language="en", options=chosen))
    assert (found.exit_status, found.problems) == (0, [])


# --- forged ---------------------------------------------------------------------------------------------------------

def edited(change, name="results.json"):
    return lambda folder: forger.edit(folder / name, change)


FORGERIES = {
    "a change that alters the grade is hidden": edited(lambda one: one["found"]["changes"].pop(0)),
    "a score of the evaluation": edited(lambda one: one["evaluation"]["outcome"]["score"].update(total=99.0)),
    "the evaluation left out": edited(lambda one: one.pop("evaluation")),
    "the trace left out": lambda folder: (folder / "trace.json").unlink(),
    "another seed told": edited(lambda one: one.update(seed=4)),
    "taken for an evaluation": edited(lambda one: (one.pop("kind"), one.update(one.pop("evaluation")))),
    "a command without the notebook": edited(lambda one: one.update(
        command=one["command"].replace(" --notebook=sensitivity", "")), "environment.json"),
    "other draws": edited(lambda one: one.update(draws=16), "parameters.json"),
    "a file among the inputs": lambda folder: (folder / "inputs" / "more.csv").write_text("x"),
    "a sentence of the report": lambda folder: (folder / "report.html").write_text(
        (folder / "report.html").read_text("utf-8").replace("Take-home points", "No risk"), "utf-8"),
}


@pytest.fixture(scope="module")
def again(made, tmp_path_factory):
    from mineco.runs.audit.rerun import rerun_archived

    return rerun_archived(made("en"), tmp_path_factory.mktemp("again"), story="sensitivity")


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_one_is_found(made, again, tmp_path, monkeypatch, name):
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: again)  # whose inputs it has
    folder = Path(shutil.copytree(made("en"), tmp_path / "runs" / made("en").name))
    FORGERIES[name](folder)
    forger.seal(folder)
    assert verify.verify(folder).exit_status != 0


def test_untouched_it_is_found_in_order(made, again, monkeypatch):
    monkeypatch.setattr(verify, "rerun_archived", lambda run, out, **_: again)
    assert verify.verify(made("en")).exit_status == 0


# --- refused --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "message"), [
    ({"notebook": "sensitivity", "preliminary": True}, "option_not_of_notebook"),
    ({"notebook": "no-such"}, "notebook_unknown"),
    ({"notebook": "carbon-neutral-mine"}, "notebook_unknown"),
    ({"notebook": "preliminary"}, "notebook_unknown"),
    ({"notebook": "sensitivity", "standard_id": "restoration-area-2025"}, "choice_not_allowed"),
    ({"notebook": "sensitivity", "options": {"draws": "1.5"}}, "argument_not_a_whole_number"),
    ({"notebook": "sensitivity", "options": {"dossier": "x"}}, "unknown_notebook_parameter"),
    ({"notebook": "sensitivity", "options": {"gwp": "AR4"}}, "unknown_notebook_parameter")])
def test_what_does_not_fit_is_refused_and_nothing_written(tmp_path, given, message):
    with refused_with(message):
        run(QUARRY, out=tmp_path / "runs", **given)
    assert not (tmp_path / "runs").exists()


def test_what_a_cell_would_refuse_is_told_of_the_dossier_itself(tmp_path):
    dossier = Path(shutil.copytree(QUARRY, tmp_path / "dossier"))
    (dossier / "offsets.csv").write_text("serial\n", "utf-8")
    with refused_with("offsets.csv"):
        run(dossier, out=tmp_path / "runs", notebook="sensitivity")
    assert not (tmp_path / "runs").exists()


def test_draws_that_are_no_power_of_two_end_the_run_and_leave_no_folder(tmp_path):
    with refused_with("cell_failed"):
        run(QUARRY, out=tmp_path / "runs", notebook="sensitivity", options={"draws": "3"}, formats=("html",))
    assert not [path for path in (tmp_path / "runs").iterdir() if path.is_dir()]


def test_the_document_is_that_of_the_calls(made):
    evaluation = cnm.evaluate(cnm.open_case(QUARRY))
    uncertainty = cnm.propagate_uncertainty(evaluation, seed=3)
    found = cnm.try_changes(evaluation, uncertainty, indices=8, seed=3)
    document = results_document(evaluation, uncertainty, sensitivity=found)
    assert json.loads(json.dumps(document)) == told(made("en"))["evaluation"]
