"""The measurements call what the package has: also where a name stands in a text that another process runs."""

import ast
import importlib
import importlib.util
import re

import numpy as np
import pytest
from pyarrow import parquet

from benchmarks import app, archive, synthetic
from mineco.core.kit import parameters
from mineco.core.workers import open_workers
from mineco.evaluation.portfolio.table import open_table
from mineco.runs.batch.batch import Batch
from mineco.runs.batch.table import TableBatch
from tests.helpers.places import ROOT

SOURCES = sorted((ROOT / "benchmarks").glob("*.py"))


def programs(source: str) -> list[ast.Module]:
    """The file itself, and every text in it that imports something of the package."""
    tree = ast.parse(source)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [tree, *(ast.parse(re.sub(r"\{\w+!r\}", "''", text)) for text in texts if "\nfrom mineco" in text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_name_that_a_measurement_imports_is_there(path):
    for program in programs(path.read_text("utf-8")):
        for node in ast.walk(program):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mineco"):
                module = importlib.import_module(node.module)
                assert [one.name for one in node.names if not hasattr(module, one.name)
                        and importlib.util.find_spec(f"{node.module}.{one.name}") is None] == []


def test_every_part_of_a_run_that_is_timed_is_one():
    assert [call for module, call in archive.PARTS.values() if not callable(getattr(module, call, None))] == []


def test_a_measurement_without_the_extra_it_needs_says_so_and_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    assert list(app.rows()) == []
    assert app.in_browser(LIKES[0]) == []
    assert capsys.readouterr().out.splitlines() == [
        "what-if page: not measured, since there is no ipywidgets (extras app and dev)",
        "what-if page: not measured in a browser, since there is no voila, playwright, pytest (extras app and dev)"]


def test_every_measurement_of_rows_is_in_the_one_command_or_is_called_by_itself():
    main = (ROOT / "benchmarks" / "__main__.py").read_text("utf-8")
    # of hours, of a million rows, no measurement, and of packages that another environment has
    alone = {"forecast", "scale", "synthetic", "processes"}
    measured = {path.stem for path in SOURCES if "\ndef rows(" in path.read_text("utf-8")}
    assert {name for name in measured - alone if f"*{name}.rows(" not in main} == set()


# --- mines that nobody has ------------------------------------------------------------------------------------------

LIKES = [parameters() / "mines" / name for name in ("changcun-coal", "tiny-quarry", "example-copper")]


def test_the_same_seed_draws_the_same_mines_however_many_follow():
    few, many = (next(synthetic.Drawn(LIKES[0], 7).parts(count)) for count in (50, 200))
    assert few.equals(many.slice(0, 50))
    assert not few.equals(next(synthetic.Drawn(LIKES[0], 8).parts(50)))


def test_mines_are_drawn_by_the_laws_that_are_stated():
    found = synthetic.Drawn(LIKES[1], 1).part(0, synthetic.PART)
    sizes = np.log(found["metrics:production [t]"].to_numpy() / 300_000)
    # of 20,000 draws the mean has a deviation of 0.9 / 141 = 0.0064, the deviation one of 0.0045
    assert abs(sizes.mean()) < 0.03
    assert abs(sizes.std() - 0.9) < 0.02
    power = np.log(found["activity:electricity/purchased [MWh]"].to_numpy() / 640) - sizes
    assert abs(power.std() - 0.3) < 0.01
    grown = found["metrics:production [t]"].to_numpy() / found["metrics:production@2023 [t]"].to_numpy() * 296 / 300
    assert abs(grown.mean() - 1.01) < 0.002
    levels = found["ratings:M1.1/A/level"].to_numpy()
    assert abs((levels == 50).mean() - 0.35) < 0.02


def test_parts_are_below_their_wholes():
    found = synthetic.Drawn(LIKES[0], 1).part(0, synthetic.PART)
    for part, whole in (("solid_waste_used", "solid_waste_generated"), ("green_area", "greenable_area"),
                        ("quality_met_area", "reclaimed_area"), ("mine_water_used", "mine_water_generated")):
        (unit,) = {name.rpartition(" ")[2] for name in found.column_names if name.startswith(f"metrics:{part} ")}
        assert (found[f"metrics:{part} {unit}"].to_numpy() < found[f"metrics:{whole} {unit}"].to_numpy()).all()


@pytest.mark.slow
@pytest.mark.parametrize("like", LIKES, ids=lambda path: path.name)
def test_every_drawn_mine_is_graded(tmp_path, like):
    synthetic.write(like, tmp_path / "mines.parquet", 300)
    assert parquet.read_metadata(tmp_path / "mines.parquet").num_rows == 300
    workers = open_workers(1, None)
    try:
        TableBatch(Batch(tmp_path / "out", workers), tmp_path / "mines.parquet", like).evaluate()
    finally:
        workers.close()
    table = open_table(tmp_path / "out")
    assert table.counts(["status"]) == {("complete",): 300}
    assert len(table.counts(["grade_by_score"])) > 1
    assert table.caveats("en")
