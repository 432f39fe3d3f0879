"""The archive of a run names every file, traces every number, and tells nothing of the machine that made it."""

import csv
import hashlib
import json
import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest

from mineco.core.errors import Problems
from mineco.core.kit import parameters, templates
from mineco.evaluation.carbon_neutral_mine.evaluate import check
from mineco.evaluation.record.manifest import NAME, check_manifest, read_manifest, root_hash, write_manifest
from mineco.evaluation.record.results import as_json, results_document
from mineco.evaluation.record.trace import trace_document
from mineco.evaluation.steps import FORMULA_MODULES
from mineco.runs import runlog
from mineco.runs.archive import run_command
from tests.helpers.places import ROOT
from tests.helpers.refusals import refused_with


@pytest.fixture(scope="module")
def made(quarry_runs) -> Path:
    return quarry_runs[0]


def load(made: Path, name: str) -> Any:
    return json.loads((made / name).read_text("utf-8"))


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_manifest_holds_the_sha256_of_every_other_file_in_order_of_their_names(made):
    lines = (made / NAME).read_text("utf-8").splitlines()
    told = {line[66:]: line[:64] for line in lines}
    assert told == {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for name in files_of(made) - {NAME}}
    assert list(told) == sorted(told)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum on this machine")
def test_another_program_finds_the_manifest_good(made):
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", NAME], cwd=made, check=True)


def test_the_log_beside_the_runs_holds_the_root_hash(made):
    (line,) = runlog.read(made.parent)
    digest = hashlib.sha256((made / NAME).read_bytes()).hexdigest()
    assert (line["run"], line["status"], line["root"]) == (made.name, "complete", digest)
    assert root_hash(made) == digest


def test_nothing_in_the_archive_names_a_path_of_the_machine(made):
    here = [str(made.parent), os.path.realpath(made.parent), str(Path.home()), str(ROOT)]
    named = {name: place for name in files_of(made) for place in here
             if f"{place}/".encode() in (made / name).read_bytes()}
    assert named == {}


def test_the_environment_names_versions_platform_and_numerics(made):
    told = load(made, "environment.json")
    assert told["python"]["version"] == platform.python_version()
    assert told["packages"]["numpy"] == version("numpy")
    assert told["platform"]["machine"] == platform.machine()
    assert told["numerics"]["blas"]["name"]
    assert told["numerics"]["environment"]["OMP_NUM_THREADS"] == "1"
    assert told["start"] <= told["end"]
    assert told["command"].startswith("mineco run inputs --standard carbon-neutral-mine-2025")


def test_the_parameters_are_those_that_stand_in_the_executed_notebook(made):
    (cell,) = [cell for cell in load(made, "notebook.ipynb")["cells"]
               if "injected-parameters" in cell["metadata"].get("tags", [])]
    injected: dict[str, Any] = {}
    exec("".join(cell["source"]), injected)
    assert load(made, "parameters.json") == {name: value for name, value in injected.items() if name != "__builtins__"}


def test_options_set_by_hand_stand_in_the_command_that_makes_the_run_again():
    given = {"dossier": "inputs", "standard": "s", "language": "zh", "results": "r.json", "gwp": "AR4"}
    assert run_command(given, ("html", "pdf")).endswith("--formats html,pdf --lang zh --option gwp=AR4")


def test_the_status_says_complete_with_as_many_cells_as_the_notebook_has(made):
    cells = [cell for cell in load(made, "notebook.ipynb")["cells"] if cell["cell_type"] == "code"]
    assert load(made, "status.json") == {"state": "complete", "cells": len(cells), "cells_run": len(cells),
                                         "consecutive": True, "sentinel": True}


def test_the_digest_of_the_results_stands_in_the_report(made):
    digest = hashlib.sha256((made / "results.json").read_bytes()).hexdigest()
    assert digest in (made / "report.html").read_text("utf-8")


# --- The trace ------------------------------------------------------------------------------------------------------


def numbers(document: Any, path: str = "outcome") -> dict[str, float]:
    """Every float of the results by its path."""
    if isinstance(document, dict):
        parts = [numbers(value, f"{path}.{key}") for key, value in document.items()]
    elif isinstance(document, list):
        parts = [numbers(one, f"{path}[{one['id']}]") for one in document if isinstance(one, dict)]
    else:
        return {path: document} if isinstance(document, float) else {}
    return {key: value for part in parts for key, value in part.items()}


def test_every_number_of_the_results_is_traced(made):
    traced = load(made, "trace.json")["results"]
    assert sorted(numbers(load(made, "results.json")["outcome"]).keys() - traced.keys()) == []


def test_every_number_of_the_ledger_is_that_of_its_quantity(made):
    trace, results = load(made, "trace.json"), load(made, "results.json")
    for name, value in results["outcome"]["ledger"].items():
        (number,) = trace["results"][f"outcome.ledger.{name}"]["quantities"]
        assert trace["quantities"][number]["value"] == value


def test_every_row_that_the_trace_names_holds_what_was_given(made):
    told = [one for one in load(made, "trace.json")["quantities"] if isinstance(one.get("row"), int) and one["given"]]
    assert len(told) > 20
    for one in told:
        with (made / "inputs" / one["file"]).open(encoding="utf-8-sig", newline="") as opened:
            assert one["given"] in list(csv.reader(opened))[one["row"] - 1]


def test_every_factor_that_the_trace_names_stands_in_the_kept_kit(made):
    kept = "\n".join(path.read_text("utf-8-sig") for path in (made / "kit" / "parameters").rglob("*.*"))
    told = {one["factor"].rpartition(".")[2] for one in load(made, "trace.json")["quantities"] if "factor" in one}
    assert [name for name in told if name not in kept] == []


@pytest.mark.parametrize("name", ["trace.json", "results.json"])
def test_what_is_written_of_a_run_names_no_place_in_a_program(made, name):
    assert "mineco." not in (made / name).read_text("utf-8")


def test_a_function_that_moves_inside_the_package_changes_no_line_of_what_is_written(monkeypatch):
    def written() -> tuple[bytes, bytes]:
        evaluation = check(parameters() / "mines" / "tiny-quarry")
        return as_json(trace_document(evaluation)), as_json(results_document(evaluation))

    before = written()
    for function in {one for module in FORMULA_MODULES for one in vars(module).values() if isfunction(one)}:
        monkeypatch.setattr(function, "__module__", "mineco.elsewhere")
    assert written() == before


def test_the_kit_holds_the_templates_of_the_report_and_no_program(made):
    kept = {path.relative_to(made / "kit").as_posix(): path for path in (made / "kit" / "templates").rglob("*.*")}
    assert {"templates/mineco.mplstyle", *(f"templates/report/report.{kind}" for kind in ("html", "css", "typ", "lua")),
            "templates/report/blocks.html", "templates/report/reference.docx"} == kept.keys()
    assert [name for name, path in kept.items() if path.read_bytes() != (templates().parent / name).read_bytes()] == []
    assert list((made / "kit").rglob("*.py")) == []


def test_every_result_of_the_trace_was_made_in_a_cell_that_is_tagged_with_its_step(made):
    tags = {cell["id"]: cell["metadata"].get("tags", []) for cell in load(made, "notebook.ipynb")["cells"]}
    results = load(made, "trace.json")["results"]
    assert [path for path, one in results.items() if f"step-{one['step']}" not in tags[one["cell"]]] == []


def test_offsets_are_traced_to_the_row_that_counts(made):
    # of the quarry's credits the one in row 2 counts, by hand from offsets.csv
    told = load(made, "trace.json")["results"]["outcome.ledger.offsets_t_co2e"]
    assert (told["rows"], told["step"]) == (["offsets.csv:2"], "ledger")


# --- The metadata ---------------------------------------------------------------------------------------------------


def test_the_crate_is_read_by_its_own_library_and_names_every_file(made):
    from rocrate.rocrate import ROCrate

    crate = ROCrate(made)
    named = {entity.id for entity in crate.data_entities if entity.type != "Dataset"}
    assert files_of(made) - named == {NAME, "ro-crate-metadata.json"}
    assert named - files_of(made) == set()
    assert crate.mainEntity.id == "kit/notebooks/carbon-neutral-mine.ipynb"


def test_the_crate_follows_the_workflow_run_profile(made):
    graph = {entity["@id"]: entity for entity in load(made, "ro-crate-metadata.json")["@graph"]}
    assert {"@id": "https://w3id.org/ro/wfrun/workflow/0.5"} in graph["./"]["conformsTo"]
    action = graph[graph["./"]["mentions"]["@id"]]
    assert action["@type"] == "CreateAction"
    assert action["instrument"] == graph["./"]["mainEntity"]
    assert {"@id": "inputs/activity.csv"} in action["object"]
    assert {"@id": "results.json"} in action["result"]
    for one in action["object"]:
        entity = graph[one["@id"]]
        if entity["@type"] == "PropertyValue":
            assert {"@id": entity["exampleOfWork"]["@id"]} in graph["./" and action["instrument"]["@id"]]["input"]


# --- Manifests that were meddled with ---------------------------------------------------------------------------------


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    (folder / "inputs").mkdir(parents=True)
    (folder / "results.json").write_text("{}")
    (folder / "inputs" / "100% 煤.csv").write_text("a")
    write_manifest(folder)
    return folder


def found(folder: Path) -> list[tuple[str, str]]:
    return [(one.message, one.file if one.file != NAME else str(one.value)) for one in check_manifest(folder)]


def test_an_untouched_folder_has_nothing_wrong_whatever_its_files_are_called(sealed):
    assert found(sealed) == []
    assert set(read_manifest(sealed, Problems())) == {"results.json", "inputs/100% 煤.csv"}


def test_a_changed_file_is_named(sealed):
    (sealed / "results.json").write_text("{ }")
    assert found(sealed) == [("manifest_changed", "results.json")]


def test_a_missing_file_is_named(sealed):
    (sealed / "results.json").unlink()
    assert found(sealed) == [("manifest_missing", "results.json")]


@pytest.mark.parametrize("name", ["more.txt", ".hidden", "inputs/more.csv", "new/manifest-sha256.txt"])
def test_an_extra_file_is_named(sealed, name):
    (sealed / name).parent.mkdir(exist_ok=True)
    (sealed / name).write_text("a")
    assert found(sealed) == [("manifest_extra", name)]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")
def test_a_link_is_named_even_where_it_leads_to_the_right_content(sealed, tmp_path):
    shutil.move(sealed / "results.json", tmp_path / "elsewhere.json")
    (sealed / "results.json").symlink_to(tmp_path / "elsewhere.json")
    assert found(sealed) == [("manifest_link", "results.json")]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")
def test_a_linked_folder_and_a_pipe_are_named_and_not_opened(sealed, tmp_path):
    (sealed / "more").symlink_to(tmp_path)
    os.mkfifo(sealed / "pipe")
    assert found(sealed) == [("manifest_link", "more"), ("manifest_not_a_file", "pipe")]


DIGEST = "0" * 64


@pytest.mark.parametrize(("line", "message", "value"), [
    (f"{DIGEST}  ../outside.txt", "manifest_outside", "../outside.txt"),
    (f"{DIGEST}  /etc/passwd", "manifest_outside", "/etc/passwd"),
    (f"{DIGEST}  C:/windows.txt", "manifest_outside", "C:/windows.txt"),
    (f"{DIGEST}  inputs\\..\\x", "manifest_outside", "inputs\\..\\x"),
    (f"{DIGEST}  results.json", "manifest_twice", "results.json"),
    ("results.json", "manifest_line", "results.json"),
    (f"{DIGEST.upper()[:-1]}  a", "manifest_line", f"{DIGEST[:-1]}  a"),
])
def test_a_line_that_does_not_belong_is_named(sealed, line, message, value):
    with (sealed / NAME).open("a", encoding="utf-8") as opened:
        opened.write(f"{line}\n")
    assert found(sealed) == [(message, value)]


def test_without_a_manifest_a_folder_is_no_run(tmp_path):
    with refused_with("not_a_run"):
        check_manifest(tmp_path)
