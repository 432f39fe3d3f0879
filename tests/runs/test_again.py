"""An auditor with the folder of a run alone executes its notebook where it lies: equal or not, and nothing changes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from mineco.core.kit import CHOSEN, parameters
from mineco.evaluation.record.manifest import write_manifest
from tests.helpers.places import ROOT

pytestmark = pytest.mark.slow
QUARRY = "Tiny quarry (tiny-quarry) 2024 · Evaluation of carbon-neutral mines"
EQUAL = "Equal to the results.json of the archive"
GRID = Path("kit", "parameters", "factors", "grid.csv")


@pytest.fixture
def alone(quarry_runs, tmp_path: Path) -> Path:
    """A copy of a run, away from the log that lies beside it."""
    return Path(shutil.copytree(quarry_runs[0], tmp_path / "audited" / quarry_runs[0].name))


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels find the package where it is not installed."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))


def command(*arguments: str | Path, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *map(str, arguments)], cwd=folder, env=os.environ | environment,
                          capture_output=True, encoding="utf-8", timeout=300, check=False)


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def with_papermill(run: Path, out: Path, *options: str) -> Any:
    done = command("papermill", "--no-progress-bar", run / "notebook.ipynb", out, "--cwd", run, *options)
    assert done.returncode == 0, done.stderr
    return nbformat.read(out, 4)


def with_jupyter(run: Path, out: Path) -> Any:
    done = command("jupyter", "execute", run / "notebook.ipynb", f"--output={out}")
    assert done.returncode == 0, done.stderr
    return nbformat.read(out, 4)


def cell_by_cell(run: Path, out: Path) -> Any:
    """As Run All does: a kernel in the folder of the notebook, and nothing saved."""
    read = nbformat.read(run / "notebook.ipynb", 4)
    return nbclient.NotebookClient(read, timeout=300, resources={"metadata": {"path": str(run)}}).execute()


def said(notebook: Any, tag: str) -> str:
    """What the cell with a tag shows as text."""
    (cell,) = [one for one in notebook.cells if tag in one.metadata.get("tags", [])]
    return "\n".join(one.data["text/plain"] for one in cell.outputs if "data" in one)


def test_a_run_executed_where_it_lies_says_that_all_is_equal_and_is_verified_before_and_after(alone, tmp_path):
    before = files(alone)
    assert command("mineco", "verify", alone).returncode == 0
    for execute in (with_papermill, with_jupyter, cell_by_cell):
        made = execute(alone, tmp_path / f"{execute.__name__}.ipynb")
        assert said(made, "setup").startswith(f"Run again in the archived run {alone.name}: ")
        # code, kit and parameters are those of the run: behind the sentence stands the result, and no notice
        assert said(made, "setup").splitlines()[1:] == [f"{QUARRY} · grade C · total score 64.71 · notices 3"]
        assert EQUAL in said(made, "record")
        assert files(alone) == before
    assert command("mineco", "verify", alone).returncode == 0


def test_a_recorded_number_that_was_changed_is_named_although_the_manifest_was_written_anew(alone, tmp_path):
    document = json.loads((alone / "results.json").read_text("utf-8"))
    was = document["outcome"]["score"]["total"]
    document["outcome"]["score"]["total"] = 99.5
    (alone / "results.json").write_text(json.dumps(document), "utf-8")
    write_manifest(alone)
    told = said(with_papermill(alone, tmp_path / "out.ipynb"), "record")
    assert EQUAL not in told
    assert "places that differ: 1," in told
    assert f"outcome.score.total | 99.5 | {was!r} | " in told


@pytest.mark.parametrize("engine", [(), ("--engine", "mineco-fork")], ids=["stock", "fork"])
def test_a_run_with_another_factor_is_equal_with_its_own_kit_and_the_difference_is_told(tmp_path, engine):
    other = shutil.copytree(parameters(), tmp_path / "other", ignore=shutil.ignore_patterns("panels"))
    table = other / "factors" / "grid.csv"
    table.write_bytes(table.read_bytes().replace(b"0.4974", b"0.2974"))  # Zhejiang
    done = command("mineco", "run", parameters() / "mines" / "tiny-quarry", "--formats", "html", "--lang", "en",
                   "--out", tmp_path / "runs", **{CHOSEN: str(other)})
    assert done.returncode == 0, done.stderr
    (run,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
    assert b"0.2974" in (run / GRID).read_bytes()
    made = with_papermill(run, tmp_path / "out.ipynb", *engine)
    assert "1 differ: parameters/factors/grid.csv" in said(made, "setup")
    assert EQUAL in said(made, "record")
    assert f"{640 * 0.2974:.1f}" in "".join(one.data["text/plain"] for cell in made.cells if cell.cell_type == "code"
                                           for one in cell.outputs if "data" in one)


def test_the_bare_notebook_of_its_kit_writes_nothing_into_it_wherever_the_results_should_go(alone, tmp_path):
    before, source = files(alone), alone / "kit" / "notebooks" / "carbon-neutral-mine.ipynb"
    done = command("papermill", "--no-progress-bar", source, tmp_path / "out.ipynb", "--cwd", source.parent,
                   "-p", "dossier", "../../inputs", "-p", "results", "../../results.json")
    assert done.returncode == 0, done.stderr
    assert EQUAL in said(nbformat.read(tmp_path / "out.ipynb", 4), "record")
    assert files(alone) == before


def test_a_notebook_whose_working_folder_is_no_run_folder_says_what_to_write(alone, tmp_path):
    done = command("papermill", "--no-progress-bar", alone / "notebook.ipynb", "out.ipynb", folder=tmp_path)
    assert done.returncode != 0
    assert "papermill RUN/notebook.ipynb OUT.ipynb --cwd RUN" in done.stderr


def test_the_command_that_a_run_keeps_still_makes_a_new_folder_in_it(alone):
    kept = json.loads((alone / "environment.json").read_text("utf-8"))["command"]
    done = command(*kept.split(), folder=alone)
    assert done.returncode == 0, done.stderr
    (made,) = (path for path in (alone / "runs").iterdir() if path.is_dir())
    assert (made / "results.json").read_bytes() == (alone / "results.json").read_bytes()
