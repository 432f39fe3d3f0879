"""A run appears whole or not at all, replaces nothing, and keeps exact copies of what it evaluated."""

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mineco.core.errors import BadInput, Problem
from mineco.core.kit import parameters
from mineco.evaluation.record.form import MineForm
from mineco.evaluation.record.manifest import check_manifest
from mineco.runs import order, runlog, staging
from mineco.runs import run as run_module
from mineco.runs.order import notebook_notices
from mineco.runs.run import run
from mineco.runs.status import status_of
from tests.helpers.refusals import refused_with

STANDARD = "carbon-neutral-mine-2025"
KEPT = "kit/notebooks/carbon-neutral-mine.ipynb"
ODD = " 100% 煤 #1.pdf"
PARAMETERS = "dossier = ''\nstandard = ''\nlanguage = 'zh'\ngwp = ''\nresults = ''"
WRITE_RESULTS = """
import hashlib, json, pathlib
pathlib.Path(results).write_text(json.dumps({
    "mine": {"id": "north-pit"}, "year": 2024, "report_date": "2025-03-31", "uncertainty": {}, "language": language,
    "gwp": gwp,
    "activity": pathlib.Path(dossier, "activity.csv").read_text("utf-8")}))
print("sha256:" + hashlib.sha256(pathlib.Path(results).read_bytes()).hexdigest())
"""


class SomeResults(BaseModel):
    """As much of the form of results.json as these cells write."""

    model_config = ConfigDict(extra="allow")
    mine: dict[str, Annotated[str, Field(pattern="^[a-z-]+$")]]
    year: int


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    folder = tmp_path / "dossier"
    (folder / "evidence").mkdir(parents=True)
    (folder / "mine.yaml").write_text("id: north-pit\n", encoding="utf-8")
    (folder / "activity.csv").write_bytes("year,煤\r\n2024,1\r\n".encode())
    (folder / "evidence" / "licence.pdf").write_bytes(b"%PDF\x00")
    (folder / "evidence" / ODD).write_bytes(b"%PDF\x00")
    (folder / ".DS_Store").write_bytes(b"x")
    return folder


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
         notebook_of_cells: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """A function that puts a notebook of some cells in place of the evaluation, and takes every dossier for good."""
    kit = tmp_path / "kit"
    kit.mkdir()
    monkeypatch.setattr(order, "notebooks", lambda: kit)
    monkeypatch.setattr(run_module, "results_form", lambda *_: SomeResults)
    monkeypatch.setattr(run_module, "check_dossier", lambda folder, standard, options, *_: options)

    def put(*sources: str) -> None:
        notebook = notebook_of_cells(PARAMETERS, *sources)
        for language in ("zh", "en"):
            (kit / language).mkdir(exist_ok=True)
            (kit / language / "carbon-neutral-mine.ipynb").write_text(json.dumps(notebook))

    put(WRITE_RESULTS)
    return put


def test_a_run_keeps_report_notebook_results_and_exact_copies_of_the_inputs(stub, dossier, tmp_path):
    made = run(dossier, STANDARD, tmp_path / "runs", ("html",), "en", {"gwp": "AR4"})
    assert re.fullmatch(r"north-pit-2024-\d{8}T\d{6}", made.name)
    assert sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()) == [
        "environment.json", "inputs/activity.csv", f"inputs/evidence/{ODD}", "inputs/evidence/licence.pdf",
        "inputs/mine.yaml",
        KEPT, *kept_parameters(made), *kept_templates(made),
        "manifest-sha256.txt", "notebook.ipynb", "parameters.json", "report.html", "results.json",
        "ro-crate-metadata.json", "status.json"]
    assert (made / "inputs" / "activity.csv").read_bytes() == (dossier / "activity.csv").read_bytes()
    results = json.loads((made / "results.json").read_text("utf-8"))
    assert (results["language"], results["gwp"], "煤" in results["activity"]) == ("en", "AR4", True)
    assert runs_in(tmp_path / "runs") == [made]


def test_manifest_and_metadata_hold_files_whatever_they_are_called(stub, dossier, tmp_path):
    from rocrate.rocrate import ROCrate

    made = run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert check_manifest(made) == []
    assert f"inputs/evidence/{ODD}" in {unquote(entity.id) for entity in ROCrate(made).data_entities}


def kept_parameters(made: Path) -> list[str]:
    files = [path for path in (made / "kit" / "parameters").rglob("*") if path.is_file()]
    assert {path.name for path in files} > {"standard.yaml", "fuels.csv", "sources.yaml", "labels.yaml", "units.txt"}
    return sorted(path.relative_to(made).as_posix() for path in files)


def kept_templates(made: Path) -> list[str]:
    files = [path for path in (made / "kit" / "templates").rglob("*") if path.is_file()]
    assert {path.name for path in files} > {"report.html", "report.css", "report.typ", "reference.docx"}
    return sorted(path.relative_to(made).as_posix() for path in files)


def runs_in(out: Path) -> list[Path]:
    """What stands in a folder of runs beside the log and its lock."""
    return sorted(path for path in out.iterdir() if path.name not in (runlog.NAME, runlog.LOCK))


def test_the_kept_notebook_runs_again_where_it_lies_and_names_no_path_of_the_machine(stub, dossier, tmp_path):
    text = (run(dossier, STANDARD, tmp_path / "runs", ("html",)) / "notebook.ipynb").read_text("utf-8")
    assert str(tmp_path) not in text
    assert 'dossier = \\"inputs\\"' in text


def test_of_a_notebook_that_holds_outputs_a_run_keeps_none_and_says_so(stub, dossier, tmp_path):
    before = (run(dossier, STANDARD, tmp_path / "bare", ("html",)) / KEPT).read_text("utf-8")
    assert notebook_notices(STANDARD) == ()
    source = tmp_path / "kit" / "zh" / "carbon-neutral-mine.ipynb"
    worked_in = json.loads(source.read_text("utf-8"))
    worked_in["cells"][1] |= {"execution_count": 7, "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "a secret"}]}
    worked_in["cells"][1]["metadata"]["execution"] = {"iopub.execute_input": "2025-01-01T00:00:00Z"}
    source.write_text(json.dumps(worked_in), "utf-8")
    made = run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert json.loads((made / KEPT).read_text("utf-8")) == json.loads(before)
    assert [path for path in made.rglob("*") if path.is_file() and b"a secret" in path.read_bytes()] == []
    assert [(one.message, one.file) for one in notebook_notices(STANDARD)] == [
        ("notebook_held_outputs", "kit/zh/carbon-neutral-mine.ipynb")]


def test_two_runs_in_the_same_second_stand_beside_each_other(stub, dossier, tmp_path, monkeypatch):
    class Stopped(staging.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2025, 3, 1, 12, 0, 0)

    monkeypatch.setattr(staging, "datetime", Stopped)
    first, second = (run(dossier, STANDARD, tmp_path / "runs", ("html",)) for _ in range(2))
    assert (first.name, second.name) == ("north-pit-2024-20250301T120000", "north-pit-2024-20250301T120000-2")


def test_even_an_empty_folder_or_a_file_of_the_same_name_is_not_replaced(tmp_path, monkeypatch):
    finished = tmp_path / "new"
    finished.mkdir()
    monkeypatch.setattr(staging, "datetime", type("Fixed", (), {"now": staticmethod(lambda: _Noon())}))
    (tmp_path / "m-2024-noon").mkdir()
    (tmp_path / "m-2024-noon-2").write_text("mine")
    assert staging.move_into_place(finished, "m-2024").name == "m-2024-noon-3"
    assert (tmp_path / "m-2024-noon-2").read_text() == "mine"


class _Noon:
    def __format__(self, form: str) -> str:
        return "noon"


@pytest.fixture
def runs_with_an_earlier_one(stub, dossier, tmp_path) -> tuple[Path, dict[Path, bytes]]:
    out = tmp_path / "runs"
    run(dossier, STANDARD, out, ("html",))
    return out, contents(out)


def contents(out: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() if path.is_file() else b"" for run in runs_in(out) for path in run.rglob("*")}


@pytest.mark.parametrize(("cells", "message"), [
    (("1 / 0",), "cell_failed"),
    (("import sys; sys.exit(0)", WRITE_RESULTS), "cell_failed"),
    (("pass",), "results_missing"),
    (("open(results, 'w').write('{\"mine\": {\"id\": \"m\"}}')",), "results_not_valid"),
    (("open(results, 'w').write('{\"mine\": {\"id\": \"m\"}, \"year\": NaN}')",), "results_not_valid"),
    (("open(results, 'w').write('{\"mine\": {\"id\": \"../m\"}, \"year\": 2024}')",), "results_not_valid"),
])
def test_a_failed_run_leaves_nothing_behind_and_earlier_runs_as_they_were(
        runs_with_an_earlier_one, stub, dossier, cells, message):
    out, before = runs_with_an_earlier_one
    stub(*cells)
    with refused_with(message):
        run(dossier, STANDARD, out, ("html",))
    assert contents(out) == before


def test_an_interrupted_run_leaves_nothing_behind(runs_with_an_earlier_one, dossier, monkeypatch):
    out, before = runs_with_an_earlier_one

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "_write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(dossier, STANDARD, out, ("html",))
    assert contents(out) == before


def test_a_failing_cell_is_shown_with_number_reason_and_code(stub, dossier, tmp_path):
    stub("a = 1", "a / 0")
    with pytest.raises(BadInput) as failed:
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert failed.value.problems[0].details == {
        "cell": 3, "reason": "ZeroDivisionError: division by zero", "source": "a / 0"}


def test_a_full_disk_is_named_and_leaves_nothing(runs_with_an_earlier_one, dossier, monkeypatch):
    out, before = runs_with_an_earlier_one

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "report.html")

    monkeypatch.setattr(run_module, "_write", full)
    with pytest.raises(BadInput) as failed:
        run(dossier, STANDARD, out, ("html",))
    (problem,) = failed.value.problems
    assert (problem.message, problem.file) == ("file_trouble", "report.html")
    assert problem.details["reason"] == "No space left on device"
    assert contents(out) == before


def test_the_log_tells_of_a_run_its_folder_and_root_and_of_a_failure_its_dossier_and_reason(stub, dossier, tmp_path):
    out = tmp_path / "runs"
    made = run(dossier, STANDARD, out, ("html",))
    stub("1 / 0")
    with pytest.raises(BadInput):
        run(dossier, STANDARD, out, ("html",), "en")
    good, bad = runlog.read(out)
    digest = hashlib.sha256((made / "manifest-sha256.txt").read_bytes()).hexdigest()
    assert (good["run"], good["status"], good["root"], good["reason"]) == (made.name, "complete", digest, "")
    assert (bad["run"], bad["dossier"], bad["status"], bad["root"]) == ("", str(dossier), "failed", "")
    assert "ZeroDivisionError" in bad["reason"]


def test_an_interrupted_run_is_logged_as_such(stub, dossier, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "_write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    (line,) = runlog.read(tmp_path / "runs")
    assert (line["status"], line["reason"]) == ("interrupted", "KeyboardInterrupt")


def test_a_folder_that_cannot_be_logged_does_not_stay(stub, dossier, tmp_path, monkeypatch):
    def full(*_, status, **__):
        if status == "complete":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), runlog.NAME)

    monkeypatch.setattr(runlog, "append", full)
    with refused_with("file_trouble"):
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert runs_in(tmp_path / "runs") == []


def test_a_notebook_whose_last_cell_does_not_tell_the_digest_of_its_results_has_failed(stub, dossier, tmp_path):
    stub(WRITE_RESULTS, "pass")
    with refused_with("no_sentinel"):
        run(dossier, STANDARD, tmp_path / "runs", ("html",))


def test_a_killed_run_is_cleared_away_and_logged_by_the_next_and_one_under_way_is_let_alone(tmp_path):
    killed = tmp_path / ".0123.partial"
    killed.mkdir()
    (killed / "status.json").write_text('{"state": "running", "dossier": "north", "start": "2025-01-01T00:00:00Z"}')
    with staging.staging(tmp_path, {}) as under_way:
        code = ("import pathlib, sys; from mineco.runs.run import _log_abandoned; "
                "[_log_abandoned(pathlib.Path(sys.argv[1])) for _ in range(2)]")
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
        assert under_way.is_dir()
        assert not killed.exists()
    (line,) = runlog.read(tmp_path)
    assert (line["dossier"], line["status"]) == ("north", "interrupted")
    assert "2025-01-01T00:00:00Z" in line["reason"]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")
@pytest.mark.parametrize("put", [lambda path: path.symlink_to("/tmp/mineco-elsewhere"), os.mkfifo, Path.mkdir])
def test_a_log_that_is_no_file_is_not_written_to(tmp_path, put):
    put(tmp_path / runlog.NAME)
    with pytest.raises(OSError, match=runlog.NAME), runlog.locked(tmp_path):
        runlog.append(tmp_path, status="complete")
    assert not Path("/tmp/mineco-elsewhere").exists()


def test_many_writers_of_one_log_lose_no_line(tmp_path):
    code = ("import pathlib, sys; from mineco.runs import runlog\n"
            "for number in range(50):\n"
            "    with runlog.locked(pathlib.Path(sys.argv[1])):\n"
            "        runlog.append(pathlib.Path(sys.argv[1]), run=f'{sys.argv[2]}-{number}', status='complete')")
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    names = [line["run"] for line in runlog.read(tmp_path)]
    assert sorted(names) == sorted(f"{name}-{number}" for name in "abc" for number in range(50))


def test_a_torn_line_of_the_log_is_not_read(tmp_path):
    with runlog.locked(tmp_path):
        runlog.append(tmp_path, run="a", status="complete")
    with (tmp_path / runlog.NAME).open("a") as opened:
        opened.write("2025-01-01,b")
    assert [line["run"] for line in runlog.read(tmp_path)] == ["a"]
    with runlog.locked(tmp_path):
        runlog.append(tmp_path, run="c", status="complete")
    assert [line["run"] for line in runlog.read(tmp_path)] == ["a", "c"]


@pytest.mark.parametrize("name", ["a\nb.txt", "a\\b.txt", "a\x1b[2J.txt"])
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_a_file_whose_name_no_manifest_can_hold_is_refused(stub, dossier, tmp_path, name):
    (dossier / "evidence" / name).write_text("x")
    with refused_with("file_name_not_plain"):
        run(dossier, STANDARD, tmp_path / "runs", ("html",))


@pytest.mark.parametrize(("change", "lacks"), [
    ({"execution_count": None}, "cells_run"), ({"execution_count": 3}, "consecutive"),
    ({"outputs": []}, "sentinel"), ({"source": ""}, "sentinel")])
def test_a_notebook_is_complete_only_with_every_count_and_the_sentinel(change, lacks):
    cells = [{"cell_type": "code", "source": "1", "execution_count": 1, "outputs": []},
             {"cell_type": "code", "source": "2", "execution_count": 2, "outputs": [{"output_type": "stream", "text":
              f"sha256:{hashlib.sha256(b'results').hexdigest()}"}]}]
    assert status_of({"cells": cells}, b"results")["state"] == "complete"
    found = status_of({"cells": [cells[0], cells[1] | change]}, b"results")
    assert found["state"] == "failed"
    assert found[lacks] in (False, 1)


def mounted(folder: Path, options: str) -> bool:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB, where the machine lets us make one."""
    folder = tmp_path / "disk"
    if os.name == "nt" or not mounted(folder, "size=3m"):
        pytest.skip("only a superuser can mount a small disk; the simulated full disk is tested in any case")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_ends_the_run_and_stays_empty(stub, dossier, tiny_disk):
    (dossier / "evidence" / "photo.jpg").write_bytes(os.urandom(4_000_000))
    with refused_with("file_trouble"):
        run(dossier, STANDARD, tiny_disk / "runs", ("html",))
    assert not (tiny_disk / "runs").exists()


def test_a_disk_that_fills_up_inside_the_notebook_ends_the_run_and_stays_empty(stub, dossier, tiny_disk):
    stub("open(results, 'wb').write(bytes(4_000_000))")
    with refused_with("cell_failed") as failed:
        run(dossier, STANDARD, tiny_disk / "runs", ("html",))
    assert "No space left on device" in failed.value.problems[0].details["reason"]
    assert runs_in(tiny_disk / "runs") == []


def test_an_output_place_that_cannot_be_written_is_bad_input(stub, dossier, tmp_path):
    (tmp_path / "runs").write_text("a file stands where the folder should be")
    with refused_with("file_trouble"):
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert (tmp_path / "runs").read_text() == "a file stands where the folder should be"


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing can be made, not even by a superuser."""
    folder = tmp_path / "runs"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o500)
        yield folder
    elif mounted(folder, "ro"):
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
    else:
        pytest.skip("a superuser may write anywhere, and this one cannot mount a read-only disk")


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no read-only folders")
def test_a_read_only_output_folder_is_bad_input(stub, dossier, read_only):
    with refused_with("file_trouble"):
        run(dossier, STANDARD, read_only, ("html",))
    assert list(read_only.iterdir()) == []


def test_a_link_in_the_dossier_is_refused_because_it_may_lead_anywhere(stub, dossier, tmp_path):
    (dossier / "metrics.csv").symlink_to("/etc/hostname")
    with pytest.raises(BadInput) as refused:
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert [(problem.message, problem.file) for problem in refused.value.problems] == [("not_a_file", "metrics.csv")]
    assert not (tmp_path / "runs").exists()


def test_an_option_that_the_notebook_does_not_declare_is_refused(stub, dossier, tmp_path):
    with refused_with("unknown_notebook_parameter"):
        run(dossier, STANDARD, tmp_path / "runs", ("html",), options={"gpw": "AR4"})


def test_everything_wrong_with_the_order_is_said_at_once_and_no_folder_is_made(dossier):
    with pytest.raises(BadInput) as refused:
        run(dossier, "carbon-neutral-mine-1999", dossier / "runs", ("html", "odt"), "fr")
    assert [(problem.message, problem.value) for problem in refused.value.problems] == [
        ("out_inside_dossier", str(dossier)), ("choice_not_allowed", "carbon-neutral-mine-1999"),
        ("choice_not_allowed", "odt"), ("choice_not_allowed", "fr")]
    assert not (dossier / "runs").exists()


@pytest.mark.parametrize("formats", [[], (), "", [""]])
def test_a_run_without_a_report_is_refused_before_a_folder_is_made(dossier, tmp_path, formats):
    with refused_with("formats: no_format"):
        run(dossier, STANDARD, tmp_path / "runs", formats)
    assert not (tmp_path / "runs").exists()


def test_the_form_of_results_lets_no_mine_name_a_folder_elsewhere():
    named = {"name_zh": "", "name_en": "", "type": "", "mine_subtype": "", "province": ""}
    assert MineForm(id="north-pit", **named)
    for name in ("..", "../m", "a/b", "a\\b", "", ".hidden", "c:", "m\n"):
        with pytest.raises(ValidationError):
            MineForm(id=name, **named)


@pytest.fixture
def checks(monkeypatch):
    """The folders in which a dossier was checked, each of which is refused."""
    seen = []

    def refuse(folder: Path, *_: object) -> None:
        seen.append(folder.name)
        raise BadInput(Problem("missing_metric", file="metrics.csv"))

    monkeypatch.setattr(run_module, "check_dossier", refuse)
    return seen


def test_a_dossier_that_the_notebook_evaluates_is_not_evaluated_beside_it(stub, dossier, tmp_path, checks):
    stub(WRITE_RESULTS)
    run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert checks == []


def test_where_a_cell_fails_the_copies_are_checked_and_a_dossier_that_is_refused_has_not_been_run(
        stub, dossier, tmp_path, checks):
    stub("raise KeyError('production')")
    with pytest.raises(BadInput) as refused:
        run(dossier, STANDARD, tmp_path / "runs", ("html",))
    assert [one.message for one in refused.value.problems] == ["missing_metric"]
    assert checks == ["inputs"]  # the copies that are kept, not what they were copied from
    assert not (tmp_path / "runs").exists()


@pytest.fixture(scope="module", params=["zh", "en"])
def evaluated(request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = parameters() / "mines" / "changcun-coal"
    return run(dossier, STANDARD, tmp_path_factory.mktemp("runs"), language=request.param)


@pytest.mark.slow
def test_a_real_evaluation_makes_the_report_in_three_formats(evaluated):
    starts = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK"}
    assert [form for form, start in starts.items()
            if not (evaluated / f"report.{form}").read_bytes().startswith(start)] == []


@pytest.mark.slow
def test_language_changes_no_number(tmp_path):
    dossier = parameters() / "mines" / "changcun-coal"
    chinese, english = (json.loads((run(dossier, STANDARD, tmp_path, ("html",), language) / "results.json").read_text())
                        for language in ("zh", "en"))
    assert chinese["outcome"] == english["outcome"]


@pytest.mark.slow
def test_an_option_set_by_hand_is_used_and_its_origin_is_kept(tmp_path):
    made = run(parameters() / "mines" / "changcun-coal", STANDARD, tmp_path, ("html",), options={"gwp": "ar4"})
    options = json.loads((made / "results.json").read_text("utf-8"))["options"]
    assert options["gwp"] == {"value": "AR4", "origin": "command-line"}
