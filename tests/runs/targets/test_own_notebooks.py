"""A notebook that somebody adds to the house is run on what its parameters name, archived, verified, and refused in
sentences; nothing but the notebook is added."""

import json
import shutil
from pathlib import Path

import papermill
import pytest

from mineco.core.kit import parameters
from mineco.evaluation.record.manifest import check_manifest, root_hash, write_manifest
from tests.helpers import forger
from tests.helpers.house import house_with, made_by, mineco

QUARRY = parameters() / "mines" / "tiny-quarry"
COPPER = parameters() / "mines" / "example-copper"
HEAD = 'standard = "carbon-neutral-mine-2025"\nlanguage = "LANGUAGE"\nresults = ""\n'
TALLY = {  # of several runs and dossiers: the emissions that each tells, or what a dossier comes to
    "parameters": 'runs = "a; b"\n' + HEAD,
    "setup": "import datetime, json\nfrom pathlib import Path\nfrom mineco import evaluate, views\n"
             "views.setup(globals())\nplaces = [Path(one) for one in views.located_each(runs)]",
    "tally": "emitted = {}\nfor place in places:\n    run = place / 'results.json'\n"
             "    emitted[place.name] = (json.loads(run.read_text())['outcome'] if run.is_file() else\n"
             "                           evaluate(place, standard).told())['ledger']['emissions_t_co2e']\n"
             "emitted = {name: float(one) for name, one in emitted.items()}\nemitted",
    "record": "from mineco.evaluation.record.notebooks import write_found\n"
              "write_found('tally', results, {'emitted_t_co2e': emitted}, standard=standard,\n"
              "            report_date=datetime.date(2025, 6, 30))"}
CENSUS = {  # of a batch: how many rows have which status; dated by the run
    "parameters": 'batch = "a"\ndate = ""\nweigh = False\nleast = 0.0\n' + HEAD,
    "setup": "import datetime\nimport pyarrow.parquet as parquet\nfrom mineco import views\nviews.setup(globals())",
    "count": "rows = parquet.read_table(views.located(batch) + '/summary.parquet').to_pylist()\n"
             "counts = {one: sum(row['status'] == one for row in rows) for one in ('complete', 'refused')}\ncounts",
    "record": "from mineco.evaluation.record.notebooks import write_found\n"
              "day = datetime.date.fromisoformat(date) if date else datetime.date.today()\n"
              "write_found('census', results, {'counts': counts, 'weigh': weigh, 'least': least},\n"
              "            standard=standard, report_date=day)"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return house_with(tmp_path_factory.mktemp("house"), {"tally": TALLY, "census": CENSUS})


@pytest.fixture(scope="module")
def quarry_run(house, tmp_path_factory):
    """The run of an evaluation, made in the house."""
    return made_by(house, QUARRY, "--out", tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def tallied(house, quarry_run, tmp_path_factory):
    """A run of the notebook on a run and a dossier."""
    return made_by(house, quarry_run, COPPER, "--notebook", "tally", "--out", tmp_path_factory.mktemp("tallies"))


@pytest.fixture(scope="module")
def batch(house, tmp_path_factory):
    """A folder that a batch was written to: one mine is evaluated, one refused."""
    out = tmp_path_factory.mktemp("batch")
    mineco(house, "batch", QUARRY, out / "none", "--depth", "results", "--out", out)
    return out


@pytest.fixture(scope="module")
def counted(house, batch, tmp_path_factory):
    """A run of the notebook on a batch, with options of its own."""
    return made_by(house, batch, "--notebook", "census", "--option", "least=1.5", "--option", "weigh=true",
                   "--out", tmp_path_factory.mktemp("counts"))


def told(folder, name="results.json"):
    return json.loads((folder / name).read_text("utf-8"))


def forged(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "runs" / made.name))


def verdict(house, folder):
    done = mineco(house, "verify", folder, "--lang", "en")
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


# --- several runs and dossiers --------------------------------------------------------------------------------------

def test_of_a_run_is_kept_what_is_read_and_of_a_dossier_all(tallied, quarry_run):
    kept = {path.relative_to(tallied / "inputs").as_posix() for path in (tallied / "inputs").rglob("*")
            if path.is_file()}
    assert {one.partition("/")[0] for one in kept} == {quarry_run.name, "example-copper"}
    of_run = {one.partition("/")[2] for one in kept if one.startswith(quarry_run.name)}
    assert {one for one in of_run if not one.startswith("inputs/")} == {
        "results.json", "trace.json", "parameters.json", "environment.json", "manifest-sha256.txt"}
    assert of_run >= {f"inputs/{path.name}" for path in QUARRY.iterdir() if path.is_file()}
    assert root_hash(tallied / "inputs" / quarry_run.name) == root_hash(quarry_run)
    assert check_manifest(tallied) == []


def test_the_notebook_is_told_of_them_in_the_order_given_and_tells_its_own_results(tallied, quarry_run):
    assert told(tallied, "parameters.json") == {
        "runs": f"inputs/{quarry_run.name}; inputs/example-copper", "standard": "carbon-neutral-mine-2025",
        "language": "en", "results": "results.json"}
    assert told(tallied, "environment.json")["command"] == (
        f"mineco run inputs/{quarry_run.name} inputs/example-copper --standard carbon-neutral-mine-2025 --formats html "
        "--lang en --notebook=tally")
    found = told(tallied)
    emitted = told(quarry_run)["outcome"]["ledger"]["emissions_t_co2e"]
    assert (found["kind"], found["seed"], found["report_date"]) == ("tally", None, "2025-06-30")
    assert found["found"]["emitted_t_co2e"][quarry_run.name] == emitted
    assert not {"mine", "year", "evaluation"} & found.keys()
    assert tallied.name.startswith("tally-")
    assert not (tallied / "trace.json").exists()  # nothing is evaluated anew of which one could be told


def test_it_is_made_again_and_the_same(house, tallied):
    code, said = verdict(house, tallied)
    assert code == 0, said
    assert "results.json" not in said.partition("verified")[0]


def test_without_a_fork_it_gives_the_same(house, tallied, quarry_run, tmp_path):
    made = made_by(house, quarry_run, COPPER, "--notebook", "tally", "--out", tmp_path, MINECO_NO_FORK="1")
    assert (made / "results.json").read_bytes() == (tallied / "results.json").read_bytes()
    assert (made / "report.html").read_bytes() == (tallied / "report.html").read_bytes()


def emitted_less(folder):
    forger.edit(folder / "results.json", lambda one: one["found"]["emitted_t_co2e"].update({"example-copper": 1.0}))


def of_another_kind(folder):
    forger.edit(folder / "results.json", lambda one: one.update(kind="census"))


def of_no_known_kind(folder):
    forger.edit(folder / "results.json", lambda one: one.update(kind="../../tally"))


def of_no_kind(folder):
    forger.edit(folder / "results.json", lambda one: one.pop("kind"))


def with_another_dossier(folder):
    path = folder / "inputs" / "example-copper" / "activity.csv"
    text = path.read_text("utf-8-sig")
    assert "2024,road-vehicles,diesel,420," in text
    path.write_text(text.replace("2024,road-vehicles,diesel,420,", "2024,road-vehicles,diesel,42,"), "utf-8")


def without_the_dossier(folder):
    shutil.rmtree(folder / "inputs" / "example-copper")


def led_elsewhere(folder):
    forger.edit(folder / "parameters.json", lambda one: one.update(runs="inputs/../../x; inputs/example-copper"))


def in_another_order(folder):
    forger.edit(folder / "parameters.json", lambda one: one.update(runs="; ".join(one["runs"].split("; ")[::-1])))


@pytest.mark.parametrize("meddle", [emitted_less, of_another_kind, of_no_known_kind, of_no_kind, with_another_dossier,
                                    without_the_dossier, led_elsewhere, in_another_order])
def test_a_forged_one_is_found(house, tallied, tmp_path, meddle):
    folder = forged(tallied, tmp_path)
    meddle(folder)
    forger.seal(folder)
    code, said = verdict(house, folder)
    assert code in (1, 2), said


def listed(folder, quarry_run):
    return folder / "inputs" / quarry_run.name


def other_power(place):
    path = place / "inputs" / "activity.csv"
    text = path.read_text("utf-8-sig")
    row = next(line for line in text.splitlines() if line.startswith("2024,electricity,purchased,"))
    cells = row.split(",")
    path.write_text(text.replace(row, ",".join([*cells[:3], "1", *cells[4:]])), "utf-8")


def other_results(place):
    forger.edit(place / "results.json", lambda one: one["outcome"]["ledger"].update(emissions_t_co2e=1.0))


@pytest.mark.parametrize(("meddle", "file"), [(other_power, "inputs/activity.csv"), (other_results, "results.json")])
def test_a_changed_file_of_a_listed_run_is_named(house, tallied, quarry_run, tmp_path, meddle, file):
    folder = forged(tallied, tmp_path)
    meddle(listed(folder, quarry_run))
    forger.seal(folder)
    code, said = verdict(house, folder)
    assert code == 1
    assert f"{quarry_run.name}/{file}: is not what the manifest says it was" in said


def test_a_listed_run_whose_manifest_was_made_anew_as_well_is_held_to_its_inputs(house, tallied, quarry_run, tmp_path):
    folder = forged(tallied, tmp_path)
    other_power(listed(folder, quarry_run))
    write_manifest(listed(folder, quarry_run))
    forger.seal(folder)
    code, said = verdict(house, folder)
    assert code == 1
    assert f"inputs/{quarry_run.name}/results.json, outcome.ledger.emissions_t_co2e" in said


def test_a_listed_run_whose_results_have_no_form_ends_in_no_traceback(house, tallied, quarry_run, tmp_path):
    folder = forged(tallied, tmp_path)
    forger.edit(listed(folder, quarry_run) / "results.json", lambda one: one.update(kit="released"))
    write_manifest(listed(folder, quarry_run))
    forger.seal(folder)
    code, said = verdict(house, folder)
    assert code == 1
    assert "the results do not follow their schema" in said


def test_of_a_listed_run_of_other_code_it_is_told_that_its_results_were_not_held_to_its_inputs(
        house, quarry_run, tmp_path):
    other = Path(shutil.copytree(quarry_run, tmp_path / quarry_run.name))
    forger.edit(other / "environment.json", lambda one: one["mineco"].update(code_sha256="0" * 64))
    write_manifest(other)
    made = made_by(house, other, "--notebook", "tally", "--out", tmp_path / "runs")
    code, said = verdict(house, made)
    assert code == 0, said
    assert f"inputs/{quarry_run.name}/ (whether its results are those of its inputs" in said


def refused(house, out, *arguments):
    done = mineco(house, "run", *arguments, "--lang", "en", "--out", out)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not out.exists()  # neither a folder nor a log
    return done.stderr


def test_every_problem_of_every_target_is_told_at_once(house, quarry_run, tmp_path):
    torn, other = (Path(shutil.copytree(quarry_run, tmp_path / name)) for name in ("torn", "other"))
    other_results(torn)
    (other / "inputs" / "more.csv").write_text("x")
    dossier = Path(shutil.copytree(QUARRY, tmp_path / "dossier"))
    (dossier / "metrics.csv").unlink()
    said = refused(house, tmp_path / "runs", torn, other, dossier, "--notebook", "tally", "--option", "pace=1")
    assert "torn/results.json: is not what the manifest says it was" in said
    assert "metrics.csv" in said
    assert "pace = 1: the notebook declares no such parameter" in said


@pytest.mark.parametrize(("arguments", "sentence"), [
    ([QUARRY, QUARRY], "is named twice"),
    (["no-such-place"], "there is no such dossier folder"),
    ([QUARRY, "--preliminary"], "--preliminary: does not go with the notebook tally"),
    ([QUARRY, "--weights", "w.yaml"], "--weights: does not go with the notebook tally"),
    ([QUARRY, "--gwp", "AR4"], "gwp = AR4: the notebook declares no such parameter"),
    ([QUARRY, "--standard", "restoration-area-2025"], "is not one of the choices")])
def test_what_does_not_fit_is_refused_in_a_sentence(house, tmp_path, arguments, sentence):
    assert sentence in refused(house, tmp_path / "runs", *arguments, "--notebook", "tally")


def test_a_run_of_a_notebook_is_no_evaluation_to_compare(house, tallied, tmp_path):
    said = refused(house, tmp_path / "runs", tallied, "--notebook", "tally")
    assert "is a run of the notebook tally, and no evaluation" in said


# --- a batch --------------------------------------------------------------------------------------------------------

def test_of_a_batch_the_summary_is_kept_and_none_of_the_records(counted, batch):
    assert [path.name for path in (counted / "inputs").rglob("*")] == ["summary.parquet"]
    assert (counted / "inputs" / "summary.parquet").read_bytes() == (batch / "summary.parquet").read_bytes()
    assert told(counted)["found"] == {"counts": {"complete": 1, "refused": 1}, "weigh": True, "least": 1.5}


def test_it_is_dated_by_the_run_and_made_again_with_that_date(house, counted, tmp_path):
    given = told(counted, "parameters.json")
    assert given["date"] == told(counted)["report_date"] == told(counted, "environment.json")["start"][:10]
    forger.edit(counted / "parameters.json", lambda one: one)  # written as it was
    code, said = verdict(house, counted)
    assert code == 0, said


def counted_more(folder):
    forger.edit(folder / "results.json", lambda one: one["found"]["counts"].update(complete=2))


def another_batch(folder):
    import pyarrow
    from pyarrow import parquet

    rows = [{"mine": "a", "status": "complete"}, {"mine": "b", "status": "complete"}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "inputs" / "summary.parquet")


def of_another_day(folder):
    forger.edit(folder / "parameters.json", lambda one: one.update(date="2020-01-01"))


@pytest.mark.parametrize("meddle", [counted_more, another_batch, of_another_day])
def test_a_forged_count_is_found(house, counted, tmp_path, meddle):
    folder = forged(counted, tmp_path)
    meddle(folder)
    forger.seal(folder)
    code, said = verdict(house, folder)
    assert code in (1, 2), said


@pytest.mark.parametrize(("arguments", "sentence"), [
    ([QUARRY], "is no folder that a batch was written to; it lacks summary.parquet"),
    ([QUARRY, COPPER], "names 2 targets, and one is taken here"),
    (["BATCH", "--option", "least=much"], "least = much: is not a number"),
    (["BATCH", "--option", "weigh=perhaps"], "weigh = perhaps: is neither True nor False")])
def test_what_is_no_batch_is_refused_in_a_sentence(house, batch, tmp_path, arguments, sentence):
    typed = [batch if one == "BATCH" else one for one in arguments]
    assert sentence in refused(house, tmp_path / "runs", *typed, "--notebook", "census")


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing PAR1"])
def test_a_torn_summary_is_refused_in_a_sentence(house, tmp_path, content):
    (tmp_path / "summary.parquet").write_bytes(content)
    assert "is no summary of a batch" in refused(house, tmp_path / "runs", tmp_path, "--notebook", "census")


# --- in any house ---------------------------------------------------------------------------------------------------

def test_an_unknown_notebook_is_refused_with_those_that_are_known(house, tmp_path):
    said = refused(house, tmp_path / "runs", QUARRY, "--notebook", "sensitivty")
    assert "notebook = sensitivty: is no notebook that can be run" in said
    assert "Do you mean sensitivity?" in said
    assert all(one in said for one in ("census", "tally"))
    assert "carbon-neutral-mine" not in said


def test_help_names_the_notebooks_and_what_they_are_run_on(house):
    said = " ".join(mineco(house, "run", "--help").stdout.split())
    assert all(one in said for one in ("sensitivity (DOSSIER)", "tally (RUN|DOSSIER...)", "census (BATCH)"))
    assert "00-start-here" not in said


def test_a_kept_notebook_runs_again_where_it_lies_and_holds_itself_to_the_record(house, tallied, tmp_path, monkeypatch):
    folder = forged(tallied, tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(house))
    node = papermill.execute_notebook(folder / "notebook.ipynb", tmp_path / "again.ipynb", cwd=folder,
                                      progress_bar=False)
    (said,) = node.cells[-1].outputs
    assert "Equal to the results.json of the archive" in said["data"]["text/plain"]
    assert check_manifest(folder) == []
